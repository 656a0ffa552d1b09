import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import { api } from '@/api/client'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import type { Page } from '@/api/types'

/** One line of the inbox, in the reader's language. */
export interface Notification {
  id: string
  kind: string
  title: string
  text: string
  url: string | null
  created_at: string
  read_at: string | null
}
type Inbox = Page<Notification> & { unread: number }
const BASE = '/api/v1/account/notifications'
const AGAIN_MS = 60_000

/** The newest ones and how many are unread, for the bell. */
export function useNewest(limit = 8) {
  const query = useQuery({
    queryKey: keys.list('notifications', { limit }),
    queryFn: ({ signal }) => api.get<Inbox>(BASE, { query: { limit }, signal }),
    retry: false,
    // What cannot be had is not asked for again and again.
    refetchInterval: (one) => (one.state.error ? false : AGAIN_MS),
  })
  return { items: computed(() => query.data.value?.items ?? []), unread: computed(() => query.data.value?.unread ?? 0), loading: query.isPending }
}

/** The whole inbox, page by page. */
export function useInbox(unreadOnly: () => boolean) {
  const query = useInfiniteQuery({
    queryKey: computed(() => keys.list('notifications', { unread: unreadOnly() })),
    queryFn: ({ pageParam, signal }) => api.get<Inbox>(BASE, { query: { limit: 30, cursor: pageParam, unread: unreadOnly() || undefined }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: Inbox) => last.next ?? undefined,
  })
  return {
    items: computed(() => query.data.value?.pages.flatMap((page) => page.items) ?? []),
    unread: computed(() => query.data.value?.pages.at(-1)?.unread ?? 0),
    loading: query.isPending,
    hasMore: query.hasNextPage,
    loadingMore: query.isFetchingNextPage,
    more: () => void query.fetchNextPage(),
    error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)),
    retry: () => void query.refetch(),
  }
}

export function useMarkRead() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (which: { ids: string[] } | { all: true }) => api.post<{ marked: number; unread: number }>(`${BASE}/read`, which),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.all('notifications') }),
  })
}
