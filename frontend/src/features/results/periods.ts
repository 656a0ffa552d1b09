export const SPANS = [7, 30, 90, 365] as const
export interface Period { since: string; until: string }

const DAY_MS = 86_400_000
const iso = (at: number) => new Date(at).toISOString().slice(0, 10)

/** The last so many days of the reader's calendar, today included. */
export function lastDays(count: number, now: Date): Period {
  const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate())
  return { since: iso(today - (count - 1) * DAY_MS), until: iso(today) }
}

/** Which of the usual spans a period is, if it is one that ends today. */
export const spanOf = (period: Period, now: Date) => SPANS.find((count) => {
  const one = lastDays(count, now)
  return one.since === period.since && one.until === period.until
})

/** Days from the first to the last, with `empty` for each on which nothing happened. */
export function withoutGaps<T extends { day: string }>(days: readonly T[], empty: (day: string) => T): T[] {
  if (!days.length) return []
  const found = new Map(days.map((one) => [one.day, one]))
  const first = Date.parse(days[0]!.day)
  const count = Math.round((Date.parse(days.at(-1)!.day) - first) / DAY_MS) + 1
  return Array.from({ length: count }, (_, at) => {
    const day = iso(first + at * DAY_MS)
    return found.get(day) ?? empty(day)
  })
}
