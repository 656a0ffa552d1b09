import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import {
  adminConfirmPayoutBatch, adminCreatePayoutBatch, adminDownloadPayoutBatch, adminExportPayoutBatches, adminListPayoutBatches, adminListWaitingPayouts, adminReadPayoutBatch,
  type AdminListPayoutBatchesData, type PayoutBatchBrief, type PayoutBatchConfirmation,
} from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import { usePagedQuery } from '@/api/usePagedQuery'
import { saveAs } from '@/ui/chart/download'
import { filtersOf, useExport } from '@/ui/table/useExport'

export type BatchFilters = Omit<NonNullable<AdminListPayoutBatchesData['query']>, 'cursor'>
const problemOf = (cause: unknown) => (cause ? Problem.of(cause) : null)

/** Payouts by bank transfer that no batch holds yet, a line for each currency. */
export function useWaitingPayouts() {
  const query = useQuery({ queryKey: keys.summary('payouts', { of: 'waiting' }), queryFn: ({ signal }) => adminListWaitingPayouts({ signal }) })
  return { waiting: computed(() => query.data.value?.items ?? []), loading: query.isPending, error: computed(() => problemOf(query.error.value)), retry: () => void query.refetch() }
}

/** Batches, the newest first. */
export function useBatches(filters: MaybeRefOrGetter<BatchFilters>) {
  const list = usePagedQuery<PayoutBatchBrief>({
    queryKey: computed(() => keys.list('payouts', { of: 'batches', ...toValue(filters) })),
    queryFn: ({ cursor, signal }) => adminListPayoutBatches({ query: { ...toValue(filters), cursor }, signal }),
  })
  return { ...list, ...useExport('payout-batches', () => adminExportPayoutBatches({ query: filtersOf(toValue(filters)), parseAs: 'blob' })) }
}

/** A batch with its lines. */
export function useBatch(id: MaybeRefOrGetter<string>) {
  const query = useQuery({
    queryKey: computed(() => keys.part('payouts', toValue(id), 'batch')),
    queryFn: ({ signal }) => adminReadPayoutBatch({ path: { batch_id: toValue(id) }, signal }),
  })
  return { batch: query.data, loading: query.isPending, error: computed(() => problemOf(query.error.value)), retry: () => void query.refetch() }
}

/** Making a batch, its file for the bank, and saying how its lines ended. */
export function useBatchActs() {
  const client = useQueryClient()
  const changed = () => { for (const domain of ['payouts', 'ledger', 'summary', 'audit'] as const) void client.invalidateQueries({ queryKey: keys.all(domain) }) }
  const onError = (cause: unknown) => { if (Problem.of(cause).status === 409) changed() }
  return {
    make: useMutation({ mutationFn: (currency: string) => adminCreatePayoutBatch({ body: { currency } }), onSuccess: changed, onError }),
    confirm: useMutation({
      mutationFn: ({ id, body }: { id: string; body: PayoutBatchConfirmation }) => adminConfirmPayoutBatch({ path: { batch_id: id }, body }),
      onSuccess: changed,
      onError,
    }),
    download: useMutation({
      mutationFn: (id: string) => adminDownloadPayoutBatch({ path: { batch_id: id }, parseAs: 'blob' }),
      onSuccess: (csv, id) => { saveAs(`${id}.csv`, csv as unknown as Blob); for (const domain of ['payouts', 'audit'] as const) void client.invalidateQueries({ queryKey: keys.all(domain) }) },
    }),
  }
}
