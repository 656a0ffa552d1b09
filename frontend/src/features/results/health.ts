import type { LinksHealth } from '@/api/generated'

/** Clicks are counted each quarter of a minute; so long behind, nobody counts. */
const STUCK_MS = 5 * 60_000

export interface HealthLine {
  name: 'broken_links' | 'blocked_links' | 'unverified_domains' | 'lost_domains' | 'lapsed_domains' | 'gateway_events' | 'clicks'
  n: number
  ok: boolean
  to?: { path: string; query?: Record<string, string> }
}

/** How long the oldest click that is not counted waits, in ms; 0 where none waits. */
export const lagOf = ({ oldest_click }: Pick<LinksHealth, 'oldest_click'>, now: Date) => (oldest_click === null ? 0 : Math.max(0, now.getTime() - Date.parse(oldest_click)))

/** Each thing that may be wrong with links, domains and shops. What a sponsor has yet to do is no fault. */
export function healthLines(health: LinksHealth, now: Date): HealthLine[] {
  return [
    { name: 'clicks', n: health.waiting_bytes, ok: lagOf(health, now) < STUCK_MS },
    { name: 'broken_links', n: health.broken_links, ok: health.broken_links === 0, to: { path: '/admin/links', query: { broken: 'true' } } },
    { name: 'blocked_links', n: health.blocked_links, ok: true, to: { path: '/admin/links', query: { blocked: 'true' } } },
    { name: 'unverified_domains', n: health.unverified_domains, ok: true },
    { name: 'lost_domains', n: health.lost_domains, ok: health.lost_domains === 0 },
    { name: 'lapsed_domains', n: health.lapsed_domains, ok: health.lapsed_domains === 0 },
    { name: 'gateway_events', n: health.gateway_events, ok: health.gateway_events === 0, to: { path: '/admin/gateway-events' } },
  ]
}
