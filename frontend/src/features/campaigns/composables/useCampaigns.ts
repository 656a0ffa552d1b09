import { useMutation } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { sponsorExportCampaigns, sponsorListCampaigns, type SponsorListCampaignsData } from '@/api/generated'
import { keys } from '@/api/keys'
import { usePagedQuery } from '@/api/usePagedQuery'
import { saveAs } from '@/ui/chart/download'
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
  const { mutateAsync: download, isPending: exporting } = useMutation({
    mutationFn: () => {
      const { limit: _limit, sort: _sort, ...wanted } = query.value
      return sponsorExportCampaigns({ query: wanted, parseAs: 'blob' })
    },
    onSuccess: (csv) => saveAs(`campaigns-${new Date().toISOString().slice(0, 10)}.csv`, csv as unknown as Blob),
  })
  return { ...list, download, exporting }
}
