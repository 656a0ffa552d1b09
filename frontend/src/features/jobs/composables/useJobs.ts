import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { adminExportJobs, adminListJobs, adminListScheduled, adminReplayJob, type AdminListJobsData, type JobAdminRead } from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import { usePagedQuery } from '@/api/usePagedQuery'
import { filtersOf, useExport } from '@/ui/table/useExport'

export type JobFilters = Omit<NonNullable<AdminListJobsData['query']>, 'cursor'>

/** Jobs as filtered by the server. */
export function useJobs(filters: MaybeRefOrGetter<JobFilters>) {
  const list = usePagedQuery<JobAdminRead>({
    queryKey: computed(() => keys.list('jobs', { ...toValue(filters) })),
    queryFn: ({ cursor, signal }) => adminListJobs({ query: { ...toValue(filters), cursor }, signal }),
  })
  return { ...list, ...useExport('jobs', () => adminExportJobs({ query: filtersOf(toValue(filters)), parseAs: 'blob' })) }
}

/** What runs by itself, how often, and when it last did. */
export function useScheduled() {
  const query = useQuery({ queryKey: keys.summary('jobs', { of: 'schedule' }), queryFn: ({ signal }) => adminListScheduled({ signal }), refetchInterval: 30_000 })
  return {
    lines: computed(() => query.data.value?.items ?? []),
    loading: query.isPending,
    error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)),
    retry: () => void query.refetch(),
  }
}

/** Runs a dead letter again, with all its attempts. */
export function useReplay() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => adminReplayJob({ path: { job_id: id } }),
    onSettled: () => { for (const domain of ['jobs', 'summary', 'audit'] as const) void client.invalidateQueries({ queryKey: keys.all(domain) }) },
  })
}
