import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import {
  sponsorArchiveCampaign, sponsorCompleteCampaign, sponsorCreateCampaign, sponsorDeleteCampaign, sponsorDuplicateCampaign, sponsorEditCampaign,
  sponsorPauseCampaign, sponsorPublishCampaign, sponsorReadCampaign, sponsorResumeCampaign, type CampaignCreate, type CampaignUpdate,
} from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import type { Act, Campaign } from '../types'

const moves = {
  publish: sponsorPublishCampaign, resume: sponsorResumeCampaign, pause: sponsorPauseCampaign, complete: sponsorCompleteCampaign,
  archive: sponsorArchiveCampaign, duplicate: sponsorDuplicateCampaign,
}

/** One campaign with everything. */
export function useCampaign(id: MaybeRefOrGetter<string | null>) {
  const wanted = computed(() => toValue(id))
  const query = useQuery({
    queryKey: computed(() => keys.detail('campaigns', wanted.value ?? '')),
    queryFn: ({ signal }) => sponsorReadCampaign({ path: { campaign_id: wanted.value! }, signal }),
    enabled: computed(() => wanted.value !== null),
  })
  return {
    campaign: query.data,
    loading: query.isPending,
    error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)),
    retry: () => void query.refetch(),
  }
}

/** Writing and moving campaigns; every change makes lists, the campaign and the home page stale. */
export function useCampaignChanges() {
  const client = useQueryClient()
  function changed(campaign?: Campaign | void) {
    if (campaign) client.setQueryData(keys.detail('campaigns', campaign.id), campaign)
    void client.invalidateQueries({ queryKey: keys.lists('campaigns') })
    void client.invalidateQueries({ queryKey: keys.all('home') })
  }
  const act = useMutation({
    mutationFn: async ({ act: name, id }: { act: Act; id: string }): Promise<Campaign | void> => {
      const path = { campaign_id: id }
      return name === 'delete' ? sponsorDeleteCampaign({ path }) : moves[name]({ path })
    },
    onSuccess: changed,
  })
  const create = useMutation({ mutationFn: (body: CampaignCreate) => sponsorCreateCampaign({ body }), onSuccess: changed })
  const edit = useMutation({
    /** `version` is what the change was written on: the server refuses it if somebody was quicker. */
    mutationFn: ({ id, version, body }: { id: string; version: number; body: CampaignUpdate }) =>
      sponsorEditCampaign({ path: { campaign_id: id }, body, headers: { 'If-Match': `"${id}.${version}"` } }),
    onSuccess: changed,
    onError: (cause, { id }) => {
      if (Problem.of(cause).status === 412) void client.invalidateQueries({ queryKey: keys.detail('campaigns', id) })
    },
  })
  return { act, create, edit }
}
