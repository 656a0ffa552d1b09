import { describe, expect, it } from 'vitest'
import { fileOf, periodOf } from './periods'

describe('a period', () => {
  const now = new Date(2026, 0, 15, 12)
  it('ends today while it runs', () => expect(periodOf('this_month', now)).toEqual({ since: '2026-01-01', until: '2026-01-15' }))
  it('may lie in the year before', () => expect(periodOf('last_month', now)).toEqual({ since: '2025-12-01', until: '2025-12-31' }))
  it('knows leap days', () => expect(periodOf('last_month', new Date(2028, 2, 31, 23)).until).toBe('2028-02-29'))
  it('begins with the year', () => expect(periodOf('this_year', now).since).toBe('2026-01-01'))
})

it('names the file of the same period', () => {
  expect(fileOf('sponsor', 'csv', { since: '2026-01-01', until: '2026-01-31' }, 'EUR')).toBe('/api/v1/sponsor/statement.csv?since=2026-01-01&until=2026-01-31&currency=EUR')
})
