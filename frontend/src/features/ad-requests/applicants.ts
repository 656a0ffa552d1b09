import type { Money } from '@/api/types'
import type { Applicant } from './composables/useApplicants'

/** How many stand side by side at most. */
export const MOST_COMPARED = 4

/** Only an offer that waits for the sponsor, made under the present brief, can be accepted by the sponsor. */
export const acceptable = (one: Applicant): boolean => one.waits_for === 'sponsor' && one.offer.by !== 'sponsor' && !one.terms_changed

/** What accepting one has held: the fee and the most that commission can come to. */
export function heldBy(one: Applicant): Money {
  const { fee, commission } = one.offer
  return { amount: fee.amount + (commission?.cap.amount ?? 0), currency: fee.currency }
}

/** What accepting all of them has held; null when there is none. */
export function heldByAll(applicants: readonly Applicant[]): Money | null {
  const [first] = applicants
  return first ? { amount: applicants.reduce((sum, one) => sum + heldBy(one).amount, 0), currency: first.offer.fee.currency } : null
}
