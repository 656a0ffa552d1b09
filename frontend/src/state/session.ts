import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { api, hasSessionCookie } from '@/api/client'
import { Problem } from '@/api/problem'
import type { Me, Role } from '@/api/types'

/** Who is signed in. The server decides on every request; this is what the page knows of it. */
export const useSession = defineStore('session', () => {
  const me = ref<Me | null>(null)
  const known = ref(false)
  /** The start met no server: neither signed in nor out. */
  const unreachable = ref<Problem | null>(null)
  const role = computed<Role | null>(() => me.value?.role ?? null)
  const signedIn = computed(() => me.value !== null)
  let loading: Promise<void> | null = null

  /** Once at the start, and after a change of the own account. */
  async function load(): Promise<void> {
    loading ??= fetchMe().finally(() => { loading = null })
    await loading
  }
  async function fetchMe() {
    if (!hasSessionCookie()) {
      me.value = null
      known.value = true
      return
    }
    try {
      me.value = await api.get<Me>('/api/v1/me')
      unreachable.value = null
      known.value = true
    } catch (error) {
      const problem = Problem.of(error)
      if (problem.status === 401 || problem.status === 403) {
        me.value = null
        unreachable.value = null
        known.value = true
      } else if (!me.value) {
        // Without an answer one is not signed out; who was known stays known.
        unreachable.value = problem
      }
    }
  }
  async function signIn(credentials: { email: string; password: string; otp?: string }): Promise<Me> {
    await api.post('/api/v1/auth/login', credentials)
    await load()
    if (!me.value) throw new Problem({ type: 'no-session' }, { status: 401 })
    return me.value
  }
  /** Throws a Problem while the server has not ended the session: its cookies would sign in again. */
  async function signOut(): Promise<void> {
    await api.post('/api/v1/auth/logout', {})
    forget()
  }
  function forget() {
    me.value = null
    known.value = true
  }
  return { me, known, unreachable, role, signedIn, load, signIn, signOut, forget }
})
