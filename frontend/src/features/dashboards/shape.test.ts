import { describe, expect, it } from 'vitest'
import { cellsOf, MOST_SERIES, pointsOf, shapeOf, steps } from './shape'
import type { Figures } from './types'

type Type = Figures['measures'][number]['type']
function figures(dimensions: [string, Type][], measures: [string, Type][], rows: [(string | null)[], (number | null)[], string?][]): Figures {
  return {
    dimensions: dimensions.map(([key, type]) => ({ key, type })),
    measures: measures.map(([key, type]) => ({ key, type, unit: 'count' })),
    rows: rows.map(([keys, values, currency]) => ({ keys: keys.map((value) => ({ value, label: value })), values, currency: currency ?? null })),
    currencies: [...new Set(rows.map((row) => row[2]).filter((one) => one !== undefined))],
    truncated: false, computed_at: '2026-11-22T00:00:00Z',
  }
}
const clicks: [string, Type] = ['clicks', 'number']
const rate: [string, Type] = ['conversion_per_click', 'rate']

describe('steps of time', () => {
  it('leave no day, week or month out', () => {
    expect(steps('day', '2026-02-27', '2026-03-01')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01'])
    expect(steps('week', '2026-11-23', '2026-12-07')).toEqual(['2026-11-23', '2026-11-30', '2026-12-07'])
    expect(steps('month', '2026-11-01', '2027-01-01')).toEqual(['2026-11-01', '2026-12-01', '2027-01-01'])
  })
})

describe('the shape of figures', () => {
  it('fills a gap with 0 for what is counted and with nothing for a rate', () => {
    const shape = shapeOf(figures([['day', 'time']], [clicks, rate], [[['2026-01-01'], [3, 0.5]], [['2026-01-03'], [1, null]]]), null)
    expect(shape.strands.map(({ values }) => values)).toEqual([[3, 0, 1], [0.5, null, null]])
    expect(shape.strands[0]!.rows).toEqual([0, null, 1])
  })
  it('has time across whichever field was chosen first', () => {
    const shape = shapeOf(figures([['link', 'category'], ['day', 'time']], [clicks], [[['a', '2026-01-01'], [1]], [['b', '2026-01-02'], [5]]]), null)
    expect(shape.categories).toEqual(['2026-01-01', '2026-01-02'])
    expect(shape.strands.map(({ key, values }) => [key, values])).toEqual([['b', [0, 5]], ['a', [1, 0]]])
  })
  it('gathers what adds up in one last strand, and says of rates how many are left out', () => {
    const rows = Array.from({ length: 9 }, (_, at) => [['2026-01-01', `${at}`], [10 - at]] as [string[], number[]])
    const counted = shapeOf(figures([['day', 'time'], ['link', 'category']], [clicks], rows), null)
    expect(counted.strands).toHaveLength(MOST_SERIES)
    expect(counted.strands.at(-1)).toMatchObject({ others: true, values: [5 + 4 + 3 + 2], rows: [null] })
    expect(counted.left).toBe(0)
    const rates = shapeOf(figures([['day', 'time'], ['link', 'category']], [rate], rows), null)
    expect(rates.left).toBe(3)
    expect(rates.strands.some(({ others }) => others)).toBe(false)
  })
  it('takes rows of one currency only', () => {
    const both = figures([['link', 'category']], [['revenue', 'number']], [[['a'], [100], 'EUR'], [['a'], [900], 'USD']])
    expect(shapeOf(both, 'EUR').strands[0]!.values).toEqual([100])
    expect(shapeOf(both, 'USD').strands[0]!.rows).toEqual([1])
  })
  it('keeps none as a value of its own', () => {
    expect(shapeOf(figures([['phase', 'category']], [clicks], [[[null], [2]], [['p'], [1]]]), null).categories).toEqual([null, 'p'])
  })
})

it('makes a point of each row that has both measures', () => {
  const found = pointsOf(figures([['link', 'category']], [clicks, rate], [[['a'], [3, 0.1]], [['b'], [0, null]]]), null)
  expect(found.map(({ x, y, at }) => [x, y, at])).toEqual([[3, 0.1, 0]])
})

it('makes a cell of each row that has a value', () => {
  const { categories, up, cells } = cellsOf(figures([['country', 'place'], ['platform', 'category']], [rate], [[['AT', 'x'], [0.5]], [['DE', 'x'], [null]]]), null)
  expect([categories, up]).toEqual([['AT', 'DE'], ['x']])
  expect(cells).toEqual([{ x: 0, y: 0, value: 0.5, at: 0 }])
})
