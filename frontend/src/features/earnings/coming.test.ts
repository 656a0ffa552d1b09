import { describe, expect, it } from 'vitest'
import type { UpcomingRead } from '@/api/generated'
import { comingByWeek, heldSplit, nextMoney } from './coming'

const now = new Date(2026, 10, 22, 9) // a Sunday
const due = (day: string, amount: number, currency = 'EUR'): UpcomingRead => ({ payment_id: `pay_${day}`, amount: { amount, currency }, available_at: new Date(`${day}T12:00:00`).toISOString(), milestone: null, reference: null })

describe('money that is coming', () => {
  it('is summed by weeks that begin on Monday, the first being this one', () => {
    const weeks = comingByWeek([due('2026-11-22', 100), due('2026-11-23', 200), due('2026-11-27', 300), due('2026-12-09', 50)], 'EUR', now, 4)
    expect(weeks).toEqual([{ from: '2026-11-16', amount: 100 }, { from: '2026-11-23', amount: 500 }, { from: '2026-11-30', amount: 0 }, { from: '2026-12-07', amount: 50 }])
  })
  it('keeps currencies apart, counts the overdue now and the far last', () => {
    const weeks = comingByWeek([due('2026-10-01', 7), due('2027-06-01', 9), due('2026-11-22', 1000, 'VND')], 'EUR', now, 3)
    expect(weeks.map((week) => week.amount)).toEqual([7, 0, 9])
  })
  it('splits what is held into this week’s and the rest', () => {
    expect(heldSplit([due('2026-11-27', 300), due('2026-12-09', 50)], 'EUR', 1000, now)).toEqual({ soon: 300, later: 700 })
    expect(heldSplit([], 'EUR', 0, now)).toEqual({ soon: 0, later: 0 })
  })
  it('names the next', () => {
    expect(nextMoney([due('2026-12-09', 50), due('2026-11-27', 300)])?.amount.amount).toBe(300)
    expect(nextMoney([])).toBeNull()
  })
})
