import { describe, expect, it } from 'vitest'
import type { CalendarRead } from '@/api/generated'
import { daysOf, eventsOf, localDay, sheetOf, weeksOf } from './calendar'

const eur = (amount: number) => ({ amount, currency: 'EUR' })
const deliverable = (more: Partial<CalendarRead> = {}): CalendarRead => ({ id: 'dlv_1', ad_request_id: 'adr_1', title: 'Reel', status: 'due', campaign: 'Jackets', sponsor: 'Moraine', due_on: '2026-11-18', publish_by: '2026-11-23', published_at: null, answer_by: null, amount: eur(100), your_turn: false, ...more })
const days = (one: CalendarRead) => eventsOf(one).map(({ day, kind, yours }) => [day, kind, yours])

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
})

it('lists an offer that waits for the own answer', () => {
  const at = '2026-11-24T12:00:00Z'
  const offer = deliverable({ id: 'adr_2', ad_request_id: 'adr_2', title: null, status: null, due_on: null, publish_by: null, answer_by: at, amount: eur(500), your_turn: true })
  expect(eventsOf(offer)).toMatchObject([{ kind: 'answer', day: localDay(at), adRequestId: 'adr_2', amount: eur(500), yours: true }])
})

describe('the sheet of a month', () => {
  it('has whole weeks from Monday or Sunday', () => {
    const monday = weeksOf('2026-11', [])
    expect(monday[0]![0]!.day).toBe('2026-10-26')
    expect(monday.at(-1)!.at(-1)!.day).toBe('2026-12-06')
    expect(weeksOf('2026-11', [], 7)[0]![0]!.day).toBe('2026-11-01')
    for (const month of ['2026-02', '2027-01', '2028-02']) expect(weeksOf(month, []).flat().filter((one) => one.inside)).toHaveLength(new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).getUTCDate())
  })
  it('is asked for with all days that it may show', () => {
    for (const month of ['2026-02', '2026-12', '2028-02']) {
      const { from, to } = sheetOf(month)
      for (const first of [1, 7]) {
        const shown = weeksOf(month, [], first).flat().map((one) => one.day)
        expect([from <= shown[0]!, shown.at(-1)! <= to]).toEqual([true, true])
      }
    }
  })
  it('puts each event on its day', () => {
    const events = eventsOf(deliverable())
    expect(weeksOf('2026-11', events).flat().filter((one) => one.events.length).map((one) => one.day)).toEqual(['2026-11-18', '2026-11-23'])
    expect(daysOf(events).map((one) => one.day)).toEqual(['2026-11-18', '2026-11-23'])
  })
})
