import { describe, expect, it } from 'vitest'
import type { ReportFigures, ReportPhase } from '@/api/generated'
import { headlineOf } from './headline'
import { isEmpty, mayBeChance, toneOf } from './lines'

const change = (value: number, low: number | null = null, high: number | null = null) => ({ value, in_points: low !== null, low, high })
const phase = (name: string, changes: Record<string, number> | null, orders = 1) => ({
  name, figures: { clicks: 1, orders }, change: changes && Object.fromEntries(Object.entries(changes).map(([key, value]) => [key, change(value)])),
}) as unknown as ReportPhase
const total = { posts: 3, clicks: 2, orders: 1 } as ReportFigures

describe('a change', () => {
  it('is good or bad by what it is of', () => {
    expect(toneOf({ better: 'more' }, change(0.2))).toBe('good')
    expect(toneOf({ better: 'less' }, change(0.2))).toBe('bad')
    expect(toneOf({}, change(0.2))).toBe('plain')
  })
  it('that may be chance is neither', () => {
    expect(mayBeChance({ low: -0.01, high: 0.2 })).toBe(true)
    expect(toneOf({ better: 'more' }, change(0.1, -0.01, 0.2))).toBe('plain')
    expect(toneOf({ better: 'more' }, change(0.1, 0.01, 0.2))).toBe('good')
  })
})

describe('the headline', () => {
  it('compares the last phase that counted something with the one before', () => {
    const phases = [phase('One', null), phase('Two', { spend: -0.2, orders: 0.1975 }), { ...phase('Three', { orders: -1 }), figures: { clicks: 0, orders: 0 } } as ReportPhase]
    expect(headlineOf({ phases, total })).toEqual({ key: 'spend_less_orders_more', phase: 'Two', spend: 0.2, orders: 0.1975 })
  })
  it('speaks of orders, else of clicks, where money is not to be compared', () => {
    expect(headlineOf({ phases: [phase('One', null), phase('Two', { orders: -0.5 })], total }).key).toBe('orders_less')
    expect(headlineOf({ phases: [phase('One', null), phase('Two', { clicks: 2 })], total }).key).toBe('clicks_more')
  })
  it('says what there is so far without two phases', () => {
    expect(headlineOf({ phases: [phase('One', null)], total }).key).toBe('orders_so_far')
    expect(headlineOf({ phases: [], total: { ...total, orders: 0, clicks: 0 } }).key).toBe('posts_so_far')
  })
})

it('is empty without posts, clicks and orders', () => {
  expect(isEmpty({ posts: 0, clicks: 0, orders: 0 })).toBe(true)
  expect(isEmpty(total)).toBe(false)
})
