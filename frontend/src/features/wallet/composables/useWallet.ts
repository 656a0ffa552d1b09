import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { publicListGateways, sponsorExportPayments, sponsorListAdRequests, sponsorListDeposits, sponsorListPayments, sponsorReadWallet, type AdRequestSummary, type DepositRead, type PaymentRead, type SponsorListPaymentsData } from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import { useLookAgain } from '@/api/useLookAgain'
import { usePagedQuery } from '@/api/usePagedQuery'
import { filtersOf, useExport } from '@/ui/table/useExport'

export type PaymentFilters = Omit<NonNullable<SponsorListPaymentsData['query']>, 'cursor'>
const problemOf = (error: unknown) => (error ? Problem.of(error) : null)

/** Balances by currency. */
export function useWallet(enabled: MaybeRefOrGetter<boolean> = true) {
  const query = useQuery({ queryKey: keys.summary('wallet'), queryFn: ({ signal }) => sponsorReadWallet({ signal }), enabled })
  return { balances: computed(() => query.data.value?.balances ?? []), loading: query.isPending, error: computed(() => problemOf(query.error.value)), retry: () => void query.refetch() }
}

/** Everything that moved the sponsor's money. While something may settle within seconds it looks again by itself. */
export function usePayments(filters: MaybeRefOrGetter<PaymentFilters>, enabled: MaybeRefOrGetter<boolean> = true) {
  const client = useQueryClient()
  const list = usePagedQuery<PaymentRead>({
    queryKey: computed(() => keys.list('wallet', { payments: toValue(filters) })),
    queryFn: ({ cursor, signal }) => sponsorListPayments({ query: { ...toValue(filters), cursor }, signal }),
    enabled,
  })
  useLookAgain({
    moving: () => list.rows.value.filter((row) => row.status === 'pending').map((row) => ({ id: row.id, status: row.status, at: row.created_at })),
    look: list.retry,
    changed: () => { for (const domain of ['wallet', 'deposits', 'home'] as const) void client.invalidateQueries({ queryKey: keys.all(domain) }) },
  })
  return { ...list, ...useExport('payments', () => sponsorExportPayments({ query: filtersOf(toValue(filters)), parseAs: 'blob' })) }
}

/** What is held, agreement by agreement: accepted ones that have money in escrow. */
export function useHeld(enabled: MaybeRefOrGetter<boolean> = true) {
  return usePagedQuery<AdRequestSummary>({
    queryKey: keys.list('wallet', { held: true }),
    queryFn: ({ cursor, signal }) => sponsorListAdRequests({ query: { held: true, sort: '-updated_at', limit: 100, cursor }, signal }),
    enabled,
  })
}

/** The agreements that were touched last, by id, so that a payment can say for what it was. */
export function useAgreements(enabled: MaybeRefOrGetter<boolean> = true) {
  const query = useQuery({
    queryKey: keys.list('wallet', { agreements: true }),
    queryFn: ({ signal }) => sponsorListAdRequests({ query: { status: ['active', 'completed', 'cancelled'], sort: '-updated_at', limit: 100 }, signal }),
    enabled,
  })
  return computed(() => new Map((query.data.value?.items ?? []).map((row) => [row.id, row])))
}

/** Deposits that wait: for the payer, for the bank, for the gateway. */
export function useOpenDeposits(enabled: MaybeRefOrGetter<boolean> = true) {
  return usePagedQuery<DepositRead>({
    queryKey: keys.list('deposits', { open: true }),
    queryFn: ({ cursor, signal }) => sponsorListDeposits({ query: { status: 'open', limit: 20, cursor }, signal }),
    enabled,
  })
}

/** The ways of paying in that this platform has. */
export function useGateways(enabled: MaybeRefOrGetter<boolean>) {
  const query = useQuery({ queryKey: keys.list('deposits', { gateways: true }), queryFn: ({ signal }) => publicListGateways({ signal }), enabled, staleTime: Infinity })
  return { gateways: computed(() => query.data.value?.items ?? []), loading: query.isPending, error: computed(() => problemOf(query.error.value)), retry: () => void query.refetch() }
}
