import type { ScheduledRead } from '@/api/generated'
import type { Span } from '@/i18n/time'

/** Seconds as the parts that a reader needs; a schedule is never finer than a minute. */
export function spanOf(seconds: number): Span {
  const minutes = Math.round(seconds / 60)
  return { days: Math.floor(minutes / 1440), hours: Math.floor((minutes % 1440) / 60), minutes: minutes % 60 }
}

/** Two turns passed without it: the beat or the workers stand still. */
export function isMissed(line: Pick<ScheduledRead, 'every_seconds' | 'last_window_at'>, now: Date): boolean {
  if (line.last_window_at === null) return false
  return now.getTime() - Date.parse(line.last_window_at) > 2 * line.every_seconds * 1000 + 60_000
}
