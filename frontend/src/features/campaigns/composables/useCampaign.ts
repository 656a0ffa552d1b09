import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import type { CampaignCreate, CampaignUpdate } from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import { useCampaignSurface } from '../surface'
import type { Act, Campaign } from '../types'

/** One campaign with everything. */
export function useCampaign(id: MaybeRefOrGetter<string | null>) {
  const surface = useCampaignSurface()
  const wanted = computed(() => toValue(id))
  const query = useQuery({
    queryKey: computed(() => keys.detail('campaigns', wanted.value ?? '')),
    queryFn: ({ signal }) => surface.read(wanted.value!, signal),
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
  const surface = useCampaignSurface()
  const client = useQueryClient()
  function changed(campaign?: Campaign | void) {
    if (campaign) client.setQueryData(keys.detail('campaigns', campaign.id), campaign)
    void client.invalidateQueries({ queryKey: keys.lists('campaigns') })
    void client.invalidateQueries({ queryKey: keys.all('home') })
  }
  const act = useMutation({
    mutationFn: ({ act: name, id }: { act: Act; id: string }): Promise<Campaign | void> => surface.act(name, id),
    onSuccess: changed,
  })
  const create = useMutation({ mutationFn: (body: CampaignCreate) => surface.create(body), onSuccess: changed })
  const edit = useMutation({
    /** `version` is what the change was written on: the server refuses it if somebody was quicker. */
    mutationFn: ({ id, version, body }: { id: string; version: number; body: CampaignUpdate }) =>
      surface.edit(id, body, `"${id}.${version}"`),
    onSuccess: changed,
    onError: (cause, { id }) => {
      if (Problem.of(cause).status === 412) void client.invalidateQueries({ queryKey: keys.detail('campaigns', id) })
    },
  })
  return { act, create, edit }
}
