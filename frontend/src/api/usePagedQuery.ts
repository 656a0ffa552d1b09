import { useInfiniteQuery, type QueryKey } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { Problem } from './problem'
import type { Page } from './types'

interface PagedOptions<T, P extends Page<T>> {
  queryKey: MaybeRefOrGetter<QueryKey>
  queryFn: (page: { cursor: string | undefined; signal: AbortSignal }) => Promise<P>
  enabled?: MaybeRefOrGetter<boolean>
}

/** A keyset list in the shape that DataTable takes: rows so far, whether more exist, how to get them. */
export function usePagedQuery<T, P extends Page<T> = Page<T>>({ queryKey, queryFn, enabled = true }: PagedOptions<T, P>) {
  const query = useInfiniteQuery({
    queryKey: computed(() => toValue(queryKey)),
    queryFn: ({ pageParam, signal }) => queryFn({ cursor: pageParam, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: P) => last.next ?? undefined,
    enabled: computed(() => toValue(enabled)),
  })
  return {
    rows: computed<T[]>(() => query.data.value?.pages.flatMap((page) => page.items as T[]) ?? []),
    /** What the first page says besides its rows. */
    first: computed<P | null>(() => (query.data.value?.pages[0] as P | undefined) ?? null),
    total: computed(() => query.data.value?.pages[0]?.total ?? null),
    hasMore: query.hasNextPage,
    more: () => void query.fetchNextPage(),
    loading: query.isPending,
    loadingMore: query.isFetchingNextPage,
    error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)),
    retry: () => void query.refetch(),
  }
}
