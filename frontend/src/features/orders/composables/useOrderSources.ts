import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import { sponsorCreateOrderSource, sponsorListOrderSources, sponsorRemoveOrderSource, sponsorRotateOrderSource, type OrderSourceCreate, type OrderSourceMadeRead, type OrderSourceRead } from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'

export type OrderSource = OrderSourceRead
export type OrderSourceMade = OrderSourceMadeRead
export type SourceKind = Exclude<OrderSourceRead['kind'], 'csv'>

/** The ways by which orders of the sponsor's shop come in. */
export function useOrderSources() {
  const client = useQueryClient()
  const query = useQuery({ queryKey: keys.summary('webhooks'), queryFn: ({ signal }) => sponsorListOrderSources({ signal }) })
  const stale = () => void client.invalidateQueries({ queryKey: keys.all('webhooks') })
  return {
    sources: computed(() => query.data.value?.items ?? []),
    loading: query.isPending,
    error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)),
    retry: () => void query.refetch(),
    open: useMutation({ mutationFn: (body: OrderSourceCreate) => sponsorCreateOrderSource({ body }), onSuccess: stale }),
    rotate: useMutation({ mutationFn: ({ id, secret }: { id: string; secret: string | null }) => sponsorRotateOrderSource({ path: { source_id: id }, body: { secret } }), onSuccess: stale }),
    close: useMutation({ mutationFn: (id: string) => sponsorRemoveOrderSource({ path: { source_id: id } }), onSuccess: stale }),
  }
}
