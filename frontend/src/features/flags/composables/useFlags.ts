import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import {
  adminDecideFlag, adminExportFlags, adminFlagCampaign, adminFlagUser, adminListFlags, adminReadFlag, adminUnflagCampaign, adminUnflagUser,
  type AdminListFlagsData, type FlagCreate, type FlagRead,
} from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import { usePagedQuery } from '@/api/usePagedQuery'
import { filtersOf, useExport } from '@/ui/table/useExport'

export type FlagFilters = Omit<NonNullable<AdminListFlagsData['query']>, 'cursor'>
export type SubjectType = 'user' | 'campaign'

/** Flags as filtered by the server, the latest first. */
export function useFlags(filters: MaybeRefOrGetter<FlagFilters>, enabled: MaybeRefOrGetter<boolean> = true) {
  const list = usePagedQuery<FlagRead>({
    queryKey: computed(() => keys.list('flags', { ...toValue(filters) })),
    queryFn: ({ cursor, signal }) => adminListFlags({ query: { ...toValue(filters), cursor }, signal }),
    enabled,
  })
  return { ...list, ...useExport('flags', () => adminExportFlags({ query: filtersOf(toValue(filters)), parseAs: 'blob' })) }
}

/** One flag with its evidence and appeal. */
export function useFlag(id: MaybeRefOrGetter<string>) {
  const query = useQuery({
    queryKey: computed(() => keys.detail('flags', toValue(id))),
    queryFn: ({ signal }) => adminReadFlag({ path: { flag_id: toValue(id) }, signal }),
  })
  return { flag: query.data, loading: query.isPending, error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)), retry: () => void query.refetch() }
}

/** Raising, lifting and deciding; an effect changes how its subject stands, so users and campaigns become stale too. */
export function useFlagChanges() {
  const client = useQueryClient()
  const changed = () => {
    for (const domain of ['flags', 'users', 'campaigns', 'summary', 'audit'] as const) void client.invalidateQueries({ queryKey: keys.all(domain) })
  }
  const onError = (cause: unknown) => { if (Problem.of(cause).status === 409) changed() }
  return {
    raise: useMutation({
      mutationFn: ({ type, id, body }: { type: SubjectType; id: string; body: FlagCreate }) =>
        type === 'user' ? adminFlagUser({ path: { user_id: id }, body }) : adminFlagCampaign({ path: { campaign_id: id }, body }),
      onSuccess: changed,
      onError,
    }),
    liftAll: useMutation({
      mutationFn: ({ type, id, reason }: { type: SubjectType; id: string; reason: string }) => {
        const body = { reason: reason || null }
        return type === 'user' ? adminUnflagUser({ path: { user_id: id }, body }) : adminUnflagCampaign({ path: { campaign_id: id }, body })
      },
      onSuccess: changed,
      onError,
    }),
    decide: useMutation({
      mutationFn: ({ id, uphold, reason }: { id: string; uphold: boolean; reason: string }) =>
        adminDecideFlag({ path: { flag_id: id }, body: { decision: uphold ? 'uphold' : 'lift', reason } }),
      onSuccess: (flag) => { client.setQueryData(keys.detail('flags', flag.id), flag); changed() },
      onError,
    }),
  }
}
