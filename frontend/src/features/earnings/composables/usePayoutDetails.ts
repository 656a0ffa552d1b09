import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { influencerOpenStripePayee, influencerReadPayoutDetails, influencerRemovePayoutDetails, influencerSetPayoutDetails, type PayoutDetailsInput } from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'

/** Where one is paid: masked, with what may be chosen, and its changes. */
export function usePayoutDetails(enabled: MaybeRefOrGetter<boolean> = true) {
  const client = useQueryClient()
  const query = useQuery({ queryKey: keys.summary('payouts'), queryFn: ({ signal }) => influencerReadPayoutDetails({ signal }), enabled: computed(() => toValue(enabled)) })
  const changed = () => { for (const domain of ['payouts', 'withdrawals', 'earnings', 'home'] as const) void client.invalidateQueries({ queryKey: keys.all(domain) }) }
  const details = computed(() => query.data.value ?? null)
  return {
    details,
    /** There are details, so that withdrawing is possible. */
    known: computed(() => !!details.value?.label),
    loading: query.isPending,
    error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)),
    retry: () => void query.refetch(),
    set: useMutation({ mutationFn: (body: PayoutDetailsInput) => influencerSetPayoutDetails({ body }), onSuccess: changed }),
    remove: useMutation({ mutationFn: () => influencerRemovePayoutDetails(), onSuccess: changed }),
    openStripe: useMutation({ mutationFn: (country: string) => influencerOpenStripePayee({ body: { country } }), onSuccess: changed }),
  }
}
