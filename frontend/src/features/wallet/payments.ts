import type { PaymentRead } from '@/api/generated'

export const kinds = ['deposit', 'hold', 'release', 'commission', 'refund', 'fee', 'clawback', 'wallet_return'] as const
export const statuses = ['pending', 'held', 'settled', 'failed'] as const

/**
 * How a payment moves what may be committed: a deposit or refund adds to it, a hold takes from it. Releases, commissions and fees
 * go out of what is held already, so they leave it as it is; so does what has not happened yet.
 */
export function directionOf({ kind, status }: Pick<PaymentRead, 'kind' | 'status'>): 'in' | 'out' | 'within' {
  if (status === 'failed' || status === 'pending') return 'within'
  if (kind === 'deposit' || kind === 'refund' || kind === 'clawback') return 'in'
  return kind === 'hold' || kind === 'withdrawal' || kind === 'wallet_return' ? 'out' : 'within'
}
