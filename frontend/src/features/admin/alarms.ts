import type { AdminSummaryRead } from '@/api/generated'
import type { IconName } from '@/ui/icons'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** Work that has waited so long is not picked up by anybody. */
const STUCK = 10 * 60_000

export interface Alarm {
  name: 'ledger' | 'dead' | 'stuck' | 'disputes' | 'flags' | 'approvals'
  icon: IconName
  /** How many are concerned. */
  n: number
  since: string | null
  to: string
}

const age = (since: string | null, now: Date) => (since === null ? 0 : now.getTime() - Date.parse(since))
export const isOlderThanADay = (since: string | null, now: Date) => age(since, now) > DAY

/** What is wrong, the worst first: money, then machines, then people who wait too long. */
export function alarmsOf(summary: AdminSummaryRead, now: Date): Alarm[] {
  const { ledger, jobs, disputes, flags, approvals } = summary
  const waiting = [approvals.users, approvals.campaigns].filter((one) => isOlderThanADay(one.oldest, now))
  const oldest = waiting.map((one) => one.oldest!).sort()[0] ?? null
  const found: (Alarm | false)[] = [
    ledger.ok === false && { name: 'ledger', icon: 'ledger', n: ledger.broken.length, since: ledger.checked_at, to: '/admin/ledger' },
    jobs.dead > 0 && { name: 'dead', icon: 'warning', n: jobs.dead, since: null, to: '/admin/jobs?status=dead' },
    age(jobs.oldest_queued_at, now) > STUCK && { name: 'stuck', icon: 'clock', n: jobs.queued, since: jobs.oldest_queued_at, to: '/admin/jobs?status=queued' },
    age(disputes.oldest, now) > 7 * DAY && { name: 'disputes', icon: 'dispute', n: disputes.open, since: disputes.oldest, to: '/admin/disputes' },
    isOlderThanADay(flags.oldest, now) && { name: 'flags', icon: 'flag', n: flags.open, since: flags.oldest, to: '/admin/flags' },
    waiting.length > 0 && { name: 'approvals', icon: 'check', n: waiting.reduce((sum, one) => sum + one.count, 0), since: oldest, to: approvals.users.count || !approvals.campaigns.count ? '/admin/approvals' : '/admin/approvals?kind=campaign' },
  ]
  return found.filter((one): one is Alarm => one !== false)
}
