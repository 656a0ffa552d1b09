/** The only place where query keys are made, so that a mutation can name exactly what it makes stale. */
export type Domain =
  | 'me' | 'home' | 'users' | 'sponsors' | 'team' | 'influencers' | 'campaigns' | 'ad-requests' | 'applications'
  | 'opportunities' | 'messages' | 'notifications' | 'wallet' | 'earnings' | 'withdrawals' | 'deposits' | 'ledger'
  | 'payouts' | 'gateway-events' | 'links' | 'orders' | 'reports' | 'dashboards' | 'scores' | 'scoring' | 'listening' | 'brands' | 'posts'
  | 'communities' | 'missions' | 'flags' | 'appeals' | 'disputes' | 'jobs' | 'audit' | 'settings' | 'summary' | 'files'
  | 'calendar' | 'saved-views' | 'ratings' | 'api-keys' | 'sessions' | 'webhooks' | 'discovery' | 'line-ups' | 'public' | 'search'

type Params = Record<string, unknown>

export const keys = {
  /** Everything of a domain: for invalidation. */
  all: (domain: Domain) => [domain] as const,
  lists: (domain: Domain) => [domain, 'list'] as const,
  list: (domain: Domain, filters: Params = {}) => [domain, 'list', filters] as const,
  detail: (domain: Domain, id: string) => [domain, 'detail', id] as const,
  /** A part of one thing: `keys.part('campaigns', id, 'report', { by: 'phase' })`. */
  part: (domain: Domain, id: string, part: string, params: Params = {}) => [domain, 'detail', id, part, params] as const,
  /** A figure or count of a domain that belongs to no single thing. */
  summary: (domain: Domain, params: Params = {}) => [domain, 'summary', params] as const,
}
