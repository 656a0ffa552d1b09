import { computed, ref, shallowRef } from 'vue'
import { Problem } from '@/api/problem'

/** One question at a time: what is asked about, sent, refused or done. `send` gets the reason that was typed. */
export function useDecision<T>(send: (subject: T, reason: string) => Promise<unknown>) {
  const asked = shallowRef<T | null>(null)
  const sending = ref(false)
  const problem = ref<Problem | null>(null)
  const close = () => { if (!sending.value) asked.value = null }
  const open = computed({ get: () => asked.value !== null, set: (on: boolean) => { if (!on) close() } })

  function ask(subject: T) {
    problem.value = null
    asked.value = subject
  }
  async function confirm(reason = ''): Promise<boolean> {
    if (asked.value === null || sending.value) return false
    sending.value = true
    problem.value = null
    try {
      await send(asked.value, reason)
      asked.value = null
      return true
    } catch (cause) {
      problem.value = Problem.of(cause)
      return false
    } finally {
      sending.value = false
    }
  }
  return { asked, open, sending, problem, ask, close, confirm }
}
