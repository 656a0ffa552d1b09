import { useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { adminExportLedgerTransfers, adminListLedgerTransfers, adminReadLedgerInvariants, type AdminListLedgerTransfersData, type TransferRead } from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import { usePagedQuery } from '@/api/usePagedQuery'
import { filtersOf, useExport } from '@/ui/table/useExport'

export type TransferFilters = Omit<NonNullable<AdminListLedgerTransfersData['query']>, 'cursor'>

/** The proofs of the money, computed anew each time they are asked for. */
export function useInvariants() {
  const query = useQuery({ queryKey: keys.summary('ledger', { of: 'invariants' }), queryFn: ({ signal }) => adminReadLedgerInvariants({ signal }), staleTime: 60_000 })
  return {
    proof: query.data,
    checkedAt: computed(() => (query.dataUpdatedAt.value ? new Date(query.dataUpdatedAt.value) : null)),
    running: query.isFetching,
    loading: query.isPending,
    error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)),
    run: () => void query.refetch(),
  }
}

/** Movements as filtered by the server, the latest first. */
export function useTransfers(filters: MaybeRefOrGetter<TransferFilters>) {
  const list = usePagedQuery<TransferRead>({
    queryKey: computed(() => keys.list('ledger', { ...toValue(filters) })),
    queryFn: ({ cursor, signal }) => adminListLedgerTransfers({ query: { ...toValue(filters), cursor }, signal }),
  })
  return { ...list, ...useExport('transfers', () => adminExportLedgerTransfers({ query: filtersOf(toValue(filters)), parseAs: 'blob' })) }
}
