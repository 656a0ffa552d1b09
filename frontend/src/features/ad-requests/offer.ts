import type { OfferInput } from '@/api/generated'
import { Problem } from '@/api/problem'
import type { Money } from '@/api/types'
import { z } from '@/forms/zod'
import type { Offer, OfferDraft } from './types'

const day = z.string().nullable()

/** The same bounds as the server's, so that most mistakes are met before sending. */
export const offerSchema = z
  .object({
    fee: z.number('ad_requests.errors.fee').int().min(1, 'ad_requests.errors.fee').max(1e12, 'ad_requests.errors.fee'),
    rate: z.number().min(0.01, 'ad_requests.errors.rate').max(100, 'ad_requests.errors.rate').nullable(),
    cap: z.number().int().min(1, 'ad_requests.errors.cap').nullable(),
    deliverables: z
      .array(
        z.object({
          title: z.string().trim().min(1, 'ad_requests.errors.deliverable').max(160, 'ad_requests.errors.deliverable'),
          share: z.number('ad_requests.errors.share').int().min(1, 'ad_requests.errors.share').max(100, 'ad_requests.errors.share'),
          due_on: day,
          publish_by: day,
        }),
      )
      .min(1)
      .max(20),
    usage_rights: z.string().max(2000),
    exclusivity: z.string().max(2000),
    message: z.string().max(4000, 'ad_requests.errors.message'),
  })
  .refine((offer) => offer.deliverables.reduce((sum, one) => sum + one.share, 0) === 100, {
    path: ['deliverables'],
    message: 'ad_requests.errors.shares',
  })
  .refine((offer) => (offer.rate === null) === (offer.cap === null), { path: ['cap'], message: 'ad_requests.errors.commission' })

export type CheckedOffer = z.output<typeof offerSchema>

/** What the API takes. */
export function toInput(offer: CheckedOffer, currency: string): OfferInput {
  return {
    fee: { amount: offer.fee, currency },
    commission: offer.rate !== null && offer.cap !== null ? { rate: offer.rate, cap: { amount: offer.cap, currency } } : null,
    deliverables: offer.deliverables.map((one) => ({ title: one.title, share: one.share, due_on: one.due_on, publish_by: one.publish_by })),
    usage_rights: offer.usage_rights,
    exclusivity: offer.exclusivity,
    message: offer.message,
  }
}

/** A form that starts from an offer on the table: a counter-offer changes terms, it does not retype them. */
export function draftOf(offer: Offer): OfferDraft {
  return {
    fee: offer.fee.amount,
    rate: offer.commission?.rate ?? null,
    cap: offer.commission?.cap.amount ?? null,
    deliverables: offer.deliverables.map(({ title, share, due_on, publish_by }) => ({ title, share, due_on, publish_by })),
    usage_rights: offer.usage_rights,
    exclusivity: offer.exclusivity,
    message: '',
  }
}

/** What a first offer takes over from a brief. */
export interface Brief {
  title: string
  budget: Money
  usage_rights: string
  fee_from: Money | null
  fee_to: Money | null
  deliverables: readonly { title: string; share: number | null; due_on: string | null }[]
}

/** A first offer for a campaign: its deliverables and rights, and the influencer's price where it is in the campaign's currency. */
export function draftFrom(campaign: Brief, price: Money | null = null): OfferDraft {
  const wanted = campaign.deliverables.length ? campaign.deliverables : [{ title: campaign.title, share: 100, due_on: null }]
  const given = wanted.every((one) => one.share) && wanted.reduce((sum, one) => sum + (one.share ?? 0), 0) === 100
  const equal = equalShares(wanted.length)
  const asked = price && price.currency === campaign.budget.currency ? price.amount : null
  const fee = asked ?? campaign.fee_from?.amount ?? campaign.fee_to?.amount ?? null
  const most = campaign.fee_to?.amount
  return {
    fee: fee !== null && most ? Math.min(fee, most) : fee,
    rate: null,
    cap: null,
    deliverables: wanted.map((one, at) => ({ title: one.title, share: given ? one.share : equal[at]!, due_on: one.due_on, publish_by: null })),
    usage_rights: campaign.usage_rights,
    exclusivity: '',
    message: '',
  }
}

/** Where the server names a field of what it was sent, the form names its own. */
const formField = (path: string): string =>
  path
    .replace(/^offer\./, '')
    .replace(/^fee\.(amount|currency)$/, 'fee')
    .replace(/^commission\.cap.*$/, 'cap')
    .replace(/^commission(\.rate)?$/, 'rate')

/** The same refusal, with each message on the field of the offer form that it is about. */
export function onFormFields(problem: Problem): Problem {
  const { type, title, detail, status, requestId, retryAfter, extra, errors } = problem
  return new Problem(
    { ...extra, type, title, detail, errors: Object.fromEntries(Object.entries(errors).map(([path, message]) => [formField(path), message])) },
    { status, requestId, retryAfter },
  )
}

/** Shares of equal size that sum to 100; the first ones take what is left over. */
export function equalShares(count: number): number[] {
  const each = Math.floor(100 / count)
  return Array.from({ length: count }, (_, at) => each + (at < 100 - each * count ? 1 : 0))
}

/** What the sponsor would have held: fee and commission cap (a platform fee comes on top where there is one). */
export function heldFor(fee: number | null, cap: number | null, currency: string): Money {
  return { amount: (fee ?? 0) + (cap ?? 0), currency }
}
