import { Problem } from './problem'
import type { CreateClientConfig } from './generated/client.gen'

const UNSAFE = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])
const REFRESH = '/api/v1/auth/refresh'
const LOGOUT = '/api/v1/auth/logout'
/** These answer 401 about what was typed, not about the session. */
const NO_REFRESH = ['/api/v1/auth/login', REFRESH, LOGOUT, '/api/v1/auth/register']
/** The access half may have ended; these are proved by the half that lives longer. */
const BY_REFRESH = [REFRESH, LOGOUT]
const TIMEOUT_MS = 30_000

function cookie(name: string): string | null {
  for (const part of document.cookie.split('; ')) {
    const at = part.indexOf('=')
    const key = part.slice(0, at)
    if (key === name || key === `__Host-${name}`) return decodeURIComponent(part.slice(at + 1))
  }
  return null
}

/** A session can only be renewed if the browser holds its refresh half. */
export function hasSessionCookie(): boolean {
  return cookie('csrf_access_token') !== null || cookie('csrf_refresh_token') !== null
}

const endListeners = new Set<() => void>()
/** Hear that the session ended on the server's side (expired, signed out elsewhere). */
export function onSessionEnd(listener: () => void): () => void {
  endListeners.add(listener)
  return () => endListeners.delete(listener)
}

/** Refusals that say how the account stands now; an open page may not know yet. */
const STANDING = ['account-suspended', 'account-pending']
const standingListeners = new Set<() => void>()
/** Hear that a deed was refused because the account is suspended or not approved. */
export function onStandingRefused(listener: () => void): () => void {
  standingListeners.add(listener)
  return () => standingListeners.delete(listener)
}

let refreshing: Promise<boolean> | null = null

/** Many requests may meet the end of the access token at once; one refresh serves them all. */
function refreshOnce(): Promise<boolean> {
  refreshing ??= send(new Request(new URL(REFRESH, location.origin), { method: 'POST', credentials: 'same-origin' }))
    .then(async (answer) => {
      if (answer.ok) return true
      // A server in trouble has not ended the session.
      if (answer.status === 429 || answer.status >= 500) throw await Problem.from(answer)
      return false
    })
    .finally(() => { refreshing = null })
  return refreshing
}

/** A fresh copy with this moment's CSRF token: a refresh changes it. */
function send(request: Request): Promise<Response> {
  const copy = request.clone()
  if (UNSAFE.has(copy.method)) {
    const path = new URL(copy.url).pathname
    const token = cookie(BY_REFRESH.includes(path) ? 'csrf_refresh_token' : 'csrf_access_token')
    if (token) copy.headers.set('X-CSRF-TOKEN', token)
  }
  return fetch(copy)
}

/** An answer is there whole in time; a file has begun in time, and then takes as long as it takes. */
function patienceFor(url: string) {
  if (!new URL(url).pathname.endsWith('.csv')) return { signal: AbortSignal.timeout(TIMEOUT_MS), answered: () => undefined }
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(new DOMException('The file did not begin in time.', 'TimeoutError')), TIMEOUT_MS)
  return { signal: controller.signal, answered: () => clearTimeout(timer) }
}

/** The one way out to the API: cookies, CSRF, idempotency, one silent refresh, problems as errors. */
export async function accordFetch(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
  const target = input instanceof Request ? input : new URL(String(input), location.origin)
  const caller = init.signal ?? (input instanceof Request ? input.signal : null)
  const patience = patienceFor(String(target instanceof Request ? target.url : target))
  const signal = caller ? AbortSignal.any([caller, patience.signal]) : patience.signal
  const request = new Request(target, { credentials: 'same-origin', ...init, signal })
  if (!request.headers.has('Accept')) request.headers.set('Accept', 'application/json')
  if (request.method === 'POST' && !request.headers.has('Idempotency-Key')) {
    request.headers.set('Idempotency-Key', crypto.randomUUID())
  }
  const path = new URL(request.url).pathname
  let response: Response
  try {
    response = await send(request)
    if (response.status === 401 && !NO_REFRESH.includes(path) && cookie('csrf_refresh_token') !== null) {
      if (await refreshOnce()) response = await send(request)
      else endListeners.forEach((listener) => listener())
    }
  } catch (cause) {
    if (caller?.aborted) throw cause
    throw cause instanceof Problem ? cause : Problem.unreachable(cause)
  }
  patience.answered()
  if (!response.ok) {
    const problem = await Problem.from(response)
    if (STANDING.includes(problem.code)) standingListeners.forEach((listener) => listener())
    throw problem
  }
  return response
}

/** Settings of the generated client; it finds this file by `runtimeConfigPath`. */
export const createClientConfig: CreateClientConfig = (config) => ({
  ...config,
  baseUrl: '',
  fetch: accordFetch as typeof fetch,
  throwOnError: true,
})

export type QueryValue = string | number | boolean | null | undefined | readonly (string | number)[]
export interface CallOptions {
  query?: Record<string, QueryValue>
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
}

export function withQuery(path: string, query: Record<string, QueryValue> = {}): string {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) {
    if (value == null || value === '') continue
    for (const one of Array.isArray(value) ? value : [value]) search.append(key, String(one))
  }
  const text = search.toString()
  return text ? `${path}?${text}` : path
}

async function call<T>(method: string, path: string, { query, body, headers, signal }: CallOptions = {}): Promise<T> {
  const isForm = body instanceof FormData
  const response = await accordFetch(withQuery(path, query), {
    method,
    signal,
    headers: body === undefined || isForm ? headers : { 'Content-Type': 'application/json', ...headers },
    body: body === undefined ? undefined : isForm ? body : JSON.stringify(body),
  })
  if (response.status === 204) return undefined as T
  return (await response.json()) as T
}

/** For what the generated client does not cover; paths start with /api/v1. */
export const api = {
  get: <T>(path: string, options?: CallOptions) => call<T>('GET', path, options),
  post: <T>(path: string, body?: unknown, options?: CallOptions) => call<T>('POST', path, { ...options, body }),
  put: <T>(path: string, body?: unknown, options?: CallOptions) => call<T>('PUT', path, { ...options, body }),
  patch: <T>(path: string, body?: unknown, options?: CallOptions) => call<T>('PATCH', path, { ...options, body }),
  delete: <T>(path: string, options?: CallOptions) => call<T>('DELETE', path, options),
}
