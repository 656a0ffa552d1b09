import { useMutation, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { adminDecideCampaigns, adminDecideUsers, adminListApprovals, type ApprovalPage, type ApprovalRead, type BulkResult } from '@/api/generated'
import { keys } from '@/api/keys'
import { usePagedQuery } from '@/api/usePagedQuery'

export type QueueKind = 'user' | 'campaign'
export type Outcome = BulkResult

/** One queue, the longest waiting first, with the counts and switches of both. */
export function useApprovals(kind: MaybeRefOrGetter<QueueKind>, limit = 50) {
  return usePagedQuery<ApprovalRead, ApprovalPage>({
    queryKey: computed(() => keys.part('summary', 'approvals', toValue(kind), { limit })),
    queryFn: ({ cursor, signal }) => adminListApprovals({ query: { kind: toValue(kind), limit, cursor }, signal }),
  })
}

/** One decision on one or many of a queue; each stands by itself. */
export function useApprovalDecision() {
  const client = useQueryClient()
  const { mutateAsync: decide } = useMutation({
    mutationFn: async ({ kind, ids, approve, reason }: { kind: QueueKind; ids: string[]; approve: boolean; reason: string }): Promise<Outcome[]> =>
      kind === 'user'
        ? (await adminDecideUsers({ body: { ids, decision: approve ? 'approve' : 'reject', reason: reason || null } })).results
        : (await adminDecideCampaigns({ body: { ids, decision: approve ? 'approve' : 'return', reason } })).results,
    onSettled: () => { for (const domain of ['summary', 'users', 'campaigns', 'audit'] as const) void client.invalidateQueries({ queryKey: keys.all(domain) }) },
  })
  return { decide }
}
