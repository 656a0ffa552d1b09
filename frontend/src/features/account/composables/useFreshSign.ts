import { ref } from 'vue'
import { accountConfirmPassword } from '@/api/generated'
import { Problem } from '@/api/problem'

/**
 * For acts that need a sign-in within the last minutes: `around(send)` sends; if the server asks for a fresh sign-in,
 * `asking` turns on, the page shows a FreshSignField, and the next `around` confirms the password first.
 */
export function useFreshSign() {
  const asking = ref(false)
  const password = ref('')
  /** The code of the authenticator, where one is set. */
  const otp = ref('')
  const problem = ref<Problem | null>(null)
  const sending = ref(false)

  async function around<T>(send: () => Promise<T>): Promise<T> {
    problem.value = null
    sending.value = true
    try {
      if (asking.value) {
        try {
          await accountConfirmPassword({ body: { password: password.value, otp: otp.value.trim() || null } })
        } catch (cause) {
          problem.value = Problem.of(cause)
          throw new Problem({ type: 'forbidden', needs: 'fresh-sign-in' }, { status: 403 })
        }
      }
      const result = await send()
      reset()
      return result
    } catch (cause) {
      if (Problem.of(cause).extra.needs === 'fresh-sign-in') asking.value = true
      throw cause
    } finally {
      sending.value = false
    }
  }
  function reset() {
    asking.value = false
    password.value = ''
    otp.value = ''
    problem.value = null
  }
  return { asking, password, otp, problem, sending, around, reset }
}
/** The refusal that only asks for the password. */
export const asksForPassword = (cause: unknown) => Problem.of(cause).extra.needs === 'fresh-sign-in'
