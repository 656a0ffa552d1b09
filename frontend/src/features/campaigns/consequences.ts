import type { Act, CampaignSummary } from './types'
import type { KeyValue } from '@/ui/KeyValueList.vue'

type Words = (key: string, named?: Record<string, unknown>, plural?: number) => string
interface Formats {
  money: (value: CampaignSummary['free']) => string
  date: (day: string) => string
}
export interface Consequences {
  title: string
  text: string
  lines: KeyValue[]
  confirm: string
  tone: 'danger' | 'primary'
  /** The result, for the toast. */
  done: string
}

/** Only what cannot be taken back is drawn as dangerous: ending, putting away, deleting. */
const dangerous: readonly Act[] = ['complete', 'archive', 'delete']
const lineNames: Record<Act, readonly ('seen_by' | 'money' | 'dates' | 'proposals' | 'agreements' | 'free' | 'copied' | 'left_out')[]> = {
  publish: ['seen_by', 'money', 'dates'],
  resume: ['seen_by', 'proposals', 'dates'],
  pause: ['proposals', 'agreements', 'money'],
  complete: ['proposals', 'agreements', 'free'],
  archive: ['proposals', 'agreements', 'free'],
  duplicate: ['copied', 'left_out'],
  delete: ['agreements', 'money'],
}

/** What an act will do in money and time, worded before it is done. */
export function consequencesOf(act: Act, campaign: CampaignSummary, t: Words, { money, date }: Formats): Consequences {
  const base = `campaigns.act.${act}`
  const named = {
    title: campaign.title, budget: money(campaign.budget), free: money(campaign.free), committed: money(campaign.committed),
    from: date(campaign.starts_on), to: date(campaign.ends_on), n: campaign.open_agreements,
  }
  const value = (name: string): string => {
    if (name === 'seen_by') return t(`campaigns.act.seen_by_${campaign.visibility}`)
    if (name === 'agreements') return act === 'delete' ? t('campaigns.act.agreements_none') : t('campaigns.act.agreements_go_on', named, campaign.open_agreements)
    if (name === 'dates') return t('campaigns.act.dates', named)
    if (name === 'free') return t('campaigns.act.free', named)
    return t(`${base}.${name}`, named)
  }
  return {
    title: t(`${base}.title`, named),
    text: t(`${base}.text`, named),
    lines: lineNames[act].map((name) => ({ label: t(`campaigns.act.line.${name}`), value: value(name) })),
    confirm: t(`${base}.confirm`, named),
    tone: dangerous.includes(act) ? 'danger' : 'primary',
    done: t(`${base}.done`, named),
  }
}
