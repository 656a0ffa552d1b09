import type { CampaignRead, CampaignSummary, MoneyRead } from '@/api/generated'

export type Campaign = CampaignRead
export type { CampaignSummary }
export type CampaignStatus = CampaignSummary['status']

/** What a brief shows, whether it is saved or still being written. */
export type Brief = Pick<
  Campaign,
  | 'title' | 'goals' | 'niches' | 'platforms' | 'countries' | 'language' | 'min_reach' | 'influencers_wanted' | 'visibility'
  | 'product_url' | 'usage_rights' | 'disclosure_rule' | 'disclosure_tags' | 'hold_days' | 'time_zone'
  | 'attribution_touch' | 'attribution_window_days' | 'coupon_beats_link'
> & {
  sponsor: { name: string }
  brand: { name: string; site: string } | null
  products: { id: string; name: string; url: string; price: MoneyRead | null }[]
  budget: MoneyRead | null
  fee_from: MoneyRead | null
  fee_to: MoneyRead | null
  starts_on: string | null
  ends_on: string | null
  phases: { name: string; starts_on: string | null; ends_on: string | null }[]
  deliverables: { title: string; platform: string | null; notes: string; share: number | null; due_on: string | null }[]
}

/** What a person may do with a campaign as such; the server lists which are possible now. */
export const acts = ['publish', 'resume', 'pause', 'complete', 'archive', 'duplicate', 'delete'] as const
export type Act = (typeof acts)[number]
export const isAct = (name: string): name is Act => (acts as readonly string[]).includes(name)
