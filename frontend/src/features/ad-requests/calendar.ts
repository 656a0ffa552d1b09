import type { AdRequest, AdRequestSummary, Deliverable } from './types'

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

/** What an agreement asks of its influencer by which day, and what it has brought already. */
export function eventsOf(adRequest: AdRequest): CalendarEvent[] {
  return adRequest.deliverables.flatMap((one) => {
    const event = (kind: EventKind, day: string): CalendarEvent => ({
      id: `${one.id}-${kind}`, day, kind, title: one.title, campaign: adRequest.campaign.title, sponsor: adRequest.sponsor.name,
      amount: one.amount, status: one.status, adRequestId: adRequest.id, yours: one.your_turn,
    })
    if (one.status === 'cancelled') return []
    if (one.published_at) return [event('live', localDay(one.published_at))]
    const publish = event('publish', one.publish_by)
    // With the draft still to come, it is the draft that waits, not the publication.
    return one.status === 'due' ? [event('draft', one.due_on), { ...publish, yours: false }] : [publish]
  })
}

/** An open offer waits for an answer until its deadline. */
export function answerOf(row: AdRequestSummary): CalendarEvent[] {
  if (!row.your_turn || !row.next_deadline || !['proposed', 'negotiating'].includes(row.status)) return []
  return [{
    id: `${row.id}-answer`, day: localDay(row.next_deadline), kind: 'answer', title: null, campaign: row.campaign.title, sponsor: row.sponsor.name,
    amount: row.current_offer.fee, status: null, adRequestId: row.id, yours: true,
  }]
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
