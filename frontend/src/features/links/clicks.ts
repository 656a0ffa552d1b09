import type { LinkClicks } from '@/api/generated'

export type Reason = LinkClicks['reasons'][number]['reason']

/** Why a click is not counted, in the order in which it is left out. */
const OTHERS: readonly Reason[] = ['duplicate', 'bot', 'prefetch', 'head', 'own_team', 'expired', 'over_limit']
/** The same colour for the same reason everywhere: the counted in the accent, what is most often left out in greys. */
export const COLORS: Record<Reason, string> = { counted: 'c1', duplicate: 'c-neu', bot: 'c-nc', prefetch: 'c4', head: 'c5', own_team: 'c3', expired: 'c6', over_limit: 'c2' }

export interface ReasonLine { reason: Reason; clicks: number; color: string; share: number | null }

/** The counted clicks first, then every other reason that occurred: together they are all requests. */
export function linesOf({ raw, reasons }: Pick<LinkClicks, 'raw' | 'reasons'>): ReasonLine[] {
  const count = (reason: Reason) => reasons.find((one) => one.reason === reason)?.clicks ?? 0
  const line = (reason: Reason): ReasonLine => ({ reason, clicks: count(reason), color: COLORS[reason], share: raw ? count(reason) / raw : null })
  return [line('counted'), ...OTHERS.map(line).filter((one) => one.clicks > 0)]
}

/** What is added on the way, with its value as it stands in the address. */
export function addedTo({ url, added }: { url: string; added: readonly string[] }): { name: string; value: string }[] {
  const query = new URL(url).searchParams
  return added.map((name) => ({ name, value: query.get(name) ?? '' }))
}

/** An address without its scheme, for narrow places. */
export const short = (url: string) => url.replace(/^https?:\/\//, '').replace(/\/$/, '')
