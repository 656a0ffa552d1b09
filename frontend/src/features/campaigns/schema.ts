import { z } from '@/forms/zod'

/** The brief as it is typed; the server checks the same again. Messages are keys. */
const text = (most: number) => z.string().trim().max(most, 'campaigns.errors.long')
const day = z.iso.date({ error: 'campaigns.errors.day' })
const amount = z.number({ error: 'campaigns.errors.amount' }).int().min(1, 'campaigns.errors.amount').max(1e12, 'campaigns.errors.amount')
const address = z.union([z.literal(''), z.url({ protocol: /^https?$/, error: 'campaigns.errors.address' })], { error: 'campaigns.errors.address' })

const phase = z.object({ name: text(80).min(1, 'campaigns.errors.phase_name'), starts_on: day, ends_on: day })
const deliverable = z.object({
  title: text(120).min(1, 'campaigns.errors.deliverable_title'),
  platform: z.string().nullable(),
  notes: text(1000),
  share: z.number({ error: 'campaigns.errors.share' }).int().min(1, 'campaigns.errors.share').max(100, 'campaigns.errors.share').nullable(),
  due_on: day.nullable(),
})

export const campaignSchema = z
  .object({
    title: text(160).min(1, 'campaigns.errors.title'),
    description: text(10_000),
    goals: text(2000),
    brand_id: z.string().nullable(),
    product_ids: z.array(z.string()),
    product_url: address,
    visibility: z.enum(['public', 'private']),
    niches: z.array(z.string()).max(20, 'campaigns.errors.many'),
    platforms: z.array(z.string()),
    countries: z.array(z.string()).max(50, 'campaigns.errors.many'),
    language: z.string(),
    min_reach: z.number().int().min(0).nullable(),
    influencers_wanted: z.number().int().min(1, 'campaigns.errors.wanted').max(10_000, 'campaigns.errors.wanted').nullable(),
    currency: z.string().length(3),
    budget: amount,
    fee_from: amount.nullable(),
    fee_to: amount.nullable(),
    starts_on: day,
    ends_on: day,
    time_zone: z.string().min(1, 'campaigns.errors.time_zone'),
    phases: z.array(phase).max(20, 'campaigns.errors.many'),
    hold_days: z.number().int().min(0).max(90).nullable(),
    attribution_touch: z.enum(['first', 'last']),
    attribution_window_days: z.number('campaigns.errors.window').int('campaigns.errors.window').min(1, 'campaigns.errors.window').max(90, 'campaigns.errors.window'),
    coupon_beats_link: z.boolean(),
    deliverables: z.array(deliverable).max(20, 'campaigns.errors.many'),
    usage_rights: text(4000),
    disclosure_rule: text(2000),
    disclosure_tags: z.array(z.string()).max(10, 'campaigns.errors.many'),
  })
  .superRefine((brief, context) => {
    const wrong = (message: string, ...path: (string | number)[]) => context.addIssue({ code: 'custom', path, message })
    if (brief.ends_on < brief.starts_on) wrong('campaigns.errors.ends_first', 'ends_on')
    for (const name of ['fee_from', 'fee_to'] as const) if ((brief[name] ?? 0) > brief.budget) wrong('campaigns.errors.over_budget', name)
    if (brief.fee_from !== null && brief.fee_to !== null && brief.fee_to < brief.fee_from) wrong('campaigns.errors.fee_range', 'fee_to')
    for (const [at, phase] of brief.phases.entries()) {
      if (phase.ends_on < phase.starts_on) wrong('campaigns.errors.ends_first', 'phases', at, 'ends_on')
      else if (phase.starts_on < brief.starts_on || phase.ends_on > brief.ends_on) wrong('campaigns.errors.phase_outside', 'phases', at, 'starts_on')
      if (brief.phases.some((other, index) => index < at && other.starts_on <= phase.ends_on && other.ends_on >= phase.starts_on)) wrong('campaigns.errors.phase_overlap', 'phases', at, 'starts_on')
      if (brief.phases.some((other, index) => index < at && other.name.toLowerCase() === phase.name.toLowerCase())) wrong('campaigns.errors.phase_twice', 'phases', at, 'name')
    }
    const shares = brief.deliverables.map((one) => one.share)
    const given = shares.filter((share) => share !== null)
    if (given.length && (given.length !== shares.length || given.reduce((sum, share) => sum + share, 0) !== 100)) wrong('campaigns.errors.shares', 'deliverables')
    for (const [at, one] of brief.deliverables.entries()) if (one.due_on && one.due_on > brief.ends_on) wrong('campaigns.errors.due_late', 'deliverables', at, 'due_on')
  })

export type BriefInput = z.input<typeof campaignSchema>
export type BriefOutput = z.output<typeof campaignSchema>

/** The steps of the wizard and the fields that each shows. */
export const steps = {
  what: ['title', 'description', 'goals', 'brand_id', 'product_ids', 'product_url'],
  who: ['visibility', 'niches', 'platforms', 'countries', 'language', 'min_reach', 'influencers_wanted'],
  money: ['currency', 'budget', 'fee_from', 'fee_to', 'starts_on', 'ends_on', 'time_zone', 'phases', 'hold_days', 'attribution_touch', 'attribution_window_days', 'coupon_beats_link'],
  deliver: ['deliverables', 'usage_rights', 'disclosure_rule', 'disclosure_tags'],
} as const satisfies Record<string, readonly (keyof BriefInput)[]>
export type Step = keyof typeof steps
export const stepNames = Object.keys(steps) as Step[]

/** What an influencer agrees to: a change of these after publication makes open offers stale. */
export const terms: ReadonlySet<string> = new Set([
  'description', 'goals', 'brand_id', 'product_ids', 'product_url', 'starts_on', 'ends_on', 'time_zone', 'phases', 'deliverables', 'usage_rights',
  'disclosure_rule', 'disclosure_tags', 'hold_days', 'attribution_touch', 'attribution_window_days', 'coupon_beats_link', 'fee_from', 'fee_to',
])
