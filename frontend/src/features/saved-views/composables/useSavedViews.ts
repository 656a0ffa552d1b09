import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { accountCreateSavedView, accountDeleteSavedView, accountListSavedViews, accountUpdateSavedView, type SavedViewCreate, type SavedViewRead, type SavedViewUpdate } from '@/api/generated'
import { keys } from '@/api/keys'

export type SavedView = SavedViewRead

/** The reader's kept views of one list, by name. All lists are read at once: there are few of them. */
export function useSavedViews(list: MaybeRefOrGetter<string>) {
  const client = useQueryClient()
  const query = useQuery({ queryKey: keys.lists('saved-views'), queryFn: ({ signal }) => accountListSavedViews({ signal }), staleTime: 300_000 })
  const onSettled = () => client.invalidateQueries({ queryKey: keys.all('saved-views') })
  return {
    views: computed<SavedView[]>(() => (query.data.value?.items ?? []).filter((one) => one.list === toValue(list))),
    ready: query.isSuccess,
    create: useMutation({ mutationFn: (body: SavedViewCreate) => accountCreateSavedView({ body }), onSettled }),
    change: useMutation({ mutationFn: ({ id, ...body }: SavedViewUpdate & { id: string }) => accountUpdateSavedView({ path: { view_id: id }, body }), onSettled }),
    remove: useMutation({ mutationFn: (id: string) => accountDeleteSavedView({ path: { view_id: id } }), onSettled }),
  }
}
