import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { sponsorExportCampaigns, sponsorListCampaigns, type SponsorListCampaignsData } from '@/api/generated'
import { keys } from '@/api/keys'
import { usePagedQuery } from '@/api/usePagedQuery'
import { filtersOf, useExport } from '@/ui/table/useExport'
import type { CampaignStatus, CampaignSummary } from '../types'

export type CampaignFilters = Omit<NonNullable<SponsorListCampaignsData['query']>, 'cursor'>
/** What a list shows unless it is asked for more: put away means out of sight. */
export const keptStatuses: CampaignStatus[] = ['draft', 'published', 'paused', 'completed']

const asked = ({ status, ...filters }: CampaignFilters): CampaignFilters => ({ ...filters, status: status?.length ? status : keptStatuses })

/** The own campaigns, as filtered and sorted by the server. */
export function useCampaigns(filters: MaybeRefOrGetter<CampaignFilters>, enabled: MaybeRefOrGetter<boolean> = true) {
  const query = computed(() => asked(toValue(filters)))
  const list = usePagedQuery<CampaignSummary>({
    queryKey: computed(() => keys.list('campaigns', query.value)),
    queryFn: ({ cursor, signal }) => sponsorListCampaigns({ query: { ...query.value, cursor }, signal }),
    enabled,
  })
  return { ...list, ...useExport('campaigns', () => sponsorExportCampaigns({ query: filtersOf(query.value), parseAs: 'blob' })) }
}
