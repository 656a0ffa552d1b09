import { useMutation, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { adminExportGatewayEvents, adminListGatewayEvents, adminSetGatewayEventAside, type AdminListGatewayEventsData, type GatewayEventRead } from '@/api/generated'
import { keys } from '@/api/keys'
import { usePagedQuery } from '@/api/usePagedQuery'
import { filtersOf, useExport } from '@/ui/table/useExport'

export type GatewayEventFilters = Omit<NonNullable<AdminListGatewayEventsData['query']>, 'cursor'>

/** What gateways said and could not be applied, the oldest first. */
export function useGatewayEvents(filters: MaybeRefOrGetter<GatewayEventFilters>) {
  const list = usePagedQuery<GatewayEventRead>({
    queryKey: computed(() => keys.list('gateway-events', { ...toValue(filters) })),
    queryFn: ({ cursor, signal }) => adminListGatewayEvents({ query: { ...toValue(filters), cursor }, signal }),
  })
  return { ...list, ...useExport('gateway-events', () => adminExportGatewayEvents({ query: filtersOf(toValue(filters)), parseAs: 'blob' })) }
}

/** Saying that an event will never be applied: no money moves, and the ledger's proof asks for it no more. */
export function useSetAside() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, reason }: { id: string; reason: string }) => adminSetGatewayEventAside({ path: { event_id: id }, body: { reason } }),
    onSettled: () => { for (const domain of ['gateway-events', 'ledger', 'summary', 'audit'] as const) void client.invalidateQueries({ queryKey: keys.all(domain) }) },
  })
}
