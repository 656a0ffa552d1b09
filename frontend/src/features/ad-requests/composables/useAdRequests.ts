import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { adminExportAdRequests, influencerExportAdRequests, sponsorExportAdRequests, type SponsorExportAdRequestsData } from '@/api/generated'
import { api, type QueryValue } from '@/api/client'
import { keys } from '@/api/keys'
import type { Page } from '@/api/types'
import { usePagedQuery } from '@/api/usePagedQuery'
import { filtersOf, useExport } from '@/ui/table/useExport'
import type { AdRequestSummary, Side } from '../types'

type Filters = SponsorExportAdRequestsData['query']

/** Agreements of one side, filtered and sorted by the server. */
export function useAdRequests(side: MaybeRefOrGetter<Side>, params: MaybeRefOrGetter<Record<string, QueryValue>>) {
  const list = usePagedQuery<AdRequestSummary>({
    queryKey: computed(() => keys.list('ad-requests', { side: toValue(side), ...toValue(params) })),
    queryFn: ({ cursor, signal }) =>
      api.get<Page<AdRequestSummary>>(`/api/v1/${toValue(side)}/ad-requests`, { query: { ...toValue(params), cursor }, signal }),
  })
  const files = { admin: adminExportAdRequests, influencer: influencerExportAdRequests, sponsor: sponsorExportAdRequests }
  return { ...list, ...useExport('ad-requests', () => files[toValue(side)]({ query: filtersOf(toValue(params)) as Filters, parseAs: 'blob' })) }
}
