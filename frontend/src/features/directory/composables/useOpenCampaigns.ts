import { useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { publicListOpenCampaigns, publicReadOpenCampaign, type OpenCampaignSummary, type PublicListOpenCampaignsData } from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import { usePagedQuery } from '@/api/usePagedQuery'

export type OpenCampaignFilters = Omit<NonNullable<PublicListOpenCampaignsData['query']>, 'cursor'>

/** Campaigns that anyone may read. */
export function useOpenCampaigns(filters: MaybeRefOrGetter<OpenCampaignFilters>, enabled: MaybeRefOrGetter<boolean> = true) {
  return usePagedQuery<OpenCampaignSummary>({
    queryKey: computed(() => keys.list('public', { campaigns: toValue(filters) })),
    queryFn: ({ cursor, signal }) => publicListOpenCampaigns({ query: { ...toValue(filters), cursor }, signal }),
    enabled,
  })
}

export function useOpenCampaign(id: MaybeRefOrGetter<string>) {
  const query = useQuery({ queryKey: computed(() => keys.detail('public', toValue(id))), queryFn: ({ signal }) => publicReadOpenCampaign({ path: { campaign_id: toValue(id) }, signal }) })
  return { campaign: query.data, loading: query.isPending, error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)), retry: () => void query.refetch() }
}
