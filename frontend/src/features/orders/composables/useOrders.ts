import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import {
  influencerExportOrders, influencerListOrders, influencerReadOrder, sponsorConfirmOrder, sponsorExportOrders, sponsorImportOrders, sponsorListOrders, sponsorReadOrder, sponsorReplayOrder,
  type InfluencerListOrdersData, type OrderRead, type OwnOrderRead, type RuleInput, type SponsorListOrdersData,
} from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import { usePagedQuery } from '@/api/usePagedQuery'
import { filtersOf, useExport } from '@/ui/table/useExport'

export type Order = OrderRead
export type OwnOrder = OwnOrderRead
export type OrderFilters = Omit<NonNullable<SponsorListOrdersData['query']>, 'cursor'>
export type OwnOrderFilters = Omit<NonNullable<InfluencerListOrdersData['query']>, 'cursor'>
export interface Confirmed { order: Order; problem: Problem | null }

/** Orders of the sponsor's shop, the latest first. */
export function useOrders(filters: MaybeRefOrGetter<OrderFilters>) {
  const list = usePagedQuery<Order>({
    queryKey: computed(() => keys.list('orders', { ...toValue(filters) })),
    queryFn: ({ cursor, signal }) => sponsorListOrders({ query: { ...toValue(filters), cursor }, signal }),
  })
  return { ...list, ...useExport('orders', () => sponsorExportOrders({ query: filtersOf(toValue(filters)), parseAs: 'blob' })) }
}

/** Orders that are credited to the influencer, or that they touched and somebody else won. */
export function useOwnOrders(filters: MaybeRefOrGetter<OwnOrderFilters>) {
  const list = usePagedQuery<OwnOrder>({
    queryKey: computed(() => keys.list('orders', { ...toValue(filters) })),
    queryFn: ({ cursor, signal }) => influencerListOrders({ query: { ...toValue(filters), cursor }, signal }),
  })
  return { ...list, ...useExport('orders', () => influencerExportOrders({ query: filtersOf(toValue(filters)), parseAs: 'blob' })) }
}

function useOne<T>(id: MaybeRefOrGetter<string>, read: (id: string, signal: AbortSignal) => Promise<T>) {
  const query = useQuery({ queryKey: computed(() => keys.detail('orders', toValue(id))), queryFn: ({ signal }) => read(toValue(id), signal) })
  return { order: query.data, loading: query.isPending, error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)), retry: () => void query.refetch() }
}
/** One order with its receipts. */
export const useOrder = (id: MaybeRefOrGetter<string>) => useOne(id, (one, signal) => sponsorReadOrder({ path: { order_id: one }, signal }))
export const useOwnOrder = (id: MaybeRefOrGetter<string>) => useOne(id, (one, signal) => influencerReadOrder({ path: { order_id: one }, signal }))

/** Vouching for orders, taking in a file of them, and asking what another rule would have said. */
export function useOrderActs() {
  const client = useQueryClient()
  const stale = () => { for (const domain of ['orders', 'links', 'campaigns', 'wallet', 'home'] as const) void client.invalidateQueries({ queryKey: keys.all(domain) }) }
  return {
    /** Each is confirmed by itself, one after the other: one that is refused stops none of the others. */
    confirm: useMutation({
      mutationFn: async (orders: readonly Order[]) => {
        const results: Confirmed[] = []
        for (const order of orders) {
          try {
            await sponsorConfirmOrder({ path: { order_id: order.id } })
            results.push({ order, problem: null })
          } catch (cause) { results.push({ order, problem: Problem.of(cause) }) }
        }
        return results
      },
      onSettled: stale,
    }),
    take: useMutation({ mutationFn: (file: File) => sponsorImportOrders({ body: { file } }), onSettled: stale }),
    replay: useMutation({ mutationFn: ({ id, rule }: { id: string; rule: RuleInput }) => sponsorReplayOrder({ path: { order_id: id }, body: rule }), onSuccess: stale }),
  }
}
