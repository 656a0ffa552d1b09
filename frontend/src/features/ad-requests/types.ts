import type { AdRequestRead, AdRequestSummary, DeliverableRead, MessageRead, OfferDiff, OfferRead } from '@/api/generated'

export type AdRequest = AdRequestRead
export type Deliverable = DeliverableRead
export type Offer = OfferRead
export type Message = MessageRead
export type { AdRequestSummary, OfferDiff }

/** The side from which a page looks at an agreement. */
export type Side = 'sponsor' | 'influencer' | 'admin'

/** What one may do with an agreement as a whole, beside writing and rating. */
export const answers = ['accept', 'counter', 'reject', 'withdraw', 'extend'] as const
export type Answer = (typeof answers)[number]

/** What one may do with a deliverable. */
export type Step = 'submit' | 'publish' | 'approve' | 'request_changes' | 'confirm' | 'extend' | 'cancel' | 'dispute' | 'answer'

/** The terms of an offer as a form holds them. */
export interface OfferDraft {
  fee: number | null
  rate: number | null
  cap: number | null
  deliverables: { title: string; share: number | null; due_on: string | null; publish_by: string | null }[]
  usage_rights: string
  exclusivity: string
  message: string
}
