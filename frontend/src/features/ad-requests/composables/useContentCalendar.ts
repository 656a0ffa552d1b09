import { useQueries, useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { influencerListAdRequests, influencerReadAdRequest } from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import { answerOf, eventsOf } from '../calendar'

/** Every date of the running agreements, and the offers that wait for an answer. */
export function useContentCalendar() {
  const open = useQuery({
    queryKey: keys.list('ad-requests', { calendar: true }),
    queryFn: ({ signal }) => influencerListAdRequests({ query: { status: ['proposed', 'negotiating', 'active', 'completed'], sort: '-updated_at', limit: 100 }, signal }),
  })
  const rows = computed(() => open.data.value?.items ?? [])
  const bound = computed(() => rows.value.filter((row) => row.status === 'active' || row.status === 'completed'))
  const agreements = useQueries({
    queries: computed(() => bound.value.map((row) => ({
      queryKey: keys.detail('ad-requests', row.id),
      queryFn: ({ signal }: { signal: AbortSignal }) => influencerReadAdRequest({ path: { ad_request_id: row.id }, signal }),
      staleTime: 60_000,
    }))),
  })
  const error = computed(() => open.error.value ?? agreements.value.find((one) => one.error)?.error ?? null)
  return {
    events: computed(() => [...rows.value.flatMap(answerOf), ...agreements.value.flatMap((one) => (one.data ? eventsOf(one.data) : []))].sort((a, b) => a.day.localeCompare(b.day))),
    loading: computed(() => open.isPending.value || agreements.value.some((one) => one.isPending)),
    error: computed(() => (error.value ? Problem.of(error.value) : null)),
    retry: () => { void open.refetch(); for (const one of agreements.value) if (one.error) void one.refetch() },
  }
}
