import { beforeEach, describe, expect, it, vi } from 'vitest'
import { accordFetch, api, onSessionEnd, onStandingRefused, withQuery } from './client'
import { flattenErrors, Problem } from './problem'

type Handler = (request: Request) => Response | Promise<Response>
const calls: Request[] = []
function serve(handler: Handler) {
  calls.length = 0
  vi.stubGlobal('fetch', async (request: Request) => { calls.push(request); return handler(request) })
}
const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json', ...headers } })
const path = (request: Request) => new URL(request.url).pathname
const setCookie = (name: string, value: string) => { document.cookie = `${name}=${value}; path=/` }
const dropCookie = (name: string) => { document.cookie = `${name}=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT` }

beforeEach(() => {
  dropCookie('csrf_access_token')
  dropCookie('csrf_refresh_token')
  vi.unstubAllGlobals()
})

describe('requests', () => {
  it('carry the CSRF token on unsafe methods only', async () => {
    setCookie('csrf_access_token', 'abc')
    serve(() => json({}))
    await api.get('/api/v1/me')
    await api.patch('/api/v1/me', { name: 'x' })
    expect(calls.map((one) => one.headers.get('X-CSRF-TOKEN'))).toEqual([null, 'abc'])
  })

  it('carry an idempotency key on POST, the caller’s own if given', async () => {
    serve(() => json({}))
    await api.post('/api/v1/x', {})
    await api.post('/api/v1/x', {}, { headers: { 'Idempotency-Key': 'mine' } })
    await api.get('/api/v1/x')
    expect(calls[0]!.headers.get('Idempotency-Key')).toMatch(/^[0-9a-f-]{36}$/)
    expect(calls[1]!.headers.get('Idempotency-Key')).toBe('mine')
    expect(calls[2]!.headers.get('Idempotency-Key')).toBeNull()
  })

  it('leave out empty filters and repeat lists', () => {
    expect(withQuery('/x', { q: '', a: null, status: ['open', 'closed'], n: 0 })).toBe('/x?status=open&status=closed&n=0')
  })
})

describe('the end of the access token', () => {
  it('is met by one refresh for many requests, each repeated once with the new token and the same key', async () => {
    setCookie('csrf_access_token', 'old')
    setCookie('csrf_refresh_token', 'r1')
    let fresh = false
    serve(async (request) => {
      if (path(request).endsWith('/auth/refresh')) {
        await new Promise((done) => setTimeout(done, 5))
        fresh = true
        setCookie('csrf_access_token', 'new')
        return json({})
      }
      return fresh ? json({ ok: true }) : json({ type: 'not-signed-in' }, 401)
    })
    const answers = await Promise.all([api.get('/api/v1/a'), api.get('/api/v1/b'), api.post('/api/v1/c', { n: 1 })])
    expect(answers).toEqual([{ ok: true }, { ok: true }, { ok: true }])
    const refreshes = calls.filter((one) => path(one).endsWith('/auth/refresh'))
    expect(refreshes).toHaveLength(1)
    expect(refreshes[0]!.headers.get('X-CSRF-TOKEN')).toBe('r1')
    const posts = calls.filter((one) => path(one) === '/api/v1/c')
    expect(posts.map((one) => one.headers.get('X-CSRF-TOKEN'))).toEqual(['old', 'new'])
    expect(posts[0]!.headers.get('Idempotency-Key')).toBe(posts[1]!.headers.get('Idempotency-Key'))
    expect(await posts[1]!.json()).toEqual({ n: 1 })
  })

  it('tells the page when the session is over, and repeats nothing', async () => {
    setCookie('csrf_refresh_token', 'r1')
    serve(() => json({ type: 'not-signed-in', title: 'Sign in' }, 401))
    const ended = vi.fn()
    const stop = onSessionEnd(ended)
    await expect(api.get('/api/v1/a')).rejects.toMatchObject({ status: 401, code: 'not-signed-in' })
    stop()
    expect(ended).toHaveBeenCalledOnce()
    expect(calls).toHaveLength(2)
  })

  it('tells the page when a deed was refused because of how the account stands', async () => {
    serve((request) => json({ type: request.method === 'POST' ? 'account-suspended' : 'forbidden', title: 'x' }, 403))
    const refused = vi.fn()
    const stop = onStandingRefused(refused)
    await expect(api.get('/api/v1/a')).rejects.toMatchObject({ code: 'forbidden' })
    expect(refused).not.toHaveBeenCalled()
    await expect(api.post('/api/v1/a', {})).rejects.toMatchObject({ code: 'account-suspended' })
    stop()
    expect(refused).toHaveBeenCalledOnce()
  })

  it('is not declared when the server is only in trouble', async () => {
    setCookie('csrf_refresh_token', 'r1')
    serve((request) => (path(request).endsWith('/auth/refresh') ? json({}, 503) : json({}, 401)))
    const ended = vi.fn()
    const stop = onSessionEnd(ended)
    await expect(api.get('/api/v1/a')).rejects.toMatchObject({ status: 503 })
    stop()
    expect(ended).not.toHaveBeenCalled()
  })

  it('is not tried for an anonymous visitor, nor for a wrong password', async () => {
    serve(() => json({ type: 'wrong-credentials' }, 401))
    await expect(api.get('/api/v1/a')).rejects.toBeInstanceOf(Problem)
    expect(calls).toHaveLength(1)
    setCookie('csrf_refresh_token', 'r1')
    await expect(api.post('/api/v1/auth/login', {})).rejects.toMatchObject({ code: 'wrong-credentials' })
    expect(calls).toHaveLength(2)
  })
})

