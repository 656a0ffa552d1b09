import { useI18n } from 'vue-i18n'
import { useCampaignWords } from '@/features/campaigns/composables/useCampaignWords'
import { useFormat } from '@/i18n/useFormat'

/** Words that profiles share: niches, platforms, languages, ratings. */
export function useProfileWords() {
  const { t } = useI18n()
  const { number } = useFormat()
  const words = useCampaignWords()
  const stars = (average: number | null | undefined) => (average == null ? '—' : number(average, { minimumFractionDigits: 1, maximumFractionDigits: 1 }))
  function rating({ average, count }: { average?: number | null; count: number }): string {
    return average == null || count === 0 ? t('influencers.unrated') : t('influencers.rated', { stars: stars(average), n: count }, count)
  }
  /** "instagram" is written as the platform writes itself. */
  return { niche: words.niche, platform: words.platform, language: words.language, stars, rating }
}
