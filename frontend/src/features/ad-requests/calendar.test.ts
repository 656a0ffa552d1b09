import { describe, expect, it } from 'vitest'
import { answerOf, daysOf, eventsOf, localDay, weeksOf } from './calendar'
import type { AdRequest, AdRequestSummary, Deliverable } from './types'

const eur = (amount: number) => ({ amount, currency: 'EUR' })
const deliverable = (more: Partial<Deliverable>) => ({ id: 'dlv_1', title: 'Reel', status: 'due', due_on: '2026-11-18', publish_by: '2026-11-23', published_at: null, amount: eur(100), your_turn: false, ...more }) as Deliverable
const agreement = (...deliverables: Deliverable[]) => ({ id: 'adr_1', campaign: { title: 'Jackets' }, sponsor: { name: 'Moraine' }, deliverables }) as unknown as AdRequest
const days = (one: Deliverable) => eventsOf(agreement(one)).map(({ day, kind, yours }) => [day, kind, yours])

describe('the days of a deliverable', () => {
  it('are the draft and the publication while the draft is due', () => {
    expect(days(deliverable({ your_turn: true }))).toEqual([['2026-11-18', 'draft', true], ['2026-11-23', 'publish', false]])
  })
  it('are the publication once a draft is in', () => {
    expect(days(deliverable({ status: 'in_review' }))).toEqual([['2026-11-23', 'publish', false]])
    expect(days(deliverable({ status: 'approved', your_turn: true }))).toEqual([['2026-11-23', 'publish', true]])
  })
  it('are the day on which it went live, then', () => {
    const at = '2026-11-20T12:00:00Z'
    expect(days(deliverable({ status: 'completed', published_at: at }))).toEqual([[localDay(at), 'live', false]])
  })
  it('are none once it is cancelled', () => expect(days(deliverable({ status: 'cancelled' }))).toEqual([]))
})

it('lists an offer that waits for the own answer', () => {
  const row = { id: 'adr_2', status: 'proposed', your_turn: true, next_deadline: '2026-11-24T12:00:00Z', campaign: { title: 'Tea' }, sponsor: { name: 'Nordhag' }, current_offer: { fee: eur(500) } } as unknown as AdRequestSummary
  expect(answerOf(row)).toMatchObject([{ kind: 'answer', adRequestId: 'adr_2', amount: eur(500) }])
  expect(answerOf({ ...row, your_turn: false })).toEqual([])
})

describe('the sheet of a month', () => {
  it('has whole weeks from Monday or Sunday', () => {
    const monday = weeksOf('2026-11', [])
    expect(monday[0]![0]!.day).toBe('2026-10-26')
    expect(monday.at(-1)!.at(-1)!.day).toBe('2026-12-06')
    expect(weeksOf('2026-11', [], 7)[0]![0]!.day).toBe('2026-11-01')
    for (const month of ['2026-02', '2027-01', '2028-02']) expect(weeksOf(month, []).flat().filter((one) => one.inside)).toHaveLength(new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).getUTCDate())
  })
  it('puts each event on its day', () => {
    const events = eventsOf(agreement(deliverable({})))
    expect(weeksOf('2026-11', events).flat().filter((one) => one.events.length).map((one) => one.day)).toEqual(['2026-11-18', '2026-11-23'])
    expect(daysOf(events).map((one) => one.day)).toEqual(['2026-11-18', '2026-11-23'])
  })
})
