import { useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { adminReadCampaignReport, influencerReadCampaignReport, sponsorReadCampaignReport } from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'

export type ReportRole = 'admin' | 'sponsor' | 'influencer'
const read = { admin: adminReadCampaignReport, sponsor: sponsorReadCampaignReport, influencer: influencerReadCampaignReport }
const AGAIN_MS = 60_000

/** What a campaign brought. News of the server make it stale at once; without them it is asked for again each minute. */
export function useReport(role: ReportRole, id: MaybeRefOrGetter<string>) {
  const query = useQuery({
    queryKey: computed(() => keys.detail('reports', toValue(id))),
    queryFn: ({ signal }) => read[role]({ path: { campaign_id: toValue(id) }, signal }),
    refetchInterval: AGAIN_MS,
  })
  return {
    report: computed(() => query.data.value ?? null),
    error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)),
    retry: () => void query.refetch(),
    /** Where the same lies as a file. */
    fileOf: (kind: 'csv' | 'pdf') => `/api/v1/${role}/campaigns/${toValue(id)}/report.${kind}`,
  }
}
