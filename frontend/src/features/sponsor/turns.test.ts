import { describe, expect, it } from 'vitest'
import { partOfDay, turnOf } from './turns'
import { i18n } from '@/i18n'
import type { TurnRead } from '@/api/generated'

const turn: TurnRead = {
  id: 'dlv_1', kind: 'review', ad_request_id: 'adr_1', deliverable_id: 'dlv_1', title: 'Three layers', waits_for: 'sponsor', your_turn: true, deadline: '2026-11-25T12:00:00Z',
  on_deadline: 'approved_automatically', amount: { amount: 64_800, currency: 'EUR' }, campaign: { id: 'cmp_1', title: 'Jackets' }, sponsor: { id: 'spn_1', name: 'Moraine' }, influencer: { id: 'inf_1', name: 'Linh Đặng' },
}
const words = (change: Partial<TurnRead> = {}, late = false) => turnOf({ ...turn, ...change }, i18n.global.t as never, () => '€648.00', late)

describe('a turn', () => {
  it('says the deed, the people, the money and what happens by itself', () => {
    expect(words()).toMatchObject({ title: 'Review “Three layers”', detail: 'Linh Đặng · Jackets · €648.00 held', then: 'then approved automatically', action: 'Review', to: '/sponsor/ad-requests/adr_1' })
  })

  it('holds nothing before an offer is accepted', () => {
    expect(words({ kind: 'answer_offer', deliverable_id: null, on_deadline: 'expires' })).toMatchObject({ detail: 'Linh Đặng · Jackets', then: 'then expires, nothing is held' })
  })

  it('names who is waited for', () => {
    expect(words({ kind: 'submit', your_turn: false, waits_for: 'influencer', on_deadline: 'overdue_then_cancelled' }).owner).toEqual({ name: 'Linh Đặng', label: 'Linh' })
    expect(words({ kind: 'decide', your_turn: false, waits_for: 'admin', on_deadline: 'escalated' }).owner?.name).toBe('Administrator')
  })

  it('says after the date that the money comes back', () => {
    const due = { kind: 'submit', your_turn: false, on_deadline: 'overdue_then_cancelled' }
    expect(words(due).then).not.toBe(words(due, true).then)
  })

  it('has words for every kind and every end', () => {
    for (const kind of ['answer_offer', 'consent', 'submit', 'review', 'publish', 'confirm', 'decide'])
      for (const your_turn of [true, false]) expect(words({ kind, your_turn }).title).not.toMatch(/^sponsor\./)
    for (const on_deadline of ['expires', 'overdue_then_cancelled', 'approved_automatically', 'completed_automatically', 'escalated']) expect(words({ on_deadline }).then).not.toMatch(/^sponsor\./)
  })
})

it.each([['2026-11-22T06:00:00', 'morning'], ['2026-11-22T12:00:00', 'afternoon'], ['2026-11-22T18:00:00', 'evening'], ['2026-11-22T02:00:00', 'evening']])('greets at %s with %s', (at, part) => {
  expect(partOfDay(new Date(at))).toBe(part)
})
