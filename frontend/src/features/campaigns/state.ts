import type { CampaignSummary } from './types'

type Dated = Pick<CampaignSummary, 'status' | 'approval' | 'starts_on' | 'ends_on' | 'time_zone' | 'hidden' | 'suspended'>
export type StateWord =
  | 'draft' | 'awaiting_approval' | 'returned' | 'hidden' | 'scheduled' | 'running' | 'ended' | 'paused' | 'completed' | 'archived'

/** The calendar day at a moment in a time zone, as yyyy-mm-dd; an unknown zone counts as UTC. */
export function dayIn(timeZone: string, at: Date): string {
  const format = (zone: string) => new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at)
  try { return format(timeZone) } catch { return format('UTC') }
}

/** Whole days from one calendar day to another. */
export const daysBetween = (from: string, to: string) => Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)

/** The plain word for a campaign's state: a published one is running, scheduled or ended by its dates. */
export function stateWord(campaign: Dated, now: Date): StateWord {
  if (campaign.status === 'draft') {
    if (campaign.approval === 'waiting') return 'awaiting_approval'
    return campaign.approval === 'returned' ? 'returned' : 'draft'
  }
  if (campaign.status !== 'published') return campaign.status
  if (campaign.hidden || campaign.suspended) return 'hidden'
  const today = dayIn(campaign.time_zone, now)
  if (campaign.starts_on > today) return 'scheduled'
  return campaign.ends_on < today ? 'ended' : 'running'
}

export interface When {
  kind: 'starts' | 'ends' | 'ended'
  /** Days until or since; 0 is today. */
  days: number
  day: string
}
/** What comes next in a campaign's dates. */
export function whenOf(campaign: Pick<CampaignSummary, 'starts_on' | 'ends_on' | 'time_zone'>, now: Date): When {
  const today = dayIn(campaign.time_zone, now)
  if (campaign.starts_on > today) return { kind: 'starts', days: daysBetween(today, campaign.starts_on), day: campaign.starts_on }
  if (campaign.ends_on >= today) return { kind: 'ends', days: daysBetween(today, campaign.ends_on), day: campaign.ends_on }
  return { kind: 'ended', days: daysBetween(campaign.ends_on, today), day: campaign.ends_on }
}

/** The phase of a day, counted from 1; null between phases. */
export function phaseOn(phases: readonly { name: string; starts_on: string; ends_on: string }[], day: string) {
  const at = phases.findIndex((phase) => phase.starts_on <= day && day <= phase.ends_on)
  return at < 0 ? null : { number: at + 1, of: phases.length, phase: phases[at]! }
}

/** Where a campaign stands on the board. */
export const boardColumns = ['draft', 'awaiting_approval', 'published', 'paused', 'completed'] as const
export type BoardColumn = (typeof boardColumns)[number] | 'archived'
export function columnOf(campaign: Dated): BoardColumn {
  if (campaign.status === 'draft') return campaign.approval === 'waiting' ? 'awaiting_approval' : 'draft'
  return campaign.status
}
