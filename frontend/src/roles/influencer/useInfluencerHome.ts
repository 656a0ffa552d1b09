import { useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { influencerListAdRequests, influencerListTurns, influencerReadSummary, type TurnRead } from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import { usePagedQuery } from '@/api/usePagedQuery'
import { usePayments } from '@/features/earnings/composables/useEarnings'
import { useOpportunities } from '@/features/opportunities/composables/useOpportunities'
import { useSession } from '@/state/session'

/** Deadlines move by themselves, so the page looks again each minute. */
const AGAIN_MS = 60_000

/** Everything on an influencer's first page: what to do next, when money comes, what suits. */
export function useInfluencerHome(whose: MaybeRefOrGetter<'mine' | 'others'>, kind: MaybeRefOrGetter<string>) {
  const session = useSession()
  const active = computed(() => session.me?.status === 'active')
  const summary = useQuery({ queryKey: keys.summary('home'), queryFn: ({ signal }) => influencerReadSummary({ signal }), refetchInterval: AGAIN_MS })
  const turns = usePagedQuery<TurnRead>({
    queryKey: computed(() => keys.list('home', { turns: toValue(whose) })),
    queryFn: ({ cursor, signal }) => influencerListTurns({ query: { whose: toValue(whose), limit: 8, cursor }, signal }),
    enabled: active,
  })
  const since = new Date(Date.now() - 30 * 86_400_000).toISOString().slice(0, 10)
  const payments = usePayments(() => ({ since, limit: 6, sort: '-created_at', ...(toValue(kind) === 'held' ? { status: 'held' } : toValue(kind) ? { kind: toValue(kind) } : {}) }) as never)
  const suited = useOpportunities({ fits: true, limit: 20 }, active)
  const running = useQuery({
    queryKey: keys.list('ad-requests', { running: true }),
    queryFn: ({ signal }) => influencerListAdRequests({ query: { status: ['proposed', 'negotiating', 'active'], limit: 100 }, signal }),
    enabled: active,
  })
  const taken = computed(() => new Set(running.data.value?.items.map((one) => one.campaign.id)))
  return {
    active,
    summary: summary.data,
    loading: summary.isPending,
    error: computed(() => (summary.error.value ? Problem.of(summary.error.value) : null)),
    retry: () => void summary.refetch(),
    turns,
    payments,
    // The newest that meet the most of the profile, without those that one works on.
    suited: computed(() => suited.rows.value.filter((row) => row.fit.reach && row.fit.language && row.fit.platforms && !taken.value.has(row.id)).sort((a, b) => b.fit.niches.length - a.fit.niches.length).slice(0, 3)),
    suitedState: suited,
  }
}
