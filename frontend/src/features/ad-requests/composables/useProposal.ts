import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { influencerApplyToCampaign, sponsorInviteInfluencer, sponsorListCampaigns, sponsorReadCampaign, type OfferInput, type ProposalCreate } from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'

/** A new agreement makes lists, the home and the campaign stale. */
function useStart() {
  const client = useQueryClient()
  return () => { for (const domain of ['ad-requests', 'home', 'campaigns', 'opportunities', 'messages'] as const) void client.invalidateQueries({ queryKey: keys.all(domain) }) }
}

/** Showing interest in a campaign with an own first offer. */
export function useApply(campaignId: MaybeRefOrGetter<string>) {
  const started = useStart()
  return useMutation({ mutationFn: (offer: OfferInput) => influencerApplyToCampaign({ path: { campaign_id: toValue(campaignId) }, body: { offer } }), onSuccess: started })
}

/** Inviting somebody: the campaigns that take invitations now, the chosen one with its brief, and sending. */
export function useInvite(campaignId: MaybeRefOrGetter<string | null>) {
  const started = useStart()
  const campaigns = useQuery({
    queryKey: keys.list('campaigns', { inviting: true }),
    queryFn: ({ signal }) => sponsorListCampaigns({ query: { status: ['published'], limit: 100, sort: '-created_at' }, signal }),
  })
  const chosen = useQuery({
    queryKey: computed(() => keys.detail('campaigns', toValue(campaignId) ?? '')),
    queryFn: ({ signal }) => sponsorReadCampaign({ path: { campaign_id: toValue(campaignId)! }, signal }),
    enabled: computed(() => toValue(campaignId) !== null),
  })
  const send = useMutation({ mutationFn: (body: ProposalCreate) => sponsorInviteInfluencer({ path: { campaign_id: toValue(campaignId)! }, body }), onSuccess: started })
  const error = computed(() => campaigns.error.value ?? chosen.error.value)
  return {
    campaigns: computed(() => (campaigns.data.value?.items ?? []).filter((one) => one.actions.includes('invite'))),
    campaign: chosen.data,
    loading: campaigns.isPending,
    error: computed(() => (error.value ? Problem.of(error.value) : null)),
    retry: () => { void campaigns.refetch(); if (toValue(campaignId) !== null) void chosen.refetch() },
    send,
  }
}
