import { useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { adminExportInvoices, adminListInvoices, adminReadInvoice, type AdminListInvoicesData, type InvoiceSummaryRead } from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import { usePagedQuery } from '@/api/usePagedQuery'
import { filtersOf, useExport } from '@/ui/table/useExport'

export type InvoiceFilters = Omit<NonNullable<AdminListInvoicesData['query']>, 'cursor'>

/** Invoices and credit notes of every sponsor, the newest first. */
export function useAdminInvoices(filters: MaybeRefOrGetter<InvoiceFilters>) {
  const list = usePagedQuery<InvoiceSummaryRead>({
    queryKey: computed(() => keys.list('ledger', { of: 'invoices', ...toValue(filters) })),
    queryFn: ({ cursor, signal }) => adminListInvoices({ query: { ...toValue(filters), cursor }, signal }),
  })
  return { ...list, ...useExport('invoices', () => adminExportInvoices({ query: filtersOf(toValue(filters)), parseAs: 'blob' })) }
}

/** One of them with its lines. */
export function useAdminInvoice(id: MaybeRefOrGetter<string>) {
  const query = useQuery({
    queryKey: computed(() => keys.part('ledger', toValue(id), 'invoice')),
    queryFn: ({ signal }) => adminReadInvoice({ path: { invoice_id: toValue(id) }, signal }),
  })
  return { invoice: query.data, loading: query.isPending, error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)), retry: () => void query.refetch() }
}
