import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import {
  influencerAddSocialAccount, influencerReadInfluencerProfile, influencerRemoveSocialAccount, influencerUpdateInfluencerProfile, influencerUpdateSocialAccount, type InfluencerProfileRead,
  type InfluencerProfileUpdate, type SocialAccountCreate, type SocialAccountUpdate,
} from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import { useSession } from '@/state/session'

/** The own profile as it is edited; reach and engagement are computed by the server from the accounts. */
export function useOwnProfile() {
  const client = useQueryClient()
  const session = useSession()
  const key = keys.detail('influencers', 'own')
  const query = useQuery({ queryKey: key, queryFn: ({ signal }) => influencerReadInfluencerProfile({ signal }) })
  function changed(profile?: InfluencerProfileRead) {
    if (profile) client.setQueryData(key, profile)
    for (const domain of ['influencers', 'home', 'opportunities'] as const) void client.invalidateQueries({ queryKey: keys.all(domain) })
  }
  return {
    profile: query.data,
    loading: query.isPending,
    error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)),
    retry: () => void query.refetch(),
    save: useMutation({
      mutationFn: (body: InfluencerProfileUpdate) => influencerUpdateInfluencerProfile({ body }),
      onSuccess: (profile) => { changed(profile); void session.load() },
    }),
    add: useMutation({ mutationFn: (body: SocialAccountCreate) => influencerAddSocialAccount({ body }), onSuccess: () => changed() }),
    change: useMutation({ mutationFn: ({ id, body }: { id: string; body: SocialAccountUpdate }) => influencerUpdateSocialAccount({ path: { account_id: id }, body }), onSuccess: () => changed() }),
    remove: useMutation({ mutationFn: (id: string) => influencerRemoveSocialAccount({ path: { account_id: id } }), onSuccess: () => changed() }),
  }
}
