import { useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { sponsorExportResults, sponsorReadResults, type SponsorReadResultsData } from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import { useExport } from '@/ui/table/useExport'

export type ResultFilters = NonNullable<SponsorReadResultsData['query']>
const AGAIN_MS = 60_000

/** What the sponsor's campaigns brought in a period. News of the server make it stale at once. */
export function useResults(filters: MaybeRefOrGetter<ResultFilters>, enabled: MaybeRefOrGetter<boolean>) {
  const query = useQuery({
    queryKey: computed(() => keys.summary('reports', { ...toValue(filters) })),
    queryFn: ({ signal }) => sponsorReadResults({ query: toValue(filters), signal }),
    placeholderData: (before) => before,
    refetchInterval: AGAIN_MS,
    enabled,
  })
  return {
    results: computed(() => query.data.value ?? null),
    error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)),
    retry: () => void query.refetch(),
    ...useExport('results', () => sponsorExportResults({ query: toValue(filters), parseAs: 'blob' })),
  }
}
