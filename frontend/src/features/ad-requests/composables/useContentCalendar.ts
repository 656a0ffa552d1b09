import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import { influencerListCalendar, type CalendarRead } from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import { eventsOf, sheetOf } from '../calendar'

/** Every date on the sheet of a month (yyyy-mm), and the offers that wait for an answer then. */
export function useContentCalendar(month: MaybeRefOrGetter<string>) {
  const query = useQuery({
    queryKey: computed(() => keys.list('ad-requests', { calendar: toValue(month) })),
    queryFn: async ({ signal }) => {
      const days = sheetOf(toValue(month))
      const items: CalendarRead[] = []
      let cursor: string | undefined
      do {
        const page = await influencerListCalendar({ query: { ...days, limit: 100, cursor }, signal })
        items.push(...page.items)
        cursor = page.next ?? undefined
      } while (cursor)
      return items
    },
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  })
  return {
    events: computed(() => (query.data.value ?? []).flatMap(eventsOf).sort((a, b) => a.day.localeCompare(b.day))),
    loading: query.isPending,
    error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)),
    retry: () => void query.refetch(),
  }
}
