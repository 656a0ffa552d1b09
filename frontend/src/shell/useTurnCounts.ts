import { useQuery } from '@tanstack/vue-query'
import { computed, watch } from 'vue'
import { influencerReadSummary, sponsorReadSummary } from '@/api/generated'
import { keys } from '@/api/keys'
import { useSession } from '@/state/session'
import type { provideNavCounts } from './useNav'

/** Deadlines move by themselves, so the figure is asked again each minute. */
const AGAIN_MS = 60_000

/** How much waits for this person and what is not read, beside Home and Messages on every page; the home page shares the answer. Admins have counts of their own. */
export function useTurnCounts(counts: ReturnType<typeof provideNavCounts>) {
  const session = useSession()
  const summary = useQuery({
    queryKey: keys.summary('home'),
    queryFn: async ({ signal }): Promise<{ turns?: { mine: number }; unread_messages?: number }> => (session.role === 'sponsor' ? sponsorReadSummary({ signal }) : influencerReadSummary({ signal })),
    enabled: computed(() => session.role === 'sponsor' || session.role === 'influencer'),
    refetchInterval: AGAIN_MS,
  })
  watch(summary.data, (now) => { if (now?.turns) counts.value = { ...counts.value, turns: now.turns.mine, messages: now.unread_messages ?? 0 } }, { immediate: true })
}
