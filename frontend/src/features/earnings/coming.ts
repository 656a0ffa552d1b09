import type { UpcomingRead } from '@/api/generated'

export interface Week {
  /** Monday, yyyy-mm-dd, on the reader's calendar. */
  from: string
  amount: number
}

const iso = (day: Date) => [day.getFullYear(), String(day.getMonth() + 1).padStart(2, '0'), String(day.getDate()).padStart(2, '0')].join('-')
export function monday(at: Date): Date {
  const day = new Date(at.getFullYear(), at.getMonth(), at.getDate())
  day.setDate(day.getDate() - ((day.getDay() + 6) % 7))
  return day
}

/** What becomes withdrawable in one currency, week by week from this one; what is later than the last falls into it. */
export function comingByWeek(upcoming: readonly UpcomingRead[], currency: string, now: Date, weeks = 6): Week[] {
  const first = monday(now)
  const found: Week[] = Array.from({ length: weeks }, (_, n) => ({ from: iso(new Date(first.getFullYear(), first.getMonth(), first.getDate() + 7 * n)), amount: 0 }))
  for (const one of upcoming) {
    if (one.amount.currency !== currency) continue
    const at = iso(new Date(Math.max(new Date(one.available_at).getTime(), first.getTime())))
    found.filter((week) => week.from <= at).at(-1)!.amount += one.amount.amount
  }
  return found
}

/** What is held and becomes withdrawable within the next seven days, and the rest. */
export function heldSplit(upcoming: readonly UpcomingRead[], currency: string, held: number, now: Date): { soon: number; later: number } {
  const end = now.getTime() + 7 * 86_400_000
  const soon = upcoming.filter((one) => one.amount.currency === currency && new Date(one.available_at).getTime() <= end).reduce((sum, one) => sum + one.amount.amount, 0)
  return { soon: Math.min(soon, held), later: Math.max(0, held - soon) }
}

export const nextMoney = (upcoming: readonly UpcomingRead[]) => [...upcoming].sort((a, b) => a.available_at.localeCompare(b.available_at))[0] ?? null
