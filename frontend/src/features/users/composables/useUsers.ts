import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import {
  adminApproveUser, adminCloseUser, adminDecideUsers, adminExportUsers, adminListUsers, adminReadUser, adminRejectUser,
  type AdminListUsersData, type UserAdminRead, type UserAdminSummary,
} from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import { usePagedQuery } from '@/api/usePagedQuery'
import { filtersOf, useExport } from '@/ui/table/useExport'

export type UserFilters = Omit<NonNullable<AdminListUsersData['query']>, 'cursor'>

/** Users as filtered and sorted by the server. */
export function useUsers(filters: MaybeRefOrGetter<UserFilters>, enabled: MaybeRefOrGetter<boolean> = true) {
  const list = usePagedQuery<UserAdminSummary>({
    queryKey: computed(() => keys.list('users', { ...toValue(filters) })),
    queryFn: ({ cursor, signal }) => adminListUsers({ query: { ...toValue(filters), cursor }, signal }),
    enabled,
  })
  return { ...list, ...useExport('users', () => adminExportUsers({ query: filtersOf(toValue(filters)), parseAs: 'blob' })) }
}

/** One user with profile, flags, history and what hangs on the account. */
export function useUser(id: MaybeRefOrGetter<string>) {
  const query = useQuery({
    queryKey: computed(() => keys.detail('users', toValue(id))),
    queryFn: ({ signal }) => adminReadUser({ path: { user_id: toValue(id) }, signal }),
    enabled: computed(() => toValue(id) !== ''),
  })
  return { user: query.data, loading: query.isPending, error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)), retry: () => void query.refetch() }
}

const moves = { approve: adminApproveUser, reject: adminRejectUser, close: adminCloseUser }
export type UserMove = keyof typeof moves

/** Decisions on accounts; queues, summary and audit trail become stale with them. */
export function useUserChanges() {
  const client = useQueryClient()
  function changed(user?: UserAdminRead) {
    for (const domain of ['users', 'summary', 'audit'] as const) void client.invalidateQueries({ queryKey: keys.all(domain) })
    if (user) client.setQueryData(keys.detail('users', user.id), user)
  }
  return {
    move: useMutation({
      mutationFn: ({ move, id, reason }: { move: UserMove; id: string; reason: string }) => moves[move]({ path: { user_id: id }, body: { reason: reason || null } }),
      onSuccess: changed,
      onError: (cause) => { if (Problem.of(cause).status === 409) changed() },
    }),
    decideMany: useMutation({
      mutationFn: ({ ids, approve, reason }: { ids: string[]; approve: boolean; reason: string }) =>
        adminDecideUsers({ body: { ids, decision: approve ? 'approve' : 'reject', reason: reason || null } }),
      onSuccess: () => changed(),
    }),
  }
}
