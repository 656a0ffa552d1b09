const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export type DeadlineTone = 'plain' | 'soon' | 'late'
export interface Span {
  days: number
  hours: number
  minutes: number
}

/**
 * A span cut to what a reader needs: minutes matter under 12 h, hours under 4 days. Rounded down for what is left,
 * so a page never promises more time than there is.
 */
export function readableSpan(ms: number): Span {
  const left = Math.max(0, ms)
  if (left < HOUR) return { days: 0, hours: 0, minutes: Math.floor(left / MINUTE) }
  if (left < 12 * HOUR) return { days: 0, hours: Math.floor(left / HOUR), minutes: Math.floor((left % HOUR) / MINUTE) }
  if (left < 2 * DAY) return { days: 0, hours: Math.floor(left / HOUR), minutes: 0 }
  if (left < 4 * DAY) return { days: Math.floor(left / DAY), hours: Math.floor((left % DAY) / HOUR), minutes: 0 }
  return { days: Math.floor(left / DAY), hours: 0, minutes: 0 }
}

/** Grey, then a warning under 24 h, then late. */
export function deadlineTone(at: Date, now: Date): DeadlineTone {
  const left = at.getTime() - now.getTime()
  if (left < 0) return 'late'
  return left < DAY ? 'soon' : 'plain'
}

/** Late spans drop the finer unit sooner: "3 d overdue", "5 h overdue". */
export function overdueSpan(ms: number): Span {
  if (ms < HOUR) return { days: 0, hours: 0, minutes: Math.max(1, Math.floor(ms / MINUTE)) }
  if (ms < 2 * DAY) return { days: 0, hours: Math.floor(ms / HOUR), minutes: 0 }
  return { days: Math.floor(ms / DAY), hours: 0, minutes: 0 }
}

export function sameDay(a: Date, b: Date, timeZone?: string): boolean {
  const day = new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone })
  return day.format(a) === day.format(b)
}

export function ageKind(at: Date, now: Date): 'now' | 'minutes' | 'hours' | 'yesterday' | 'date' {
  const age = now.getTime() - at.getTime()
  // Two clocks are never quite the same.
  if (age < -MINUTE) return 'date'
  if (age < MINUTE) return 'now'
  if (age < HOUR) return 'minutes'
  if (age < 12 * HOUR && sameDay(at, now)) return 'hours'
  if (age < 12 * HOUR) return 'hours'
  if (sameDay(at, now)) return 'hours'
  if (sameDay(at, new Date(now.getTime() - DAY))) return 'yesterday'
  return 'date'
}
