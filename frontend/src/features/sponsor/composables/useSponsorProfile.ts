import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import { sponsorReadSponsorProfile, sponsorUpdateSponsorProfile, type SponsorProfileUpdate } from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import { useSession } from '@/state/session'

/** The sponsor as its members edit it; open to those who still wait for approval. */
export function useSponsorProfile() {
  const client = useQueryClient()
  const session = useSession()
  const query = useQuery({ queryKey: keys.detail('sponsors', 'own'), queryFn: ({ signal }) => sponsorReadSponsorProfile({ signal }) })
  const save = useMutation({
    mutationFn: (body: SponsorProfileUpdate) => sponsorUpdateSponsorProfile({ body }),
    onSuccess: (profile) => {
      client.setQueryData(keys.detail('sponsors', 'own'), profile)
      void client.invalidateQueries({ queryKey: keys.all('home') })
      void session.load()
    },
  })
  return { profile: query.data, loading: query.isPending, error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)), retry: () => void query.refetch(), save }
}
