import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import type { OfferInput } from '@/api/generated'
import { api } from '@/api/client'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import type { AdRequest, OfferDiff, Side } from '../types'

const LOOK_TAKES_MS = 3000

/** One agreement and everything that may be done with it. Each deed answers with the agreement as it then stands. */
export function useAdRequest(side: MaybeRefOrGetter<Side>, id: MaybeRefOrGetter<string>) {
  const client = useQueryClient()
  const base = () => `/api/v1/${toValue(side)}/ad-requests/${toValue(id)}`
  const key = computed(() => keys.detail('ad-requests', toValue(id)))
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.get<AdRequest>(base(), { signal }),
    refetchInterval: 30_000,
  })

  function took(fresh: AdRequest | undefined) {
    if (fresh && 'status' in fresh) client.setQueryData(key.value, fresh)
    else void client.invalidateQueries({ queryKey: key.value })
    for (const domain of ['home', 'campaigns', 'wallet', 'earnings', 'messages', 'summary'] as const) void client.invalidateQueries({ queryKey: keys.all(domain) })
    void client.invalidateQueries({ queryKey: keys.lists('ad-requests') })
  }
  const deed = <V>(send: (values: V) => Promise<unknown>) =>
    useMutation({
      mutationFn: send,
      onSuccess: (fresh) => took(fresh as AdRequest | undefined),
      // A refused deed often means that the other side was quicker: show what is there now.
      onError: (error) => { if (Problem.of(error).status === 409) void client.invalidateQueries({ queryKey: key.value }) },
    })
  const part = (deliverableId: string, path: string) => `${base()}/deliverables/${deliverableId}/${path}`

  return {
    adRequest: computed(() => query.data.value ?? null),
    loading: query.isPending,
    error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)),
    retry: () => void query.refetch(),
    accept: deed((hash: string) => api.post(`${base()}/accept`, { offer_hash: hash })),
    counter: deed((offer: OfferInput) => api.post(`${base()}/counter`, { offer })),
    reject: deed((reason: string) => api.post(`${base()}/reject`, reason ? { reason } : {})),
    withdraw: deed((reason: string) => api.post(`${base()}/withdraw`, reason ? { reason } : {})),
    extend: deed((deliverableId: string | null) => api.post(`${base()}/extend`, deliverableId ? { deliverable_id: deliverableId } : {})),
    cancel: deed(({ deliverableId, reason }: { deliverableId: string | null; reason: string }) =>
      api.post(`${base()}/cancel`, { reason, ...(deliverableId ? { deliverable_id: deliverableId } : {}) })),
    submit: deed(({ deliverableId, ...body }: { deliverableId: string; text: string; url: string | null; file_ids: string[] }) => api.post(part(deliverableId, 'submissions'), body)),
    publish: deed(({ deliverableId, url }: { deliverableId: string; url: string }) => api.post(part(deliverableId, 'publications'), { url })),
    approve: deed(({ deliverableId, note }: { deliverableId: string; note: string }) => api.post(part(deliverableId, 'approve'), note ? { note } : {})),
    requestChanges: deed(({ deliverableId, note }: { deliverableId: string; note: string }) => api.post(part(deliverableId, 'request-changes'), { note })),
    /** A worker looks at the post; what it found is there a moment later. */
    check: useMutation({
      mutationFn: (deliverableId: string) => api.post(part(deliverableId, 'check'), {}),
      onSuccess: async () => {
        await new Promise((resolve) => setTimeout(resolve, LOOK_TAKES_MS))
        await client.invalidateQueries({ queryKey: key.value })
      },
    }),
    confirm: deed(({ deliverableId }: { deliverableId: string }) => api.post(part(deliverableId, 'confirm'), {})),
    dispute: deed(({ deliverableId, reason, file_ids }: { deliverableId: string; reason: string; file_ids: string[] }) => api.post(part(deliverableId, 'dispute'), { reason, file_ids })),
    answerDispute: deed(({ deliverableId, text }: { deliverableId: string; text: string }) => api.post(part(deliverableId, 'dispute/answer'), { text })),
    rate: deed((rating: { stars: number; text: string }) => api.post(`${base()}/ratings`, rating)),
    seen: useMutation({
      mutationFn: async (messageId: string) => { if (toValue(side) !== 'admin') await api.post(`${base()}/messages/read`, { message_id: messageId }) },
      onSuccess: () => { for (const domain of ['messages', 'home'] as const) void client.invalidateQueries({ queryKey: keys.all(domain) }) },
    }),
    post: deed((message: { text: string; file_ids: string[] }) => api.post(`${base()}/messages`, message)),
  }
}

/** What changed between two revisions, field by field. */
export function useOfferDiff(side: MaybeRefOrGetter<Side>, id: MaybeRefOrGetter<string>, from: MaybeRefOrGetter<number>, to: MaybeRefOrGetter<number>) {
  const query = useQuery({
    queryKey: computed(() => keys.part('ad-requests', toValue(id), 'diff', { from: toValue(from), to: toValue(to) })),
    queryFn: ({ signal }) => api.get<OfferDiff>(`/api/v1/${toValue(side)}/ad-requests/${toValue(id)}/offers/diff`, { query: { from: toValue(from), to: toValue(to) }, signal }),
    enabled: computed(() => toValue(from) > 0 && toValue(to) > toValue(from)),
    // Revisions never change.
    staleTime: Infinity,
  })
  return { diff: computed(() => query.data.value ?? null), loading: query.isLoading }
}
