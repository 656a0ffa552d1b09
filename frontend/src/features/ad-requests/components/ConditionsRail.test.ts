import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import ConditionsRail from './ConditionsRail.vue'

const conditions = {
  agreed: true, hold_days: 7, time_zone: 'Europe/Oslo', disclosure_rule: 'Say it first.', disclosure_tags: ['#ad', '#paid'],
  attribution_touch: 'first', attribution_window_days: 14, coupon_beats_link: true,
}
const values = (commission: boolean) => mount(ConditionsRail, { props: { conditions, commission } }).findAll('dd').map((one) => one.text())

it('shows what holds, and the rule for orders where there is a commission', () => {
  expect(values(true)).toEqual(['7 days', 'Europe/Oslo', 'first click within 14 days; a coupon code decides', 'Say it first.', '#ad #paid'])
  expect(values(false)).toHaveLength(4)
})

it('says whether it is agreed', () => {
  expect(mount(ConditionsRail, { props: { conditions, commission: true } }).text()).toContain('As agreed')
  expect(mount(ConditionsRail, { props: { conditions: { ...conditions, agreed: false }, commission: true } }).text()).toContain('would hold')
})
