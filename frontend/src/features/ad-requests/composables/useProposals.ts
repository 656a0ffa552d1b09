import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { adminAssignInfluencer, adminReadCampaign, influencerApplyToCampaign, publicListInfluencers, sponsorInviteInfluencer, type OfferInput, type ProposalCreate } from '@/api/generated'
import { keys } from '@/api/keys'
import type { AdRequest } from '../types'

type ChosenBy = NonNullable<ProposalCreate['chosen_by']>
interface Proposal { campaignId: string; offer: OfferInput }
interface ToInfluencer extends Proposal { influencerId: string; chosenBy: ChosenBy }

/** The three ways in which an agreement begins: a sponsor invites, an influencer applies, an admin assigns. */
export function useProposals() {
  const client = useQueryClient()
  function made(adRequest: AdRequest) {
    client.setQueryData(keys.detail('ad-requests', adRequest.id), adRequest)
    void client.invalidateQueries({ queryKey: keys.lists('ad-requests') })
    for (const domain of ['home', 'campaigns', 'applications', 'opportunities', 'messages', 'summary'] as const) void client.invalidateQueries({ queryKey: keys.all(domain) })
  }
  const body = ({ influencerId, chosenBy, offer }: ToInfluencer): ProposalCreate => ({ influencer_id: influencerId, chosen_by: chosenBy, offer })
  return {
    invite: useMutation({ mutationFn: (one: ToInfluencer) => sponsorInviteInfluencer({ path: { campaign_id: one.campaignId }, body: body(one) }), onSuccess: made }),
    assign: useMutation({ mutationFn: (one: ToInfluencer) => adminAssignInfluencer({ path: { campaign_id: one.campaignId }, body: body(one) }), onSuccess: made }),
    apply: useMutation({ mutationFn: ({ campaignId, offer }: Proposal) => influencerApplyToCampaign({ path: { campaign_id: campaignId }, body: { offer } }), onSuccess: made }),
  }
}

/** What an admin needs for an assignment: the campaign, and influencers found by name. */
export function useAssignment(campaignId: MaybeRefOrGetter<string>, search: MaybeRefOrGetter<string>) {
  const campaign = useQuery({
    queryKey: computed(() => keys.detail('campaigns', toValue(campaignId))),
    queryFn: ({ signal }) => adminReadCampaign({ path: { campaign_id: toValue(campaignId) }, signal }),
  })
  const found = useQuery({
    queryKey: computed(() => keys.list('influencers', { q: toValue(search), limit: 10 })),
    queryFn: ({ signal }) => publicListInfluencers({ query: { ...(toValue(search) ? { q: toValue(search) } : {}), registered: true, limit: 10 }, signal }),
    placeholderData: (before) => before,
  })
  return { campaign: campaign.data, influencers: computed(() => found.data.value?.items ?? []), searching: found.isFetching }
}
