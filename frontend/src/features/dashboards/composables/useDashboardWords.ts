import { useI18n } from 'vue-i18n'
import { useCampaignWords } from '@/features/campaigns/composables/useCampaignWords'
import { currencyExponent } from '@/i18n/money'
import { useFormat } from '@/i18n/useFormat'
import type { Figures, Period, ShownPanel, Unit } from '../types'

type Key = Figures['rows'][number]['keys'][number]
const TITLES = 2
/** Within a sentence; ROI stays as it is. */
const lower = (name: string) => (/^\p{Lu}{2}/u.test(name) ? name : name.charAt(0).toLocaleLowerCase() + name.slice(1))

/** Fields, values and figures of dashboards in words. */
export function useDashboardWords() {
  const { t, te } = useI18n()
  const { date, fullDate, number, money, percent, list } = useFormat()
  const campaigns = useCampaignWords()

  const field = (key: string) => (te(`dashboards.fields.${key}`) || te(`dashboards.fields.${key}`, 'en') ? t(`dashboards.fields.${key}`) : key)
  const hint = (key: string) => (te(`dashboards.hints.${key}`) || te(`dashboards.hints.${key}`, 'en') ? t(`dashboards.hints.${key}`) : undefined)
  /** A value of a dimension, as the page or the data name it. */
  function named(dimension: string, { value, label }: Key): string {
    if (value === null) return dimension === 'phase' ? t('report.outside') : t(`dashboards.none_of.${dimension}`)
    if (label) return label
    switch (dimension) {
      case 'day': return date(value)
      case 'week': return t('dashboards.week_of', { day: date(value) })
      case 'month': return date(value, { month: 'short', year: 'numeric' })
      case 'platform': return campaigns.platform(value)
      case 'reason': return t(`links.reasons.${value}`)
      case 'chosen_by': return t(`ad_requests.chosen.${value}`)
      default: return value
    }
  }
  /** A measure as it is read: "€1,200.00", "12.34 %", "—" where there is nothing to divide by. */
  function figure(unit: Unit, value: number | null, currency: string | null): string {
    if (value === null) return '—'
    if (unit === 'money') return currency ? money({ amount: Math.round(value), currency }) : number(value)
    return unit === 'fraction' ? percent(value) : number(value)
  }
  /** The same along an axis: "€1.2K". */
  function short(unit: Unit, value: number, currency: string | null): string {
    if (unit === 'fraction') return percent(value, { digits: 0 })
    const few = { notation: 'compact', maximumFractionDigits: 1 } as const
    if (unit === 'count' || !currency) return number(value, few)
    return number(value / 10 ** currencyExponent(currency), { ...few, style: 'currency', currency, currencyDisplay: 'narrowSymbol' })
  }
  /** The own title, else its fields: "Orders by influencer and week". */
  function title({ title: own, dimensions, measures }: Pick<ShownPanel, 'title' | 'dimensions' | 'measures'>): string {
    if (own) return own
    const names = measures.map((key, at) => (at ? lower(field(key)) : field(key)))
    const what = names.length > TITLES ? t('dashboards.title_more', { first: names[0]!, n: names.length - 1 }) : list(names)
    return dimensions.length ? t('dashboards.title_by', { what, by: list(dimensions.map((key) => lower(field(key)))) }) : what
  }
  function period({ last_days: days, since, until }: Period): string {
    if (days) return t('dashboards.last_days', { n: days }, days)
    if (since && until) return campaigns.days(since, until)
    if (since) return t('dashboards.since', { day: fullDate(since) })
    return until ? t('dashboards.until', { day: fullDate(until) }) : t('dashboards.all_days')
  }
  return { field, hint, named, figure, short, title, period }
}
