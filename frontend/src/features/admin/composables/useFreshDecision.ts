import { computed } from 'vue'
import { asksForPassword, useFreshSign } from '@/features/account/composables/useFreshSign'
import { useDecision } from './useDecision'

/** A decision about money: asked once, and where the sign-in is too old the password stands in the same dialog (`fresh`). */
export function useFreshDecision<T>(send: (subject: T, reason: string) => Promise<unknown>) {
  const fresh = useFreshSign()
  const decision = useDecision<T>((subject, reason) => fresh.around(() => send(subject, reason)))
  /** What refused it, besides the wish for a password. */
  const problem = computed(() => (decision.problem.value && !asksForPassword(decision.problem.value) ? decision.problem.value : null))
  function ask(subject: T) {
    fresh.reset()
    decision.ask(subject)
  }
  return { ...decision, problem, ask, fresh }
}
