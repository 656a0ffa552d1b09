import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import { sponsorListExchangeRates, sponsorStateExchangeRates, type ExchangeRateInput } from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'

/** The rates by which orders in another currency than their campaign's are counted. */
export function useExchangeRates() {
  const client = useQueryClient()
  const query = useQuery({ queryKey: keys.summary('webhooks', { rates: true }), queryFn: ({ signal }) => sponsorListExchangeRates({ signal }) })
  return {
    rates: computed(() => query.data.value?.items ?? []),
    loading: query.isPending,
    error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)),
    retry: () => void query.refetch(),
    state: useMutation({
      mutationFn: (rates: ExchangeRateInput[]) => sponsorStateExchangeRates({ body: { rates } }),
      onSuccess: (found) => { client.setQueryData(keys.summary('webhooks', { rates: true }), found); void client.invalidateQueries({ queryKey: keys.all('orders') }) },
    }),
  }
}
