/** A refused or failed request, as the server words it (RFC 9457). Every page shows errors through this class. */
export interface ProblemBody {
  type?: string
  title?: string
  status?: number
  detail?: string
  errors?: unknown
  request_id?: string | null
  [extra: string]: unknown
}

export class Problem extends Error {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  /** Message by field path: `email`, `offer.fee`, `deliverables.0.title`. */
  readonly errors: Record<string, string>
  readonly requestId: string | null
  readonly retryAfter: number | null
  /** Further members, e.g. the current state of a refused transition. */
  readonly extra: Record<string, unknown>

  constructor(body: ProblemBody, meta: { status: number; requestId?: string | null; retryAfter?: number | null }) {
    const { type, title, status: _status, detail, errors, request_id: requestId, ...extra } = body
    super(detail || title || `HTTP ${meta.status}`)
    this.name = 'Problem'
    this.type = type ?? 'about:blank'
    this.title = title ?? ''
    this.status = meta.status
    this.detail = detail ?? ''
    this.errors = flattenErrors(errors)
    this.requestId = meta.requestId ?? requestId ?? null
    this.retryAfter = meta.retryAfter ?? null
    this.extra = extra
  }

  /** The last part of `type`: `insufficient-funds`, `stale-offer`, `otp-required`… */
  get code(): string {
    if (this.type === 'about:blank' || this.type === '') return `http-${this.status}`
    return this.type.replace(/\/+$/, '').split(/[/:#]/).pop() ?? this.type
  }

  is(code: string): boolean {
    return this.code === code
  }

  static async from(response: Response): Promise<Problem> {
    const requestId = response.headers.get('X-Request-Id')
    const after = Number.parseInt(response.headers.get('Retry-After') ?? '', 10)
    const meta = { status: response.status, requestId, retryAfter: Number.isNaN(after) ? null : after }
    const kind = response.headers.get('Content-Type') ?? ''
    if (!/[/+]json/.test(kind)) return new Problem({ title: response.statusText }, meta)
    try {
      return new Problem((await response.json()) as ProblemBody, meta)
    } catch {
      return new Problem({ title: response.statusText }, meta)
    }
  }

  /** The request never reached the server, or no answer came back. */
  static unreachable(cause: unknown): Problem {
    const timedOut = cause instanceof DOMException && cause.name === 'TimeoutError'
    return new Problem({ type: timedOut ? 'timeout' : 'unreachable' }, { status: 0 })
  }

  static of(error: unknown): Problem {
    return error instanceof Problem ? error : new Problem({ type: 'unexpected', detail: String(error) }, { status: 0 })
  }
}

const LOCATIONS = new Set(['json', 'query', 'form', 'files', 'headers', '_schema'])

/** The server answers `{"offer.fee": ["…"]}`; nested objects and lists of `{field, message}` are read as well. */
export function flattenErrors(errors: unknown, path: string[] = []): Record<string, string> {
  if (errors == null) return {}
  if (typeof errors === 'string') return { [path.join('.')]: errors }
  if (Array.isArray(errors)) {
    if (errors.every((one) => typeof one === 'string')) return errors.length ? { [path.join('.')]: errors.join(' ') } : {}
    return Object.assign({}, ...errors.map((one) => flattenListed(one, path)))
  }
  if (typeof errors !== 'object') return {}
  return Object.assign(
    {},
    ...Object.entries(errors).map(([key, value]) =>
      flattenErrors(value, path.length === 0 && LOCATIONS.has(key) ? path : key === '_schema' ? path : [...path, key]),
    ),
  )
}

/** `[{field, message}]`, the other usual shape. */
function flattenListed(one: unknown, path: string[]): Record<string, string> {
  if (one && typeof one === 'object') {
    const { field, pointer, message, detail } = one as Record<string, string | undefined>
    const where = field ?? pointer?.replace(/^#?\//, '').replaceAll('/', '.')
    const text = message ?? detail
    if (where !== undefined && text !== undefined) return { [[...path, where].join('.')]: text }
  }
  return flattenErrors(one, path)
}
