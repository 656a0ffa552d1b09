import { daysBetween } from './state'

/** Months as yyyy-mm; all arithmetic in UTC, since these are calendar days and not moments. */
export const monthOf = (day: string) => day.slice(0, 7)
export function addMonths(month: string, n: number): string {
  const [year, at] = month.split('-').map(Number) as [number, number]
  const moved = new Date(Date.UTC(year, at - 1 + n, 1))
  return moved.toISOString().slice(0, 7)
}
export const firstDay = (month: string) => `${month}-01`
export const lastDay = (month: string) => new Date(Date.parse(`${addMonths(month, 1)}-01T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10)
export const isMonth = (text: string) => /^\d{4}-(0[1-9]|1[0-2])$/.test(text)

export interface Span {
  /** Per cent of the shown stretch. */
  left: number
  width: number
  /** It begins before, or goes on after, what is shown. */
  before: boolean
  after: boolean
}
/** Where a stretch of days lies between two days (all included); null outside. */
export function spanIn(from: string, to: string, starts: string, ends: string): Span | null {
  if (ends < from || starts > to) return null
  const days = daysBetween(from, to) + 1
  const first = starts < from ? from : starts
  const last = ends > to ? to : ends
  return {
    left: (daysBetween(from, first) / days) * 100,
    width: ((daysBetween(first, last) + 1) / days) * 100,
    before: starts < from,
    after: ends > to,
  }
}
