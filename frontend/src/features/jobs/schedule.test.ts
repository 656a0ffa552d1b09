import { describe, expect, it } from 'vitest'
import { isMissed, spanOf } from './schedule'

const now = new Date('2026-11-22T12:00:00Z')
describe('the schedule', () => {
  it('reads seconds as a span', () => {
    expect([spanOf(60), spanOf(5400), spanOf(86_400)]).toEqual([{ days: 0, hours: 0, minutes: 1 }, { days: 0, hours: 1, minutes: 30 }, { days: 1, hours: 0, minutes: 0 }])
  })
  it('is missed after two turns and a minute, never before the first', () => {
    const last = (minutes: number) => ({ every_seconds: 60, last_window_at: new Date(now.getTime() - minutes * 60_000).toISOString() })
    expect([isMissed(last(2.5), now), isMissed(last(3.5), now), isMissed({ every_seconds: 60, last_window_at: null }, now)]).toEqual([false, true, false])
  })
})
