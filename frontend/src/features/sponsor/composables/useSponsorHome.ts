import { useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { sponsorListTurns, sponsorReadSummary, type TurnRead } from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import { usePagedQuery } from '@/api/usePagedQuery'
import { useCampaigns } from '@/features/campaigns/composables/useCampaigns'
import { useMember } from './useMember'

/** Deadlines move by themselves, so the page looks again each minute. */
const AGAIN_MS = 60_000

/** Everything on the first page: figures and first steps, what waits for whom, the newest campaigns. */
export function useSponsorHome(whose: MaybeRefOrGetter<'mine' | 'others'>) {
  const { active } = useMember()
  const summary = useQuery({ queryKey: keys.summary('home'), queryFn: ({ signal }) => sponsorReadSummary({ signal }), refetchInterval: AGAIN_MS })
  const turns = usePagedQuery<TurnRead>({
    queryKey: computed(() => keys.list('home', { turns: toValue(whose) })),
    queryFn: ({ cursor, signal }) => sponsorListTurns({ query: { whose: toValue(whose), limit: 8, cursor }, signal }),
    enabled: active,
  })
  // Where most money works stands first.
  const campaigns = useCampaigns({ limit: 5, sort: '-committed' }, active)
  return {
    summary: summary.data,
    loading: summary.isPending,
    error: computed(() => (summary.error.value ? Problem.of(summary.error.value) : null)),
    retry: () => void summary.refetch(),
    turns,
    campaigns,
  }
}
