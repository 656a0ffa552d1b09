import { expect, it } from 'vitest'
import { recommend } from './recommend'
import { panelsOf, templateNames } from './templates'
import type { FieldType, Unit } from './types'

const TYPES: Record<string, FieldType> = { day: 'time', week: 'time', influencer: 'category', link: 'category', reason: 'category' }
const RATES = ['roi', 'cost_per_order', 'conversion_per_click']
const MONEY = ['spend', 'net_revenue', 'cost_per_order']
const unitOf = (key: string): Unit => (MONEY.includes(key) ? 'money' : RATES.includes(key) ? 'fraction' : 'count')

it.each(templateNames)('the template %s draws each panel by a chart that suits its fields', (name) => {
  for (const panel of panelsOf(name)) {
    const dimensions = panel.dimensions.map((key) => TYPES[key]!)
    const measures = panel.measures.map((key) => ({ type: RATES.includes(key) ? 'rate' : 'number', unit: unitOf(key) }) as const)
    expect(recommend({ dimensions, measures }).map(({ chart }) => chart)).toContain(panel.chart)
  }
})

it('gives every panel a key of its own', () => {
  const keys = [...panelsOf('money'), ...panelsOf('money')].map(({ key }) => key)
  expect(new Set(keys).size).toBe(keys.length)
})
