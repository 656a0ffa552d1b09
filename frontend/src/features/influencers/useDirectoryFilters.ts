import { computed } from 'vue'
import { useUrlFilters } from '@/ui/useUrlFilters'
import type { InfluencerFilters } from './composables/useDirectory'

/** The directory's filters in the address, and as the server takes them. It opens with those who can be asked: who is on Accord. */
export function useDirectoryFilters(currency = 'EUR') {
  const url = useUrlFilters({ q: '', niche: '', platform: '', language: '', country: '', min_reach: 0, max_reach: 0, max_price: 0, currency, min_rating: '', available: false, registered: true, sort: '-reach' })
  const asked = computed<InfluencerFilters>(() => {
    const { filters } = url
    const { currency: of, max_price, ...rest } = filters.value
    const said = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== '' && value !== 0 && value !== false))
    return { ...said, ...(max_price ? { max_price, currency: of } : {}) } as InfluencerFilters
  })
  const active = computed(() => url.active.value.filter((one) => one !== 'currency'))
  return { ...url, asked, active }
}
