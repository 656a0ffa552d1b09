import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { api, type QueryValue } from '@/api/client'
import { keys } from '@/api/keys'
import type { Page } from '@/api/types'
import { usePagedQuery } from '@/api/usePagedQuery'
import type { AdRequestSummary, Side } from '../types'

/** Agreements of one side, filtered and sorted by the server. */
export function useAdRequests(side: MaybeRefOrGetter<Side>, params: MaybeRefOrGetter<Record<string, QueryValue>>) {
  return usePagedQuery<AdRequestSummary>({
    queryKey: computed(() => keys.list('ad-requests', { side: toValue(side), ...toValue(params) })),
    queryFn: ({ cursor, signal }) =>
      api.get<Page<AdRequestSummary>>(`/api/v1/${toValue(side)}/ad-requests`, { query: { ...toValue(params), cursor }, signal }),
  })
}
