import { useQueryClient } from '@tanstack/vue-query'
import { computed, onScopeDispose, ref } from 'vue'
import { sponsorCheckDeposit, sponsorCreateDeposit, sponsorReadDeposit, type DepositCreate, type DepositRead } from '@/api/generated'
import { useIntent } from '@/api/intent'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'

const EVERY_MS = 1000
const FOR_MS = 60_000

/**
 * One deposit: asked for, then followed until the gateway has said yes or no. A repeated request carries the key of the first, so
 * that a lost answer never pays twice; another amount, or a new try after a refusal, is another payment with another key.
 */
export function useDeposit(newKey?: () => string) {
  const client = useQueryClient()
  const intent = useIntent('deposit', newKey)
  const deposit = ref<DepositRead | null>(null)
  const problem = ref<Problem | null>(null)
  const sending = ref(false)
  /** The gateway takes longer than a page should wait. */
  const slow = ref(false)
  /** The payer has been on the gateway's page already. */
  let resumed = false
  let timer: ReturnType<typeof setTimeout> | undefined
  onScopeDispose(() => clearTimeout(timer))

  function refresh() {
    void client.invalidateQueries({ queryKey: keys.all('wallet') })
    void client.invalidateQueries({ queryKey: keys.all('deposits') })
    void client.invalidateQueries({ queryKey: keys.all('home') })
  }
  function follow(since: number) {
    clearTimeout(timer)
    timer = setTimeout(async () => {
      const id = deposit.value?.id
      if (!id) return
      try {
        deposit.value = await sponsorReadDeposit({ path: { deposit_id: id } })
      } catch { /* the next look may succeed */ }
      if (deposit.value?.status !== 'open') return refresh()
      if (!resumed && deposit.value.pay_url) return
      slow.value = Date.now() - since > FOR_MS
      if (!slow.value) follow(since)
    }, EVERY_MS)
  }
  async function send(body: DepositCreate): Promise<DepositRead | undefined> {
    if (sending.value) return undefined
    sending.value = true
    problem.value = null
    slow.value = false
    try {
      deposit.value = await sponsorCreateDeposit({ body, headers: { 'Idempotency-Key': intent.keyFor(body) } })
      intent.answered()
      refresh()
      // A bank transfer takes days, and who pays on the gateway's page comes back from there.
      if (deposit.value.status === 'open' && !deposit.value.pay_url && !deposit.value.instructions) follow(Date.now())
      return deposit.value
    } catch (cause) {
      problem.value = Problem.of(cause)
      throw problem.value
    } finally {
      sending.value = false
    }
  }
  /** Comes back to one that was begun before: the gateway is asked what became of it. */
  async function resume(id: string) {
    reset()
    resumed = true
    sending.value = true
    try {
      deposit.value = await sponsorCheckDeposit({ path: { deposit_id: id } })
      if (deposit.value.status !== 'open') refresh()
      else if (!deposit.value.instructions) follow(Date.now())
    } catch (cause) {
      problem.value = Problem.of(cause)
    } finally {
      sending.value = false
    }
  }
  /** Starts over, for another try or another amount. */
  function reset() {
    clearTimeout(timer)
    resumed = false
    deposit.value = null
    problem.value = null
    slow.value = false
  }
  const stage = computed<'form' | 'waiting' | 'settled' | 'declined'>(() => (deposit.value === null ? 'form' : deposit.value.status === 'open' ? 'waiting' : deposit.value.status))
  return { deposit, problem, sending, slow, stage, send, resume, reset }
}
