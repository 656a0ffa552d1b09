import type { CampaignCreate, CampaignUpdate, MoneyRead } from '@/api/generated'
import { dayIn } from './state'
import type { BriefInput, BriefOutput } from './schema'
import type { Brief, Campaign } from './types'

type Values = { [K in keyof BriefInput]: BriefInput[K] | null | '' }

/** What a form starts with: nothing wrong in it but what only a person can say. */
export function emptyBrief({ currency, timeZone, disclosure, tags }: { currency: string; timeZone: string; disclosure: string; tags: string[] }): Values {
  return {
    title: '', description: '', goals: '', brand_id: null, product_ids: [], product_url: '', visibility: 'public', niches: [], platforms: [], countries: [],
    language: '', min_reach: null, influencers_wanted: null, currency, budget: null, fee_from: null, fee_to: null, starts_on: null, ends_on: null,
    time_zone: timeZone, phases: [], hold_days: null, attribution_touch: 'last', attribution_window_days: 30, coupon_beats_link: true, deliverables: [], usage_rights: '', disclosure_rule: disclosure, disclosure_tags: tags,
  }
}

/** A saved campaign as the form holds it. */
export function valuesOf(campaign: Campaign): Values {
  const { title, description, goals, brand_id, product_url, visibility, language, influencers_wanted, starts_on, ends_on, time_zone, hold_days, attribution_touch, attribution_window_days, coupon_beats_link, usage_rights, disclosure_rule } = campaign
  return {
    title, description, goals, brand_id, product_url, visibility, language, influencers_wanted, starts_on, ends_on, time_zone, hold_days, attribution_touch, attribution_window_days, coupon_beats_link, usage_rights, disclosure_rule,
    product_ids: [...campaign.product_ids],
    niches: [...campaign.niches],
    platforms: [...campaign.platforms],
    countries: [...campaign.countries],
    disclosure_tags: [...campaign.disclosure_tags],
    min_reach: campaign.min_reach || null,
    currency: campaign.budget.currency,
    budget: campaign.budget.amount,
    fee_from: campaign.fee_from?.amount ?? null,
    fee_to: campaign.fee_to?.amount ?? null,
    phases: campaign.phases.map(({ name, starts_on: from, ends_on: to }) => ({ name, starts_on: from, ends_on: to })),
    deliverables: campaign.deliverables.map(({ title: name, platform, notes, share, due_on }) => ({ title: name, platform, notes, share, due_on })),
  }
}

/** Checked values as the API takes them. */
export function bodyOf({ currency, budget, fee_from, fee_to, min_reach, ...rest }: BriefOutput): CampaignCreate {
  const money = (amount: number | null): MoneyRead | null => (amount === null ? null : { amount, currency })
  return { ...rest, budget: { amount: budget, currency }, fee_from: money(fee_from), fee_to: money(fee_to), min_reach: min_reach ?? 0 } as CampaignCreate
}

/** Only what differs is sent, so that two people who change different parts both keep theirs. */
export function changesOf(before: CampaignCreate, after: CampaignCreate): CampaignUpdate {
  const order = (value: unknown): unknown => (Array.isArray(value) && value.every((one) => typeof one === 'string') ? [...value].sort() : value)
  const same = (key: keyof CampaignCreate) => JSON.stringify(order(before[key])) === JSON.stringify(order(after[key]))
  return Object.fromEntries((Object.keys(after) as (keyof CampaignCreate)[]).filter((key) => !same(key)).map((key) => [key, after[key]])) as CampaignUpdate
}

/** What is typed, as its readers would see it. */
export function previewOf(
  values: Values,
  { sponsor, brands, products }: { sponsor: string; brands: readonly { id: string; name: string; site: string }[]; products: readonly Brief['products'][number][] },
): Brief {
  const money = (amount: unknown) => (typeof amount === 'number' && amount > 0 ? { amount, currency: String(values.currency) } : null)
  const list = <T>(value: T[] | null | ''): T[] => value || []
  return {
    title: String(values.title ?? ''), goals: String(values.goals ?? ''), niches: list(values.niches), platforms: list(values.platforms), countries: list(values.countries),
    language: String(values.language ?? ''), min_reach: Number(values.min_reach ?? 0), influencers_wanted: typeof values.influencers_wanted === 'number' ? values.influencers_wanted : null,
    visibility: values.visibility === 'private' ? 'private' : 'public', product_url: String(values.product_url ?? ''), usage_rights: String(values.usage_rights ?? ''),
    disclosure_rule: String(values.disclosure_rule ?? ''), disclosure_tags: list(values.disclosure_tags), hold_days: typeof values.hold_days === 'number' ? values.hold_days : null,
    attribution_touch: values.attribution_touch === 'first' ? 'first' : 'last', attribution_window_days: Number(values.attribution_window_days ?? 30), coupon_beats_link: values.coupon_beats_link !== false,
    time_zone: String(values.time_zone ?? ''), sponsor: { name: sponsor }, brand: brands.find((brand) => brand.id === values.brand_id) ?? null,
    products: products.filter((product) => list(values.product_ids).includes(product.id)), budget: money(values.budget), fee_from: money(values.fee_from), fee_to: money(values.fee_to),
    starts_on: values.starts_on || null, ends_on: values.ends_on || null, phases: list(values.phases), deliverables: list(values.deliverables),
  }
}

/** What publication needs besides a valid brief. */
export function missingForPublication(values: Pick<Values, 'description' | 'ends_on' | 'time_zone'>, now: Date): ('description' | 'ends_on')[] {
  const missing: ('description' | 'ends_on')[] = []
  if (!String(values.description ?? '').trim()) missing.push('description')
  if (values.ends_on && values.ends_on < dayIn(String(values.time_zone || 'UTC'), now)) missing.push('ends_on')
  return missing
}
