import { useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import {
  publicListInfluencers, publicListNiches, publicReadInfluencer, publicReadSponsor, sponsorListInfluencers, type InfluencerSummary, type PublicListInfluencersData,
} from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import { usePagedQuery } from '@/api/usePagedQuery'

export type InfluencerFilters = Omit<NonNullable<PublicListInfluencersData['query']>, 'cursor'>
const problemOf = (error: unknown) => (error ? Problem.of(error) : null)

/** Visible influencers, filtered and sorted by the server; a sponsor asks over the own surface. */
export function useInfluencers(reader: 'public' | 'sponsor', filters: MaybeRefOrGetter<InfluencerFilters>) {
  const list = reader === 'sponsor' ? sponsorListInfluencers : publicListInfluencers
  return usePagedQuery<InfluencerSummary>({
    queryKey: computed(() => keys.list('influencers', { reader, ...toValue(filters) })),
    queryFn: ({ cursor, signal }) => list({ query: { ...toValue(filters), cursor }, signal }),
  })
}

/** Niches in use, the largest first. */
export function useNiches() {
  const query = useQuery({ queryKey: keys.list('public', { niches: true }), queryFn: ({ signal }) => publicListNiches({ signal }), staleTime: 300_000 })
  return computed(() => query.data.value?.items ?? [])
}

/** One public profile of an influencer. */
export function useInfluencer(slug: MaybeRefOrGetter<string>) {
  const query = useQuery({ queryKey: computed(() => keys.detail('influencers', toValue(slug))), queryFn: ({ signal }) => publicReadInfluencer({ path: { slug: toValue(slug) }, signal }) })
  return { influencer: query.data, loading: query.isPending, error: computed(() => problemOf(query.error.value)), retry: () => void query.refetch() }
}

/** What anyone may read of a sponsor. */
export function useSponsorPage(slug: MaybeRefOrGetter<string>) {
  const query = useQuery({ queryKey: computed(() => keys.detail('sponsors', toValue(slug))), queryFn: ({ signal }) => publicReadSponsor({ path: { slug: toValue(slug) }, signal }) })
  return { sponsor: query.data, loading: query.isPending, error: computed(() => problemOf(query.error.value)), retry: () => void query.refetch() }
}