describe('problems', () => {
  it('keep what the server said', async () => {
    serve(() => json({ type: 'over-budget', title: 'Over the free budget', detail: 'By €880.00.', free: 12 }, 409, { 'X-Request-Id': 'req_1', 'Retry-After': '3' }))
    const problem = await api.get('/api/v1/a').catch((error: unknown) => error as Problem)
    expect(problem).toMatchObject({ status: 409, code: 'over-budget', detail: 'By €880.00.', requestId: 'req_1', retryAfter: 3, extra: { free: 12 } })
  })

  it('read field errors in every usual shape', () => {
    expect(flattenErrors({ 'offer.fee': ['Too high.', 'Odd.'] })).toEqual({ 'offer.fee': 'Too high. Odd.' })
    expect(flattenErrors({ json: { email: ['No address.'], deliverables: { 0: { title: ['Missing.'] } } } })).toEqual({ email: 'No address.', 'deliverables.0.title': 'Missing.' })
    expect(flattenErrors([{ field: 'email', message: 'No address.' }])).toEqual({ email: 'No address.' })
    expect(flattenErrors({ dates: { _schema: ['Ends before it starts.'] } })).toEqual({ dates: 'Ends before it starts.' })
    expect(flattenErrors(undefined)).toEqual({})
  })

  it('survive an answer that is no JSON', async () => {
    serve(() => new Response('<html>', { status: 502, statusText: 'Bad Gateway', headers: { 'Content-Type': 'text/html' } }))
    await expect(accordFetch('/api/v1/a')).rejects.toMatchObject({ status: 502, code: 'http-502' })
  })

  it('tell a lost connection from a refusal', async () => {
    serve(() => { throw new TypeError('Failed to fetch') })
    await expect(accordFetch('/api/v1/a')).rejects.toMatchObject({ status: 0, code: 'unreachable' })
  })

  it('leave a cancelled request a cancelled request', async () => {
    const stop = new AbortController()
    serve(() => { stop.abort(); throw new DOMException('stopped', 'AbortError') })
    await expect(accordFetch('/api/v1/a', { signal: stop.signal })).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('wait for the first byte of a file, and then as long as it takes', async () => {
    vi.useFakeTimers()
    serve((request) => new Promise((resolve, reject) => {
      request.signal.addEventListener('abort', () => reject(request.signal.reason))
      if (path(request).includes('slow')) return
      setTimeout(() => resolve(new Response('a')), 20_000)
    }))
    const slow = expect(accordFetch('/api/v1/slow.csv')).rejects.toMatchObject({ code: 'timeout' })
    const begun = accordFetch('/api/v1/users.csv')
    await vi.advanceTimersByTimeAsync(31_000)
    await slow
    await begun
    await vi.advanceTimersByTimeAsync(60_000)
    expect(calls.map((one) => one.signal.aborted)).toEqual([true, false])
    vi.useRealTimers()
  })
})
