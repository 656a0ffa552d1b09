import { useI18n } from 'vue-i18n'
import { useFormat } from '@/i18n/useFormat'
import { useNow } from '@/i18n/useNow'
import { stateWord, whenOf } from '../state'
import type { Brief, CampaignSummary } from '../types'

/** Words that the campaign pages share: state by dates, dates as a sentence, who may see it. */
export function useCampaignWords() {
  const { t, te } = useI18n()
  const now = useNow()
  const { fullDate, date, money, languageName } = useFormat()

  const state = (campaign: CampaignSummary) => stateWord(campaign, now.value)
  /** "ends in 9 d", "starts 11 Jan", "ended 30 Sep". */
  function when(campaign: Pick<CampaignSummary, 'starts_on' | 'ends_on' | 'time_zone' | 'status'>): string {
    const { kind, days, day } = whenOf(campaign, now.value)
    // Ended by its sponsor before its dates: nothing comes any more.
    if (kind !== 'ended' && (campaign.status === 'completed' || campaign.status === 'archived')) return ''
    if (days === 0) return t(`campaigns.when.${kind}_today`)
    return days <= 31 && kind !== 'ended' ? t(`campaigns.when.${kind}_in`, { span: t('common.span.days', { n: days }) }) : t(`campaigns.when.${kind}_on`, { day: date(day) })
  }
  function days(from: string | null, to: string | null): string {
    if (!from || !to) return '—'
    return from.slice(0, 4) === to.slice(0, 4) ? `${date(from)} – ${date(to)}` : `${fullDate(from)} – ${fullDate(to)}`
  }
  const platform = (name: string) => (te(`campaigns.platforms.${name}`) || te(`campaigns.platforms.${name}`, 'en') ? t(`campaigns.platforms.${name}`) : name)
  /** A niche somebody wrote by hand has no translation: it shows as written, with a capital. */
  const niche = (name: string) => (te(`identity.sign_up.niche_options.${name}`) ? t(`identity.sign_up.niche_options.${name}`) : name.charAt(0).toLocaleUpperCase() + name.slice(1))
  /** "€800.00 – €1,200.00", "from €800.00", "up to €1,200.00". */
  function fees({ fee_from: from, fee_to: to }: Pick<Brief, 'fee_from' | 'fee_to'>): string {
    if (from && to) return from.amount === to.amount ? money(from) : `${money(from)} – ${money(to)}`
    if (from) return t('campaigns.fee_from', { from: money(from) })
    return to ? t('campaigns.fee_to', { to: money(to) }) : ''
  }
  /** "last click within 30 days; a coupon code decides". */
  function orders({ attribution_touch: touch, attribution_window_days: n, coupon_beats_link: coupon }: Pick<Brief, 'attribution_touch' | 'attribution_window_days' | 'coupon_beats_link'>): string {
    const rule = t(`campaigns.orders.${touch}`, { n }, n)
    return coupon ? t('campaigns.orders.coupon', { rule }) : rule
  }
  const language = (code: string) => (code ? languageName(code) : '')
  return { state, when, days, platform, niche, fees, orders, language }
}
