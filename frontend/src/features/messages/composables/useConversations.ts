import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { influencerListConversations, sponsorListConversations, type ConversationPage, type ConversationRead } from '@/api/generated'
import { keys } from '@/api/keys'
import { usePagedQuery } from '@/api/usePagedQuery'

/** Conversations of one side, the one written in last first; `first.unread` counts what nobody read yet. */
export function useConversations(side: MaybeRefOrGetter<'sponsor' | 'influencer'>, unread: MaybeRefOrGetter<boolean>, enabled: MaybeRefOrGetter<boolean> = true) {
  return usePagedQuery<ConversationRead, ConversationPage>({
    queryKey: computed(() => keys.list('messages', { side: toValue(side), unread: toValue(unread) })),
    queryFn: ({ cursor, signal }) => {
      const query = { limit: 30, cursor, ...(toValue(unread) ? { unread: true } : {}) }
      return toValue(side) === 'sponsor' ? sponsorListConversations({ query, signal }) : influencerListConversations({ query, signal })
    },
    enabled,
  })
}
