import { describe, expect, it } from 'vitest'
import { faultOf, groupOf, grouped, type Setting } from './settings'

const setting = (name: string): Setting => ({ name, kind: 'whole_number', value: 1, default: 1, lowest: 1, highest: 90, unit: 'days', purpose: '' })

describe('settings', () => {
  it('stand in their group, unknown ones at the end', () => {
    expect(grouped([setting('brand_new'), setting('offer_hours'), setting('hold_days'), setting('sponsors_need_approval')]).map((one) => [one.group, one.settings.map((s) => s.name)])).toEqual([
      ['approval', ['sponsors_need_approval']], ['money', ['hold_days']], ['offers', ['offer_hours']], ['other', ['brand_new']],
    ])
    expect(groupOf('platform_fee_percent')).toBe('money')
  })
  it.each([[1, null], [90, null], [0, 'whole'], [91, 'whole'], [1.5, 'whole'], [null, 'whole']])('take %s only within their bounds', (value, fault) => {
    expect(faultOf(setting('x'), value)).toBe(fault)
  })
  it('take fractions where the unit has them', () => {
    expect(faultOf({ kind: 'number', lowest: 0, highest: 30 }, 2.5)).toBeNull()
    expect(faultOf({ kind: 'number', lowest: 0, highest: 30 }, 30.01)).toBe('bounds')
  })
})
