import { useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { influencerExportInvoices, influencerListInvoices, influencerReadInvoice, sponsorExportInvoices, sponsorListInvoices, sponsorReadInvoice, type InvoiceSummaryRead, type SponsorListInvoicesData } from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import { usePagedQuery } from '@/api/usePagedQuery'
import { filtersOf, useExport } from '@/ui/table/useExport'

export type InvoiceFilters = Omit<NonNullable<SponsorListInvoicesData['query']>, 'cursor'>
export type InvoiceRole = 'sponsor' | 'influencer'

const lists = { sponsor: sponsorListInvoices, influencer: influencerListInvoices }
const files = { sponsor: sponsorExportInvoices, influencer: influencerExportInvoices }
const reads = { sponsor: sponsorReadInvoice, influencer: influencerReadInvoice }
const domain = (role: InvoiceRole) => (role === 'sponsor' ? 'wallet' : 'earnings')

/** Invoices and credit notes, newest first. */
export function useInvoices(role: InvoiceRole, filters: MaybeRefOrGetter<InvoiceFilters>, enabled: MaybeRefOrGetter<boolean>) {
  const list = usePagedQuery<InvoiceSummaryRead>({
    queryKey: computed(() => keys.list(domain(role), { invoices: toValue(filters) })),
    queryFn: ({ cursor, signal }) => lists[role]({ query: { ...toValue(filters), cursor }, signal }),
    enabled,
  })
  return { ...list, ...useExport('invoices', () => files[role]({ query: filtersOf(toValue(filters)), parseAs: 'blob' })) }
}

/** One of them, with its lines. */
export function useInvoice(role: InvoiceRole, id: MaybeRefOrGetter<string>) {
  const query = useQuery({ queryKey: computed(() => keys.part(domain(role), toValue(id), 'invoice')), queryFn: ({ signal }) => reads[role]({ path: { invoice_id: toValue(id) }, signal }) })
  return { invoice: computed(() => query.data.value ?? null), loading: query.isPending, error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)), retry: () => void query.refetch() }
}
