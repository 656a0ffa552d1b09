import type { WithdrawalRead } from '@/api/generated'

const ways = { sandbox: 'sandbox', manual: 'bank', bank: 'bank', stripe: 'stripe' } as const
type Way = 'sandbox' | 'bank' | 'stripe' | 'unknown'

/** How money travels: a gateway, or the method of payout details that leads to it. */
export const arrivalOf = (of: string | null | undefined): Way => ways[of as keyof typeof ways] ?? 'unknown'

/** What became of a withdrawal that was asked for: which words say it, and from when it may be sent. */
export function saidOf({ status, gateway, send_after: after }: Pick<WithdrawalRead, 'status' | 'gateway' | 'send_after'>, now: Date): { word: string; at: string | null } {
  const at = after !== null && new Date(after) > now ? after : null
  if (status === 'awaiting_approval') return { word: at ? 'awaiting_approval_held' : 'awaiting_approval', at }
  if (status === 'paid') return { word: 'paid', at: null }
  // An answer that came late tells of one that was cancelled or failed meanwhile.
  if (status === 'failed' || status === 'refused' || status === 'cancelled') return { word: 'ended', at: null }
  return status === 'queued' && at ? { word: 'queued_held', at } : { word: arrivalOf(gateway), at: null }
}

/** When it took its last step. */
export const movedAt = ({ steps, created_at: asked }: Pick<WithdrawalRead, 'steps' | 'created_at'>): string => steps.flatMap((step) => step.at ?? []).reduce((last, at) => (Date.parse(at) > Date.parse(last) ? at : last), asked)
