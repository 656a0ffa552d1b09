import { describe, expect, it } from 'vitest'
import type { AdminSummaryRead } from '@/api/generated'
import { alarmsOf, isOlderThanADay } from './alarms'

const now = new Date('2026-11-22T12:00:00Z')
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000).toISOString()
const calm = {
  approvals: { users: { count: 0, oldest: null }, campaigns: { count: 0, oldest: null }, content: { count: 0, oldest: null } },
  flags: { open: 0, appeals: 0, oldest: null },
  disputes: { open: 0, oldest: null },
  jobs: { queued: 0, running: 0, dead: 0, oldest_queued_at: null },
  ledger: { ok: true, checked_at: ago(0), broken: [] },
} as unknown as AdminSummaryRead
const names = (change: Partial<AdminSummaryRead>) => alarmsOf({ ...calm, ...change }, now).map((one) => one.name)

describe('what is wrong', () => {
  it('is nothing while all holds and nobody waits long', () => {
    expect(names({})).toEqual([])
    expect(names({ flags: { open: 3, appeals: 1, oldest: ago(23) }, approvals: { users: { count: 2, oldest: ago(7) }, campaigns: { count: 0, oldest: null }, content: { count: 0, oldest: null } }, disputes: { open: 1, oldest: ago(24 * 6) } })).toEqual([])
  })
  it('puts money first, then machines, then people', () => {
    expect(names({
      ledger: { ok: false, checked_at: ago(0), broken: ['floors_hold'] },
      jobs: { queued: 4, running: 0, dead: 1, oldest_queued_at: ago(1) },
      disputes: { open: 1, oldest: ago(24 * 8) }, flags: { open: 1, appeals: 0, oldest: ago(26) },
      approvals: { users: { count: 1, oldest: ago(25) }, campaigns: { count: 0, oldest: null }, content: { count: 0, oldest: null } },
    })).toEqual(['ledger', 'dead', 'stuck', 'disputes', 'flags', 'approvals'])
  })
  it('is nothing before the money was proved for the first time', () => expect(names({ ledger: { ok: null, checked_at: null, broken: [] } })).toEqual([]))
  it('leaves a job alone that waits for its time', () => {
    expect(names({ jobs: { queued: 1, running: 0, dead: 0, oldest_queued_at: ago(-4) } })).toEqual([])
  })
  it('counts only queues that wait too long, and leads to the one that does', () => {
    const [alarm] = alarmsOf({ ...calm, approvals: { users: { count: 0, oldest: null }, campaigns: { count: 2, oldest: ago(30) }, content: { count: 0, oldest: null } } }, now)
    expect(alarm).toMatchObject({ n: 2, since: ago(30), to: '/admin/approvals?kind=campaign' })
  })
  it('is a day old after a day', () => {
    expect([isOlderThanADay(ago(24.1), now), isOlderThanADay(ago(23.9), now), isOlderThanADay(null, now)]).toEqual([true, false, false])
  })
})
