import { describe, expect, it } from 'vitest'
import { brandLinkSchema, dayOf, endOf, linkSchema } from './schema'

describe('the last day of a link', () => {
  it.each(['2026-03-01', '2026-12-31', '2028-02-29'])('comes back as it was given: %s', (day) => expect(dayOf(endOf(day))).toBe(day))
  it('may be missing', () => expect([endOf(null), dayOf(null)]).toEqual([null, null]))
})

describe('where a link leads', () => {
  const values = { ad_request_id: 'adr_1', expires_on: null }
  it.each(['javascript:alert(1)', 'shop.example/tea', 'ftp://shop.example/', ''])('is refused: %s', (target) => expect(linkSchema.safeParse({ ...values, target }).success).toBe(false))
  it('is a page of the web', () => expect(linkSchema.safeParse({ ...values, target: 'https://shop.example/tea' }).success).toBe(true))
})

describe('a link for no agreement', () => {
  const values = { influencer_id: 'inf_1', brand_id: 'brd_1', target: 'https://shop.example/tea', expires_on: null }
  it('needs no agreement', () => expect(brandLinkSchema.safeParse(values).success).toBe(true))
  it.each(['influencer_id', 'brand_id', 'target'])('needs its %s', (name) => expect(brandLinkSchema.safeParse({ ...values, [name]: '' }).success).toBe(false))
})
