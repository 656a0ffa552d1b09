import { describe, expect, it } from 'vitest'
import type { UpcomingRead } from '@/api/generated'
import { heldSplit, nextMoney } from './coming'

const due = (day: string, amount: number, currency = 'EUR'): UpcomingRead => ({ payment_id: `pay_${day}`, amount: { amount, currency }, available_at: new Date(`${day}T12:00:00`).toISOString(), milestone: null, reference: null })

describe('money that is coming', () => {
  it('splits what is held into this week’s, the contested and the rest', () => {
    expect(heldSplit({ held: 1000, held_soon: 300, contested: 200 })).toEqual({ soon: 300, contested: 200, later: 500 })
    expect(heldSplit({ held: 0, held_soon: 0, contested: 0 })).toEqual({ soon: 0, contested: 0, later: 0 })
  })
  it('names the next', () => {
    expect(nextMoney([due('2026-12-09', 50), due('2026-11-27', 300)])?.amount.amount).toBe(300)
    expect(nextMoney([])).toBeNull()
  })
})
