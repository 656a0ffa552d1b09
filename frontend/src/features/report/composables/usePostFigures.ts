import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import {
  adminReadPostFigures, influencerCorrectPostFigures, influencerReadPostFigures, influencerStatePostFigures, sponsorCorrectPostFigures, sponsorImportPostFigures,
  sponsorReadPostFigures, sponsorStatePostFigures, type PostFiguresCreate,
} from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import type { ReportRole } from './useReport'

const read = { admin: adminReadPostFigures, sponsor: sponsorReadPostFigures, influencer: influencerReadPostFigures }
const state = { sponsor: sponsorStatePostFigures, influencer: influencerStatePostFigures }
const correct = { sponsor: sponsorCorrectPostFigures, influencer: influencerCorrectPostFigures }

/** What a published post has reached, with its history; stating more of it and correcting what one has stated. */
export function usePostFigures(role: ReportRole, adRequestId: MaybeRefOrGetter<string>, deliverableId: MaybeRefOrGetter<string>) {
  const client = useQueryClient()
  const path = () => ({ ad_request_id: toValue(adRequestId), deliverable_id: toValue(deliverableId) })
  const key = computed(() => keys.part('ad-requests', toValue(adRequestId), 'figures', { of: toValue(deliverableId) }))
  const query = useQuery({ queryKey: key, queryFn: ({ signal }) => read[role]({ path: path(), signal }) })
  const send = useMutation({
    mutationFn: ({ body, corrects }: { body: PostFiguresCreate; corrects: string | null }) => {
      const side = role === 'sponsor' ? 'sponsor' : 'influencer'
      return corrects ? correct[side]({ path: { ...path(), figures_id: corrects }, body }) : state[side]({ path: path(), body })
    },
    onSuccess: (fresh) => {
      client.setQueryData(key.value, fresh)
      void client.invalidateQueries({ queryKey: keys.all('reports') })
    },
  })
  return {
    history: computed(() => query.data.value ?? null),
    error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)),
    retry: () => void query.refetch(),
    send: send.mutateAsync,
  }
}

/** Taking the figures of many posts from a table. */
export function useFiguresImport(campaignId: MaybeRefOrGetter<string>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (csv: string) => sponsorImportPostFigures({ path: { campaign_id: toValue(campaignId) }, body: { csv } }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.all('reports') })
      void client.invalidateQueries({ queryKey: keys.all('ad-requests') })
    },
  })
}
