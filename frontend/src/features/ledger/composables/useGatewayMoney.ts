import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import { adminBookOwnMoney, adminListGatewayMoney, type OwnMoneyCreate } from '@/api/generated'
import { useIntent } from '@/api/intent'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'

/** What lies at the gateways, and what of it is the operator's own. */
export function useGatewayMoney() {
  const client = useQueryClient()
  const intent = useIntent('own-money')
  const query = useQuery({ queryKey: keys.summary('ledger', { of: 'gateways' }), queryFn: ({ signal }) => adminListGatewayMoney({ signal }) })
  async function book(body: OwnMoneyCreate) {
    await adminBookOwnMoney({ body, headers: { 'Idempotency-Key': intent.keyFor(body) } })
    intent.answered()
    for (const domain of ['ledger', 'summary', 'audit'] as const) void client.invalidateQueries({ queryKey: keys.all(domain) })
  }
  return {
    rows: computed(() => query.data.value?.items ?? []),
    currencies: computed(() => query.data.value?.currencies ?? []),
    loading: query.isPending,
    error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)),
    retry: () => void query.refetch(),
    book,
  }
}
