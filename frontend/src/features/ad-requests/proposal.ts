import type { Money } from '@/api/types'
import { Problem } from '@/api/problem'
import { equalShares } from './offer'
import type { OfferDraft } from './types'

interface Brief {
  title: string
  budget: Money
  fee_from: Money | null
  fee_to: Money | null
  usage_rights: string
  deliverables: readonly { title: string; share: number | null; due_on: string | null }[]
}

/** A first offer for a campaign: its deliverables, and the price that the influencer names where it is in the campaign's currency. */
export function firstOffer(campaign: Brief, price: Money | null): OfferDraft {
  const wanted = campaign.deliverables
  const shares = wanted.every((one) => one.share !== null) && wanted.reduce((sum, one) => sum + (one.share ?? 0), 0) === 100 ? wanted.map((one) => one.share!) : equalShares(Math.max(1, wanted.length))
  const rows = wanted.length ? wanted : [{ title: campaign.title, due_on: null }]
  const asked = price && price.currency === campaign.budget.currency ? price.amount : null
  const fee = asked ?? campaign.fee_from?.amount ?? campaign.fee_to?.amount ?? null
  const most = campaign.fee_to?.amount
  return {
    fee: fee !== null && most ? Math.min(fee, most) : fee,
    rate: null,
    cap: null,
    deliverables: rows.map((one, at) => ({ title: one.title, share: shares[at]!, due_on: one.due_on, publish_by: null })),
    usage_rights: campaign.usage_rights,
    exclusivity: '',
    message: '',
  }
}

/** The server names fields of a proposal `offer.fee.amount`; the form calls them `fee`. */
export async function onOfferFields<T>(sending: Promise<T>): Promise<T> {
  try {
    return await sending
  } catch (cause) {
    const refused = Problem.of(cause)
    const errors = Object.fromEntries(Object.entries(refused.errors).map(([path, text]) => [path.replace(/^offer\./, '').replace(/^commission\./, '').replace(/\.(amount|currency)$/, ''), text]))
    throw new Problem({ ...refused.extra, type: refused.type, title: refused.title, detail: refused.detail, errors }, { status: refused.status, requestId: refused.requestId, retryAfter: refused.retryAfter })
  }
}
