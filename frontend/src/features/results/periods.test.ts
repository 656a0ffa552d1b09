import { describe, expect, it } from 'vitest'
import { lastDays, spanOf, withoutGaps } from './periods'

const now = new Date(2026, 2, 1, 23, 30)

describe('a period', () => {
  it('of so many days ends today and counts it', () => {
    expect(lastDays(7, now)).toEqual({ since: '2026-02-23', until: '2026-03-01' })
    expect(lastDays(365, now).since).toBe('2025-03-02')
  })
  it('is known by its span only when it ends today', () => {
    expect(spanOf(lastDays(90, now), now)).toBe(90)
    expect(spanOf({ since: '2026-02-01', until: '2026-02-28' }, now)).toBeUndefined()
  })
})

describe('days', () => {
  const empty = (day: string) => ({ day, orders: 0 })
  it('get those between them on which nothing happened', () => {
    const days = [{ day: '2026-02-27', orders: 2 }, { day: '2026-03-02', orders: 1 }]
    expect(withoutGaps(days, empty)).toEqual([days[0], empty('2026-02-28'), empty('2026-03-01'), days[1]])
  })
  it('stay none when there are none', () => expect(withoutGaps([], empty)).toEqual([]))
})
