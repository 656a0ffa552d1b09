import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { publicReadSharedDashboard, sponsorListDashboardShares, sponsorRevokeDashboardShare, sponsorShareDashboard, type ShareCreate } from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'

/** The links by which anyone may read a dashboard. What stands in a new one is seen once. */
export function useShares(id: string) {
  const client = useQueryClient()
  const key = keys.part('dashboards', id, 'shares')
  const query = useQuery({ queryKey: key, queryFn: ({ signal }) => sponsorListDashboardShares({ path: { dashboard_id: id }, signal }) })
  const onSettled = () => client.invalidateQueries({ queryKey: key })
  return {
    shares: computed(() => query.data.value?.items ?? null),
    error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)),
    retry: () => void query.refetch(),
    share: useMutation({ mutationFn: (body: ShareCreate) => sponsorShareDashboard({ path: { dashboard_id: id }, body }), onSettled }),
    revoke: useMutation({ mutationFn: (share: string) => sponsorRevokeDashboardShare({ path: { dashboard_id: id, share_id: share } }), onSettled }),
  }
}

/** A dashboard as somebody shared it. */
export function useShared(token: MaybeRefOrGetter<string>) {
  const query = useQuery({ queryKey: computed(() => keys.part('public', toValue(token), 'dashboard')), queryFn: ({ signal }) => publicReadSharedDashboard({ path: { token: toValue(token) }, signal }), refetchInterval: 60_000 })
  return {
    dashboard: computed(() => query.data.value ?? null),
    error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)),
    retry: () => void query.refetch(),
  }
}
