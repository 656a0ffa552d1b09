import { useI18n } from 'vue-i18n'
import type { PunctualityRead } from '@/api/generated'
import { useCampaignWords } from '@/features/campaigns/composables/useCampaignWords'
import { useFormat } from '@/i18n/useFormat'

/** Words that profiles share: niches, platforms, languages, ratings. */
export function useProfileWords() {
  const { t } = useI18n()
  const { number, percent } = useFormat()
  const words = useCampaignWords()
  const stars = (average: number | null | undefined) => (average == null ? '—' : number(average, { minimumFractionDigits: 1, maximumFractionDigits: 1 }))
  function rating({ average, count }: { average?: number | null; count: number }): string {
    return average == null || count === 0 ? t('influencers.unrated') : t('influencers.rated', { stars: stars(average), n: count }, count)
  }
  /** "pays in 2.3 days, 96 % on time, 24 payments"; nothing below what can be said. */
  function punctuality({ days_to_pay: days, on_time_percent: onTime, count }: PunctualityRead): string {
    if (days === null || onTime === null) return ''
    return t('directory.punctuality', { days: t('directory.pay_days', { n: number(days, { maximumFractionDigits: 1 }) }, days), percent: percent(onTime / 100, { digits: 0 }), payments: t('directory.payments', { n: number(count) }, count) })
  }
  /** "instagram" is written as the platform writes itself. */
  return { niche: words.niche, platform: words.platform, language: words.language, stars, rating, punctuality }
}
