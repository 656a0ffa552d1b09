import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import {
  adminListDashboards, adminReadDashboard, sponsorCreateDashboard, sponsorDeleteDashboard, sponsorDuplicateDashboard, sponsorListDashboardFields, sponsorListDashboards, sponsorReadDashboard,
  sponsorUpdateDashboard, type DashboardCreate, type DashboardUpdate,
} from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import { usePagedQuery } from '@/api/usePagedQuery'
import type { Dashboard, DashboardRole } from '../types'

const list = { admin: adminListDashboards, sponsor: sponsorListDashboards }
const read = { admin: adminReadDashboard, sponsor: sponsorReadDashboard }

/** The dashboards that one may read, the latest change first; of one campaign where that is named. */
export function useDashboards(role: DashboardRole, campaignId: MaybeRefOrGetter<string | undefined>, enabled: MaybeRefOrGetter<boolean> = true) {
  return usePagedQuery<Dashboard>({
    queryKey: computed(() => keys.list('dashboards', { campaign: toValue(campaignId) })),
    queryFn: ({ cursor, signal }) => list[role]({ query: { campaign_id: toValue(campaignId), cursor }, signal }),
    enabled,
  })
}

/** One dashboard with its panels; none while there is no id. */
export function useDashboard(role: DashboardRole, id: MaybeRefOrGetter<string | undefined>) {
  const query = useQuery({
    queryKey: computed(() => keys.detail('dashboards', toValue(id) ?? '')),
    queryFn: ({ signal }) => read[role]({ path: { dashboard_id: toValue(id)! }, signal }),
    enabled: computed(() => !!toValue(id)),
  })
  return {
    dashboard: computed(() => query.data.value ?? null),
    error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)),
    retry: () => void query.refetch(),
    load: () => query.refetch(),
  }
}

/** Making, changing, copying and deleting. */
export function useDashboardActs() {
  const client = useQueryClient()
  const settled = () => client.invalidateQueries({ queryKey: keys.all('dashboards') })
  const keep = (fresh: Dashboard) => {
    client.setQueryData(keys.detail('dashboards', fresh.id), fresh)
    return client.invalidateQueries({ queryKey: keys.lists('dashboards') })
  }
  return {
    create: useMutation({ mutationFn: (body: DashboardCreate) => sponsorCreateDashboard({ body }), onSuccess: keep }),
    change: useMutation({
      mutationFn: ({ of, body }: { of: Dashboard; body: DashboardUpdate }) => sponsorUpdateDashboard({ path: { dashboard_id: of.id }, body, headers: { 'If-Match': `"${of.id}.${of.version}"` } }),
      onSuccess: keep,
    }),
    duplicate: useMutation({ mutationFn: ({ id, name }: { id: string; name: string }) => sponsorDuplicateDashboard({ path: { dashboard_id: id }, body: { name } }), onSuccess: keep }),
    remove: useMutation({ mutationFn: (id: string) => sponsorDeleteDashboard({ path: { dashboard_id: id } }), onSettled: settled }),
  }
}

/** Every field that can be shown, and the values that its filters can keep. */
export function useFields(campaignId: MaybeRefOrGetter<string | null>) {
  const query = useQuery({
    queryKey: computed(() => keys.summary('dashboards', { fields: toValue(campaignId) })),
    queryFn: ({ signal }) => sponsorListDashboardFields({ query: { campaign_id: toValue(campaignId) ?? undefined }, signal }),
    staleTime: 300_000,
  })
  return {
    fields: computed(() => query.data.value ?? null),
    error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)),
    retry: () => void query.refetch(),
  }
}
