import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { influencerReadStatement, sponsorReadStatement, type SponsorReadStatementData, type StatementLineRead, type StatementRead } from '@/api/generated'
import { keys } from '@/api/keys'
import { usePagedQuery } from '@/api/usePagedQuery'

export type StatementFilters = Pick<NonNullable<SponsorReadStatementData['query']>, 'since' | 'until' | 'currency'>
export type MoneyRole = 'sponsor' | 'influencer'

const read = { sponsor: sponsorReadStatement, influencer: influencerReadStatement }

/** One's statement of a period in one currency: its sums and its lines. */
export function useStatement(role: MoneyRole, filters: MaybeRefOrGetter<StatementFilters>, enabled: MaybeRefOrGetter<boolean>) {
  const list = usePagedQuery<StatementLineRead, StatementRead>({
    queryKey: computed(() => keys.list(role === 'sponsor' ? 'wallet' : 'earnings', { statement: toValue(filters) })),
    queryFn: ({ cursor, signal }) => read[role]({ query: { ...toValue(filters), limit: 50, cursor }, signal }),
    enabled,
  })
  return { ...list, statement: list.first }
}
