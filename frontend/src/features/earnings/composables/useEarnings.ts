import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, watch, type MaybeRefOrGetter } from 'vue'
import {
  influencerCancelWithdrawal, influencerCreateWithdrawal, influencerExportPayments, influencerListPayments, influencerListWithdrawals, influencerReadEarnings, type InfluencerListPaymentsData, type PaymentRead, type WithdrawalRead,
} from '@/api/generated'
import { useIntent } from '@/api/intent'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import type { Money } from '@/api/types'
import { usePagedQuery } from '@/api/usePagedQuery'
import { filtersOf, useExport } from '@/ui/table/useExport'

export type PaymentFilters = Omit<NonNullable<InfluencerListPaymentsData['query']>, 'cursor'>
const MOVING = ['queued', 'sending', 'unknown']

/** Balances by currency, and what becomes withdrawable when. */
export function useEarnings() {
  const query = useQuery({ queryKey: keys.summary('earnings'), queryFn: ({ signal }) => influencerReadEarnings({ signal }) })
  return {
    balances: computed(() => query.data.value?.balances ?? []),
    upcoming: computed(() => query.data.value?.upcoming ?? []),
    loading: query.isPending,
    error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)),
    retry: () => void query.refetch(),
  }
}

export function usePayments(filters: MaybeRefOrGetter<PaymentFilters>) {
  const list = usePagedQuery<PaymentRead>({
    queryKey: computed(() => keys.list('earnings', { payments: toValue(filters) })),
    queryFn: ({ cursor, signal }) => influencerListPayments({ query: { ...toValue(filters), cursor }, signal }),
  })
  return { ...list, ...useExport('payments', () => influencerExportPayments({ query: filtersOf(toValue(filters)), parseAs: 'blob' })) }
}

/** Withdrawals; while one is under way the list looks again by itself. */
export function useWithdrawals() {
  const client = useQueryClient()
  const list = usePagedQuery<WithdrawalRead>({
    queryKey: keys.list('withdrawals'),
    queryFn: ({ cursor, signal }) => influencerListWithdrawals({ query: { limit: 20, cursor }, signal }),
  })
  watch(() => list.rows.value, (rows, _, onCleanup) => {
    if (!rows.some((row) => MOVING.includes(row.status))) return
    const timer = setTimeout(() => { for (const domain of ['withdrawals', 'earnings', 'home'] as const) void client.invalidateQueries({ queryKey: keys.all(domain) }) }, 3000)
    onCleanup(() => clearTimeout(timer))
  })
  const cancel = useMutation({
    mutationFn: (id: string) => influencerCancelWithdrawal({ path: { withdrawal_id: id } }),
    onSettled: () => { for (const domain of ['withdrawals', 'earnings', 'home'] as const) void client.invalidateQueries({ queryKey: keys.all(domain) }) },
  })
  return { ...list, cancel: (id: string) => cancel.mutateAsync(id) }
}

/** Asking for a payout. One key for one intent, so that sending it again after a lost answer does not pay twice. */
export function useWithdraw(newKey?: () => string) {
  const client = useQueryClient()
  const intent = useIntent('withdrawal', newKey)
  const refresh = () => { for (const domain of ['withdrawals', 'earnings', 'home'] as const) void client.invalidateQueries({ queryKey: keys.all(domain) }) }
  const mutation = useMutation({
    mutationFn: async (amount: Money) => {
      const body = { amount }
      const withdrawal = await influencerCreateWithdrawal({ body, headers: { 'Idempotency-Key': intent.keyFor(body) } })
      intent.answered()
      return withdrawal
    },
    onSuccess: refresh,
  })
  return { send: (amount: Money) => mutation.mutateAsync(amount), sending: mutation.isPending, refresh }
}
