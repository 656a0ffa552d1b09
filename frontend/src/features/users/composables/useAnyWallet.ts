import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { adminReadWallet, adminReturnMoneyOfWallet, type WalletReturnCreate } from '@/api/generated'
import { useIntent } from '@/api/intent'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'

/** What a sponsor has, also one whose account is closed, and the booking of what was sent back to them. */
export function useAnyWallet(sponsorId: MaybeRefOrGetter<string>) {
  const client = useQueryClient()
  const intent = useIntent('wallet-return')
  const query = useQuery({
    queryKey: computed(() => keys.part('wallet', toValue(sponsorId), 'admin')),
    queryFn: ({ signal }) => adminReadWallet({ path: { sponsor_id: toValue(sponsorId) }, signal }),
  })
  async function giveBack(body: WalletReturnCreate) {
    const id = toValue(sponsorId)
    await adminReturnMoneyOfWallet({ path: { sponsor_id: id }, body, headers: { 'Idempotency-Key': intent.keyFor({ id, ...body }) } })
    intent.answered()
    for (const domain of ['wallet', 'ledger', 'summary', 'audit'] as const) void client.invalidateQueries({ queryKey: keys.all(domain) })
  }
  return {
    balances: computed(() => query.data.value?.balances ?? []),
    error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)),
    retry: () => void query.refetch(),
    giveBack,
  }
}
