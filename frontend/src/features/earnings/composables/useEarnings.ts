import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import {
  influencerCancelWithdrawal, influencerCreateWithdrawal, influencerExportPayments, influencerListPayments, influencerListWithdrawals, influencerReadEarnings, type InfluencerListPaymentsData, type PaymentRead, type WithdrawalRead,
} from '@/api/generated'
import { useIntent } from '@/api/intent'
import { keys, type Domain } from '@/api/keys'
import { Problem } from '@/api/problem'
import type { Money } from '@/api/types'
import { useLookAgain } from '@/api/useLookAgain'
import { usePagedQuery } from '@/api/usePagedQuery'
import { filtersOf, useExport } from '@/ui/table/useExport'
import { movedAt } from '../withdrawal'

export type PaymentFilters = Omit<NonNullable<InfluencerListPaymentsData['query']>, 'cursor'>
const MOVING = ['queued', 'sending', 'unknown']

/** Balances by currency, and what becomes withdrawable when. */
export function useEarnings() {
  const query = useQuery({ queryKey: keys.summary('earnings'), queryFn: ({ signal }) => influencerReadEarnings({ signal }) })
  return {
    balances: computed(() => query.data.value?.balances ?? []),
    upcoming: computed(() => query.data.value?.upcoming ?? []),
    takenBack: computed(() => query.data.value?.taken_back ?? []),
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

/** Withdrawals; while one may move within seconds the list looks again by itself. */
export function useWithdrawals() {
  const client = useQueryClient()
  const list = usePagedQuery<WithdrawalRead>({
    queryKey: keys.list('withdrawals'),
    queryFn: ({ cursor, signal }) => influencerListWithdrawals({ query: { limit: 20, cursor }, signal }),
  })
  const stale = (domains: readonly Domain[]) => { for (const domain of domains) void client.invalidateQueries({ queryKey: keys.all(domain) }) }
  useLookAgain({
    moving: () => list.rows.value.filter((row) => MOVING.includes(row.status)).map((row) => ({ id: row.id, status: row.status, at: movedAt(row) })),
    look: list.retry,
    changed: () => stale(['earnings', 'home']),
  })
  const cancel = useMutation({
    mutationFn: (id: string) => influencerCancelWithdrawal({ path: { withdrawal_id: id } }),
    onSettled: () => stale(['withdrawals', 'earnings', 'home']),
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
