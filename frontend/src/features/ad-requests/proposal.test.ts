import { describe, expect, it } from 'vitest'
import { Problem } from '@/api/problem'
import { firstOffer, onOfferFields } from './proposal'

const eur = (amount: number) => ({ amount, currency: 'EUR' })
const brief = { title: 'Winter tea', budget: eur(100_000), fee_from: eur(30_000), fee_to: eur(70_000), usage_rights: '30 days', deliverables: [] }

describe('a first offer', () => {
  it('names one deliverable where the campaign names none', () => {
    expect(firstOffer(brief, null)).toMatchObject({ fee: 30_000, usage_rights: '30 days', deliverables: [{ title: 'Winter tea', share: 100 }] })
  })
  it('takes the own price in the campaign’s currency, never above the highest fee', () => {
    expect(firstOffer(brief, eur(45_000)).fee).toBe(45_000)
    expect(firstOffer(brief, eur(95_000)).fee).toBe(70_000)
    expect(firstOffer(brief, { amount: 45_000, currency: 'USD' }).fee).toBe(30_000)
  })
  it('shares the fee equally unless the campaign’s shares sum to 100', () => {
    const row = (title: string, share: number | null) => ({ title, share, due_on: null })
    expect(firstOffer({ ...brief, deliverables: [row('a', 60), row('b', 40)] }, null).deliverables.map((one) => one.share)).toEqual([60, 40])
    expect(firstOffer({ ...brief, deliverables: [row('a', null), row('b', 40), row('c', null)] }, null).deliverables.map((one) => one.share)).toEqual([34, 33, 33])
  })
})

it('moves the server’s messages to the fields of the form', async () => {
  const refused = new Problem({ type: 'invalid', errors: { 'offer.fee.amount': ['Too little.'], 'offer.deliverables.0.title': ['Say what.'] } }, { status: 422, requestId: 'req_1' })
  await expect(onOfferFields(Promise.reject(refused))).rejects.toMatchObject({ status: 422, requestId: 'req_1', errors: { fee: 'Too little.', 'deliverables.0.title': 'Say what.' } })
})
