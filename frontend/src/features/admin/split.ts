import type { Money } from '@/api/types'

/** The influencer's part of a disputed amount, rounded half up to a minor unit; the sponsor gets the rest, so that both add up. */
export function splitOf(amount: Money, percent: number): { influencer: Money; sponsor: Money } {
  const part = Math.floor((amount.amount * percent) / 100 + 0.5)
  return { influencer: { ...amount, amount: part }, sponsor: { ...amount, amount: amount.amount - part } }
}
