import { describe, expect, it } from 'vitest'
import type { OwnReceiptRead, ReceiptRead } from '@/api/generated'
import { decided, receiptOf } from './receipt'

const rule = { rule_version: 1, touch: 'last', window_days: 30, coupon_beats_link: true, left_out: 0, computed_at: '2026-05-01T10:00:00Z' } as const
const touch = (name: string, outcome: string, at: string) => ({
  kind: 'click', at, outcome, link: { id: `lnk_${name}`, code: name }, influencer: { id: `inf_${name}`, name, slug: name }, campaign: null, ad_request_id: null, coupon: null,
}) as ReceiptRead['touches'][number]
const receipt = (id: string, decides: boolean, touches: ReceiptRead['touches'] = []): ReceiptRead => ({ ...rule, id, number: 1, decides, is_replay: !decides, touches })

describe('a receipt', () => {
  it('names the winner first and keeps the others as they came', () => {
    const shown = receiptOf(receipt('rcp_1', true, [touch('Maja', 'earlier', '2026-04-01T00:00:00Z'), touch('Jonas', 'bot', '2026-04-02T00:00:00Z'), touch('Linh', 'won', '2026-04-03T00:00:00Z')]))
    expect(shown.touches.map((one) => one.name)).toEqual(['Linh', 'Maja', 'Jonas'])
  })
  it('shows an influencer no name of others', () => {
    const own: OwnReceiptRead = { ...rule, id: 'rcp_1', number: 1, decides: true, is_replay: false, won: false, touches: [{ kind: 'click', at: '2026-04-03T00:00:00Z', outcome: 'won', own: false, link: null, coupon: null }] }
    expect(receiptOf(own).touches[0]).toMatchObject({ name: null, own: false, link: null })
  })
  it('counts where it decides; replays stand beside it', () => {
    const { deciding, others } = decided([receipt('rcp_1', false), receipt('rcp_2', true), receipt('rcp_3', false)])
    expect([deciding?.id, others.map((one) => one.id)]).toEqual(['rcp_2', ['rcp_1', 'rcp_3']])
  })
  it('may be missing', () => expect(decided([]).deciding).toBeNull())
})
