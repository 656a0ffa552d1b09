import { expect, it } from 'vitest'
import { addMonths, isMonth, lastDay, spanIn } from './timeline'

it('walks over the ends of years', () => {
  expect(addMonths('2026-11', 3)).toBe('2027-02')
  expect(addMonths('2026-01', -1)).toBe('2025-12')
  expect(lastDay('2028-02')).toBe('2028-02-29')
})

it('places a stretch in what is shown', () => {
  expect(spanIn('2026-11-01', '2026-11-10', '2026-11-01', '2026-11-10')).toEqual({ left: 0, width: 100, before: false, after: false })
  expect(spanIn('2026-11-01', '2026-11-10', '2026-11-10', '2026-12-01')).toEqual({ left: 90, width: 10, before: false, after: true })
  expect(spanIn('2026-11-01', '2026-11-10', '2026-10-01', '2026-11-01')).toEqual({ left: 0, width: 10, before: true, after: false })
})

it('leaves out what lies elsewhere', () => {
  expect(spanIn('2026-11-01', '2026-11-10', '2026-11-11', '2026-12-01')).toBeNull()
})

it('knows a month from other text', () => {
  expect(['2026-11', '2026-13', 'x', '2026-1'].map(isMonth)).toEqual([true, false, false, false])
})
