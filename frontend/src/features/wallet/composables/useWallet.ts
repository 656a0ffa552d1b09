import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, watch, type MaybeRefOrGetter } from 'vue'
import { publicListGateways, sponsorExportPayments, sponsorListAdRequests, sponsorListDeposits, sponsorListPayments, sponsorReadWallet, type AdRequestSummary, type PaymentRead, type SponsorListPaymentsData } from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import { usePagedQuery } from '@/api/usePagedQuery'
import { filtersOf, useExport } from '@/ui/table/useExport'

export type PaymentFilters = Omit<NonNullable<SponsorListPaymentsData['query']>, 'cursor'>
const problemOf = (error: unknown) => (error ? Problem.of(error) : null)

/** Balances by currency. */
export function useWallet(enabled: MaybeRefOrGetter<boolean> = true) {
  const query = useQuery({ queryKey: keys.summary('wallet'), queryFn: ({ signal }) => sponsorReadWallet({ signal }), enabled })
  return { balances: computed(() => query.data.value?.balances ?? []), loading: query.isPending, error: computed(() => problemOf(query.error.value)), retry: () => void query.refetch() }
}

/** Everything that moved the sponsor's money. While something is pending it looks again by itself. */
export function usePayments(filters: MaybeRefOrGetter<PaymentFilters>, enabled: MaybeRefOrGetter<boolean> = true) {
  const client = useQueryClient()
  const list = usePagedQuery<PaymentRead>({
    queryKey: computed(() => keys.list('wallet', { payments: toValue(filters) })),
    queryFn: ({ cursor, signal }) => sponsorListPayments({ query: { ...toValue(filters), cursor }, signal }),
    enabled,
  })
  watch(() => list.rows.value, (rows, _, onCleanup) => {
    if (!rows.some((row) => row.status === 'pending')) return
    const timer = setTimeout(() => void client.invalidateQueries({ queryKey: keys.all('wallet') }), 3000)
    onCleanup(() => clearTimeout(timer))
  })
  return { ...list, ...useExport('payments', () => sponsorExportPayments({ query: filtersOf(toValue(filters)), parseAs: 'blob' })) }
}

/** What is held, agreement by agreement: accepted ones that are not settled whole. */
export function useHeld(enabled: MaybeRefOrGetter<boolean> = true) {
  const list = usePagedQuery<AdRequestSummary>({
    queryKey: keys.list('wallet', { held: true }),
    queryFn: ({ cursor, signal }) => sponsorListAdRequests({ query: { status: ['active', 'completed', 'cancelled'], sort: '-updated_at', limit: 100, cursor }, signal }),
    enabled,
  })
  const agreements = computed(() => new Map(list.rows.value.map((row) => [row.id, row])))
  return { ...list, agreements, rows: computed(() => list.rows.value.filter((row) => row.held.amount > 0)) }
}

/** Deposits that wait: for the payer, for the bank, for the gateway. */
export function useOpenDeposits(enabled: MaybeRefOrGetter<boolean> = true) {
  const query = useQuery({ queryKey: keys.list('deposits', { open: true }), queryFn: ({ signal }) => sponsorListDeposits({ query: { limit: 50 }, signal }), enabled })
  return { deposits: computed(() => (query.data.value?.items ?? []).filter((one) => one.status === 'open')) }
}

/** The ways of paying in that this platform has. */
export function useGateways(enabled: MaybeRefOrGetter<boolean>) {
  const query = useQuery({ queryKey: keys.list('deposits', { gateways: true }), queryFn: ({ signal }) => publicListGateways({ signal }), enabled, staleTime: Infinity })
  return { gateways: computed(() => query.data.value?.items ?? []), loading: query.isPending, error: computed(() => problemOf(query.error.value)), retry: () => void query.refetch() }
}
