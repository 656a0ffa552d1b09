import type { CalendarRead } from '@/api/generated'
import type { Deliverable } from './types'

export type EventKind = 'answer' | 'draft' | 'publish' | 'live'
export interface CalendarEvent {
  id: string
  /** yyyy-mm-dd in the reader's time zone. */
  day: string
  kind: EventKind
  /** The deliverable; nothing for an offer to answer. */
  title: string | null
  campaign: string
  sponsor: string
  amount: { amount: number; currency: string } | null
  status: Deliverable['status'] | null
  adRequestId: string
  yours: boolean
}

/** The calendar day of a moment where the reader is. */
export function localDay(at: string): string {
  const when = new Date(at)
  return [when.getFullYear(), when.getMonth() + 1, when.getDate()].map((part) => String(part).padStart(2, '0')).join('-')
}

/** What a deliverable asks of its influencer by which day and what it has brought already, or until when an offer is answered. */
export function eventsOf(one: CalendarRead): CalendarEvent[] {
  const event = (kind: EventKind, day: string): CalendarEvent => ({
    id: `${one.id}-${kind}`, day, kind, title: one.title, campaign: one.campaign, sponsor: one.sponsor,
    amount: one.amount, status: one.status as CalendarEvent['status'], adRequestId: one.ad_request_id, yours: one.your_turn,
  })
  if (one.answer_by) return [event('answer', localDay(one.answer_by))]
  if (one.published_at) return [event('live', localDay(one.published_at))]
  if (!one.publish_by || !one.due_on) return []
  const publish = event('publish', one.publish_by)
  // With the draft still to come, it is the draft that waits, not the publication.
  return one.status === 'due' ? [event('draft', one.due_on), { ...publish, yours: false }] : [publish]
}

/** The days that a month's sheet may show: its own, and a week around them. */
export function sheetOf(month: string): { from: string; to: string } {
  const [year, at] = month.split('-').map(Number) as [number, number]
  const day = (after: number, of: number) => new Date(Date.UTC(year, of, after)).toISOString().slice(0, 10)
  return { from: day(1 - 7, at - 1), to: day(7, at) }
}

export interface Day { day: string; inside: boolean; events: CalendarEvent[] }

/** The weeks of a month (yyyy-mm), filled up with the days around it. `first` is the week's first day: 1 Monday … 7 Sunday. */
export function weeksOf(month: string, events: readonly CalendarEvent[], first = 1): Day[][] {
  const [year, at] = month.split('-').map(Number) as [number, number]
  const start = new Date(Date.UTC(year, at - 1, 1))
  const back = ((start.getUTCDay() || 7) - first + 7) % 7
  const days = new Date(Date.UTC(year, at, 0)).getUTCDate()
  return Array.from({ length: Math.ceil((back + days) / 7) }, (_, week) =>
    Array.from({ length: 7 }, (_, weekday) => {
      const day = new Date(Date.UTC(year, at - 1, 1 - back + week * 7 + weekday)).toISOString().slice(0, 10)
      return { day, inside: day.startsWith(month), events: events.filter((one) => one.day === day) }
    }),
  )
}

/** Days that have something, in order. */
export function daysOf(events: readonly CalendarEvent[]): { day: string; events: CalendarEvent[] }[] {
  const days = [...new Set(events.map((one) => one.day))].sort()
  return days.map((day) => ({ day, events: events.filter((one) => one.day === day) }))
}
