import { useMutation, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { adminDecideDispute, adminListDisputes, type AdminListDisputesData, type DisputeCase } from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import { usePagedQuery } from '@/api/usePagedQuery'

export type DisputeFilters = Omit<NonNullable<AdminListDisputesData['query']>, 'cursor'>

/** Disputes as filtered by the server, the longest waiting first. */
export function useDisputes(filters: MaybeRefOrGetter<DisputeFilters>) {
  return usePagedQuery<DisputeCase>({
    queryKey: computed(() => keys.list('disputes', { ...toValue(filters) })),
    queryFn: ({ cursor, signal }) => adminListDisputes({ query: { ...toValue(filters), cursor }, signal }),
  })
}

/** Splits the money of a disputed deliverable; final. */
export function useDisputeDecision() {
  const client = useQueryClient()
  const changed = () => { for (const domain of ['disputes', 'ad-requests', 'ledger', 'campaigns', 'summary', 'audit'] as const) void client.invalidateQueries({ queryKey: keys.all(domain) }) }
  return useMutation({
    mutationFn: ({ id, percent, reason }: { id: string; percent: number; reason: string }) => adminDecideDispute({ path: { dispute_id: id }, body: { to_influencer_percent: percent, reason } }),
    onSuccess: changed,
    onError: (cause) => { if (Problem.of(cause).status === 409) changed() },
  })
}
