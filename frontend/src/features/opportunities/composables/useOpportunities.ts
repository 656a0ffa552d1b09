import { useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import {
  influencerListAdRequests, influencerListCampaigns, influencerReadCampaign, influencerReadInfluencerProfile, type InfluencerListCampaignsData, type OpportunitySummary,
} from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import { usePagedQuery } from '@/api/usePagedQuery'

export type OpportunityFilters = Omit<NonNullable<InfluencerListCampaignsData['query']>, 'cursor'>

/** Open campaigns, with how each suits the own profile. */
export function useOpportunities(filters: MaybeRefOrGetter<OpportunityFilters>, enabled: MaybeRefOrGetter<boolean> = true) {
  return usePagedQuery<OpportunitySummary>({
    queryKey: computed(() => keys.list('opportunities', toValue(filters))),
    queryFn: ({ cursor, signal }) => influencerListCampaigns({ query: { ...toValue(filters), cursor }, signal }),
    enabled,
  })
}

/** One campaign for an influencer: the brief, how it suits, the own price, and the agreement where there is one. */
export function useOpportunity(id: MaybeRefOrGetter<string>) {
  const query = useQuery({ queryKey: computed(() => keys.detail('opportunities', toValue(id))), queryFn: ({ signal }) => influencerReadCampaign({ path: { campaign_id: toValue(id) }, signal }) })
  const own = useQuery({
    queryKey: computed(() => keys.part('opportunities', toValue(id), 'own')),
    queryFn: ({ signal }) => influencerListAdRequests({ query: { campaign_id: toValue(id), limit: 1 }, signal }),
  })
  const profile = useQuery({ queryKey: keys.detail('influencers', 'own'), queryFn: ({ signal }) => influencerReadInfluencerProfile({ signal }) })
  return {
    campaign: query.data,
    own: computed(() => own.data.value?.items[0] ?? null),
    price: computed(() => profile.data.value?.price ?? null),
    reach: computed(() => profile.data.value?.reach ?? null),
    loading: query.isPending,
    error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)),
    retry: () => void query.refetch(),
  }
}
