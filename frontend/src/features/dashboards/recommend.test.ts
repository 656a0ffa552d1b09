import { describe, expect, it } from 'vitest'
import { chartFor, recommend, type Chosen } from './recommend'
import type { FieldType, Unit } from './types'

const count = { type: 'number', unit: 'count' } as const
const money = { type: 'number', unit: 'money' } as const
const rate = { type: 'rate', unit: 'fraction' } as const
const cost = { type: 'rate', unit: 'money' } as const
const charts = (dimensions: FieldType[], ...measures: { type: FieldType; unit: Unit }[]) => recommend({ dimensions, measures }).map(({ chart }) => chart)

describe('recommended charts', () => {
  it('need something that is counted', () => {
    expect(charts(['time'])).toEqual([])
  })
  it('show one number as itself', () => {
    expect(charts([], money)[0]).toBe('figure')
  })
  it('follow a number through time, and fill it only where it is an amount', () => {
    expect(charts(['time'], count)).toEqual(['line', 'area', 'bar', 'table'])
    expect(charts(['time'], rate)).toEqual(['line', 'table'])
  })
  it('never put two units on one axis', () => {
    expect(charts(['time'], count, money)).toEqual(['table'])
    expect(charts(['time'], count, count)[0]).toBe('line')
    expect(charts(['category'], count, money, rate)).toEqual(['table'])
    expect(charts(['time'], money, cost)[0]).toBe('line')
  })
  it('compare categories and places by bars', () => {
    for (const type of ['category', 'place'] as const) expect(charts([type], rate)[0]).toBe('bar')
  })
  it('stack what adds up, and never rates', () => {
    expect(charts(['time', 'category'], count)[0]).toBe('stacked')
    expect(charts(['category', 'time'], count)[0]).toBe('stacked')
    for (const dimensions of [['time', 'category'], ['category', 'place']] as FieldType[][]) expect(charts(dimensions, rate)).not.toContain('stacked')
  })
  it('relate two measures of a category by points', () => {
    expect(charts(['category'], money, count)).toEqual(['scatter', 'table'])
    expect(charts(['category'], count, count)).toEqual(['scatter', 'bar', 'table'])
  })
  it('cross two categories in a heat map', () => {
    expect(charts(['category', 'place'], count)[0]).toBe('heatmap')
  })
  it('leave text and many fields to the table', () => {
    expect(recommend({ dimensions: ['text', 'time'], measures: [count] })).toEqual([{ chart: 'table', reason: 'text' }])
    expect(charts(['time', 'category', 'category'], count)).toEqual(['table'])
  })
  it('always have the table, once, with a reason for each', () => {
    const types = ['time', 'category', 'place', 'text'] as const
    for (const a of types) for (const b of types) for (const measures of [[count], [rate], [count, money]]) {
      const found = recommend({ dimensions: [a, b], measures })
      expect(found.filter(({ chart }) => chart === 'table')).toHaveLength(1)
      expect(new Set(found.map(({ chart }) => chart)).size).toBe(found.length)
      expect(found.every(({ reason }) => reason)).toBe(true)
    }
  })
})

it('keeps a chart that suits and takes the best instead of one that does not', () => {
  const chosen: Chosen = { dimensions: ['time'], measures: [count] }
  expect(chartFor('area', chosen)).toBe('area')
  expect(chartFor('heatmap', chosen)).toBe('line')
})
