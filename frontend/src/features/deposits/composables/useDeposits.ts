import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { adminConfirmDeposit, adminDeclineDeposit, adminExportDeposits, adminListDeposits, adminReadDeposit, type AdminDepositRead, type AdminListDepositsData, type DepositConfirmation } from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import { usePagedQuery } from '@/api/usePagedQuery'
import { filtersOf, useExport } from '@/ui/table/useExport'

export type DepositFilters = Omit<NonNullable<AdminListDepositsData['query']>, 'cursor'>

/** Deposits of every sponsor as filtered by the server, the newest first. */
export function useDeposits(filters: MaybeRefOrGetter<DepositFilters>) {
  const list = usePagedQuery<AdminDepositRead>({
    queryKey: computed(() => keys.list('deposits', { of: 'all', ...toValue(filters) })),
    queryFn: ({ cursor, signal }) => adminListDeposits({ query: { ...toValue(filters), cursor }, signal }),
  })
  return { ...list, ...useExport('deposits', () => adminExportDeposits({ query: filtersOf(toValue(filters)), parseAs: 'blob' })) }
}

/** One deposit. */
export function useAnyDeposit(id: MaybeRefOrGetter<string>) {
  const query = useQuery({
    queryKey: computed(() => keys.part('deposits', toValue(id), 'admin')),
    queryFn: ({ signal }) => adminReadDeposit({ path: { deposit_id: toValue(id) }, signal }),
  })
  return { deposit: query.data, loading: query.isPending, error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)), retry: () => void query.refetch() }
}

/** Saying of a bank transfer that it came, or that it does not count. */
export function useDepositActs() {
  const client = useQueryClient()
  const changed = () => { for (const domain of ['deposits', 'ledger', 'summary', 'audit'] as const) void client.invalidateQueries({ queryKey: keys.all(domain) }) }
  const onError = (cause: unknown) => { if (Problem.of(cause).status === 409) changed() }
  return {
    confirm: useMutation({ mutationFn: ({ id, body }: { id: string; body: DepositConfirmation }) => adminConfirmDeposit({ path: { deposit_id: id }, body }), onSuccess: changed, onError }),
    decline: useMutation({ mutationFn: ({ id, reason }: { id: string; reason: string }) => adminDeclineDeposit({ path: { deposit_id: id }, body: { reason } }), onSuccess: changed, onError }),
  }
}
