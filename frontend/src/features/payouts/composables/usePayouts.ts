import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { adminApprovePayout, adminExportPayouts, adminFindPayoutOutcome, adminListPayouts, adminReadPayout, adminRefusePayout, adminRetryPayout, adminReturnPayout, type AdminListPayoutsData, type PayoutRead } from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import { usePagedQuery } from '@/api/usePagedQuery'
import { filtersOf, useExport } from '@/ui/table/useExport'

export type PayoutFilters = Omit<NonNullable<AdminListPayoutsData['query']>, 'cursor'>

/** Withdrawals of everybody as filtered by the server, the newest first. */
export function usePayouts(filters: MaybeRefOrGetter<PayoutFilters>) {
  const list = usePagedQuery<PayoutRead>({
    queryKey: computed(() => keys.list('payouts', { ...toValue(filters) })),
    queryFn: ({ cursor, signal }) => adminListPayouts({ query: { ...toValue(filters), cursor }, signal }),
  })
  return { ...list, ...useExport('payouts', () => adminExportPayouts({ query: filtersOf(toValue(filters)), parseAs: 'blob' })) }
}

/** States that end by themselves within minutes: looked at again while the page is open. */
const MOVING = ['queued', 'sending', 'unknown']

/** One withdrawal, with its steps, its approvals and what may be done with it now. */
export function usePayout(id: MaybeRefOrGetter<string>) {
  const query = useQuery({
    queryKey: computed(() => keys.detail('payouts', toValue(id))),
    queryFn: ({ signal }) => adminReadPayout({ path: { withdrawal_id: toValue(id) }, signal }),
    refetchInterval: ({ state }) => (state.data && MOVING.includes(state.data.status) ? 5_000 : false),
  })
  return { payout: query.data, loading: query.isPending, error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)), retry: () => void query.refetch() }
}

/** Approving, refusing, trying again: each moves money, so whatever shows it becomes stale. */
export function usePayoutActs() {
  const client = useQueryClient()
  const changed = () => { for (const domain of ['payouts', 'ledger', 'summary', 'audit'] as const) void client.invalidateQueries({ queryKey: keys.all(domain) }) }
  const options = { onSuccess: changed, onError: (cause: unknown) => { if (Problem.of(cause).status === 409) changed() } }
  return {
    approve: useMutation({ mutationFn: (id: string) => adminApprovePayout({ path: { withdrawal_id: id } }), ...options }),
    refuse: useMutation({ mutationFn: ({ id, reason }: { id: string; reason: string }) => adminRefusePayout({ path: { withdrawal_id: id }, body: { reason } }), ...options }),
    sentBack: useMutation({ mutationFn: ({ id, reason, entry }: { id: string; reason: string; entry: string }) => adminReturnPayout({ path: { withdrawal_id: id }, body: { reason, entry_id: entry } }), ...options }),
    found: useMutation({ mutationFn: ({ id, outcome, reason, entry }: { id: string; outcome: 'paid' | 'failed'; reason: string; entry: string }) => adminFindPayoutOutcome({ path: { withdrawal_id: id }, body: { outcome, reason, entry_id: outcome === 'paid' ? entry : null } }), ...options }),
    again: useMutation({ mutationFn: (id: string) => adminRetryPayout({ path: { withdrawal_id: id } }), ...options }),
  }
}
