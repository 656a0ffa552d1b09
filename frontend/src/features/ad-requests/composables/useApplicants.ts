import { useMutation, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { sponsorAcceptAdRequests, sponsorListApplicants, sponsorRejectAdRequest, type ApplicantRead } from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem, type ProblemBody } from '@/api/problem'
import { usePagedQuery } from '@/api/usePagedQuery'

export type Applicant = ApplicantRead
export interface Outcome { applicant: Applicant; accepted: boolean; problem: Problem | null }

/** Open proposals of a campaign, and answering several of them at once. */
export function useApplicants(campaignId: MaybeRefOrGetter<string>, filters: MaybeRefOrGetter<{ sort?: string; origin?: Applicant['origin'] }>) {
  const client = useQueryClient()
  const query = computed(() => ({ sort: toValue(filters).sort, ...(toValue(filters).origin ? { origin: [toValue(filters).origin!] } : {}) }))
  const list = usePagedQuery<Applicant>({
    queryKey: computed(() => keys.part('campaigns', toValue(campaignId), 'applicants', query.value)),
    queryFn: ({ cursor, signal }) => sponsorListApplicants({ path: { campaign_id: toValue(campaignId) }, query: { ...query.value, cursor }, signal }),
  })
  function answered() {
    for (const domain of ['campaigns', 'ad-requests', 'home', 'wallet', 'messages', 'summary'] as const) void client.invalidateQueries({ queryKey: keys.all(domain) })
  }
  const accept = useMutation({
    mutationFn: async (applicants: readonly Applicant[]): Promise<Outcome[]> => {
      const { results } = await sponsorAcceptAdRequests({ body: { items: applicants.map((one) => ({ id: one.id, offer_hash: one.offer.hash })) } })
      return applicants.map((applicant) => {
        const result = results.find((one) => one.id === applicant.id)
        const body = result?.problem as ProblemBody | null | undefined
        return { applicant, accepted: result?.ok ?? false, problem: body ? new Problem(body, { status: body.status ?? 409 }) : null }
      })
    },
    onSettled: answered,
  })
  const reject = useMutation({
    mutationFn: ({ id, reason }: { id: string; reason: string }) => sponsorRejectAdRequest({ path: { ad_request_id: id }, body: reason ? { reason } : {} }),
    onSettled: answered,
  })
  return { list, accept, reject }
}
