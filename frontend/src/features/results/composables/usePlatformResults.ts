import { useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { adminReadResults, type AdminReadResultsData } from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'

const AGAIN_MS = 60_000

/** What all sponsors' campaigns brought in a period, and what is wrong at the moment; the server keeps it for a minute. */
export function usePlatformResults(filters: MaybeRefOrGetter<NonNullable<AdminReadResultsData['query']>>) {
  const query = useQuery({
    queryKey: computed(() => keys.summary('reports', { platform: true, ...toValue(filters) })),
    queryFn: ({ signal }) => adminReadResults({ query: toValue(filters), signal }),
    placeholderData: (before) => before,
    refetchInterval: AGAIN_MS,
  })
  return { results: computed(() => query.data.value ?? null), error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)), retry: () => void query.refetch() }
}
