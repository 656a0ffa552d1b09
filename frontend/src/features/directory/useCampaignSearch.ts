import { computed } from 'vue'
import { useUrlFilters } from '@/ui/useUrlFilters'
import type { OpenCampaignFilters } from './composables/useOpenCampaigns'

/** The search among open campaigns: in the address, and as the server takes it. */
export function useCampaignSearch() {
  const url = useUrlFilters({ q: '', niche: [] as string[], platform: [] as string[], min_budget: 0, currency: 'EUR', starts_after: '', running_on: '', language: '', country: '', fits: false, sort: '' })
  const asked = computed<OpenCampaignFilters & { fits?: boolean }>(() => {
    const { min_budget, currency, fits, ...rest } = url.filters.value
    const said = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== '' && !(Array.isArray(value) && value.length === 0)))
    return { ...said, ...(min_budget ? { min_budget, currency } : {}), ...(fits ? { fits } : {}) }
  })
  const active = computed(() => url.active.value.filter((one) => one !== 'currency'))
  return { ...url, asked, active }
}
