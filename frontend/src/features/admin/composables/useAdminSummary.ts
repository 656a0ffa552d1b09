import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { adminReadSummary } from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'

/** Is anything wrong, and how much of everything is there; asked again every half minute while a page shows it. */
export function useAdminSummary() {
  const query = useQuery({
    queryKey: keys.all('summary'),
    queryFn: ({ signal }) => adminReadSummary({ signal }),
    refetchInterval: 30_000,
  })
  return {
    summary: query.data,
    loading: query.isPending,
    error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)),
    retry: () => void query.refetch(),
  }
}
