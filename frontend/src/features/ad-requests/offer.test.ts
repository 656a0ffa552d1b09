import { describe, expect, it } from 'vitest'
import { Problem } from '@/api/problem'
import { draftFrom, draftOf, equalShares, heldFor, offerSchema, onFormFields, toInput } from './offer'
import type { Offer } from './types'

const eur = (amount: number) => ({ amount, currency: 'EUR' })
const brief = { title: 'Winter tea', budget: eur(100_000), fee_from: eur(30_000), fee_to: eur(70_000), usage_rights: '30 days', deliverables: [] }
const offer: Offer = {
  id: 'ofr_1', number: 2, hash: 'ab', by: 'influencer', author_name: null, fee: eur(180_000), commission: { rate: 8, cap: eur(40_000) }, usage_rights: '6 months', exclusivity: '', message: 'As agreed by phone.',
  deliverables: [
    { title: 'Reel', share: 60, amount: eur(108_000), due_on: '2026-11-18', publish_by: '2026-11-23' },
    { title: 'Story', share: 40, amount: eur(72_000), due_on: '2026-11-25', publish_by: '2026-11-30' },
  ],
  is_accepted: false, is_current: true, created_at: '2026-11-04T09:12:40Z',
}

describe('a first offer', () => {
  it('names one deliverable where the campaign names none', () => {
    expect(draftFrom(brief)).toMatchObject({ fee: 30_000, usage_rights: '30 days', deliverables: [{ title: 'Winter tea', share: 100 }] })
  })
  it('takes the own price in the campaign’s currency, never above the highest fee', () => {
    expect(draftFrom(brief, eur(45_000)).fee).toBe(45_000)
    expect(draftFrom(brief, eur(95_000)).fee).toBe(70_000)
    expect(draftFrom(brief, { amount: 45_000, currency: 'USD' }).fee).toBe(30_000)
  })
  it('shares the fee equally unless the campaign’s shares sum to 100', () => {
    const row = (title: string, share: number | null) => ({ title, share, due_on: null })
    expect(draftFrom({ ...brief, deliverables: [row('a', 60), row('b', 40)] }).deliverables.map((one) => one.share)).toEqual([60, 40])
    expect(draftFrom({ ...brief, deliverables: [row('a', null), row('b', 40), row('c', null)] }).deliverables.map((one) => one.share)).toEqual([34, 33, 33])
  })
})

describe('a counter-offer', () => {
  it('starts from the terms on the table, without the other side’s message', () => {
    expect(draftOf(offer)).toEqual({
      fee: 180_000, rate: 8, cap: 40_000, usage_rights: '6 months', exclusivity: '', message: '',
      deliverables: [{ title: 'Reel', share: 60, due_on: '2026-11-18', publish_by: '2026-11-23' }, { title: 'Story', share: 40, due_on: '2026-11-25', publish_by: '2026-11-30' }],
    })
  })
  it('is sent in the API’s form', () => {
    const checked = offerSchema.parse(draftOf(offer))
    expect(toInput(checked, 'EUR')).toMatchObject({ fee: eur(180_000), commission: { rate: 8, cap: eur(40_000) }, deliverables: [{ title: 'Reel', share: 60 }, { title: 'Story', share: 40 }] })
    expect(toInput({ ...checked, rate: null, cap: null }, 'EUR').commission).toBeNull()
  })
})

describe('the bounds of an offer', () => {
  const wrong = (change: object) => {
    const result = offerSchema.safeParse({ ...draftOf(offer), ...change })
    return result.success ? [] : result.error.issues.map((one) => `${one.path.join('.')}: ${one.message}`)
  }
  it('takes a whole offer', () => expect(wrong({})).toEqual([]))
  it('wants a fee above zero', () => {
    expect(wrong({ fee: null })).toEqual(['fee: ad_requests.errors.fee'])
    expect(wrong({ fee: 0 })).toEqual(['fee: ad_requests.errors.fee'])
  })
  it('wants shares that sum to 100', () => {
    const [first, second] = draftOf(offer).deliverables
    expect(wrong({ deliverables: [first, { ...second, share: 41 }] })).toEqual(['deliverables: ad_requests.errors.shares'])
  })
  it('wants rate and cap together', () => expect(wrong({ cap: null })).toEqual(['cap: ad_requests.errors.commission']))
  it('wants each deliverable named', () => expect(wrong({ deliverables: [{ title: ' ', share: 100, due_on: null, publish_by: null }] })).toEqual(['deliverables.0.title: ad_requests.errors.deliverable']))
})

it('shares equally, the first ones taking what is left over', () => {
  expect(equalShares(1)).toEqual([100])
  expect(equalShares(3)).toEqual([34, 33, 33])
  for (const n of [2, 6, 7, 11, 20]) expect(equalShares(n).reduce((sum, one) => sum + one, 0)).toBe(100)
})

it('holds fee and cap', () => {
  expect(heldFor(180_000, 40_000, 'EUR')).toEqual(eur(220_000))
  expect(heldFor(null, null, 'EUR')).toEqual(eur(0))
})

it('moves the server’s messages to the fields of the form', () => {
  const refused = new Problem({ type: 'invalid', errors: { 'offer.fee.amount': ['Too little.'], 'offer.commission.rate': ['Too much.'], 'offer.commission.cap.amount': ['Too low.'], 'offer.deliverables.0.title': ['Say what.'] } }, { status: 422, requestId: 'req_1' })
  expect(onFormFields(refused)).toMatchObject({ status: 422, requestId: 'req_1', errors: { fee: 'Too little.', rate: 'Too much.', cap: 'Too low.', 'deliverables.0.title': 'Say what.' } })
})
