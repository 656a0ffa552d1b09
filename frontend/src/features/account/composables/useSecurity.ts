import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import {
  accountBeginTotp, accountChangeEmail, accountChangePassword, accountConfirmTotp, accountCreateApiKey, accountDeleteSession, accountDisableTotp, accountEndOtherSessions, accountListApiKeys,
  accountListSessions, accountReadMe, accountReplaceRecoveryCodes, accountResendVerification, accountRevokeApiKey, type ApiKeyCreate,
} from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import { useSession } from '@/state/session'

const problemOf = (error: unknown) => (error ? Problem.of(error) : null)

/** The own account with everything that its settings show. */
export function useMe() {
  const query = useQuery({ queryKey: keys.detail('me', 'own'), queryFn: ({ signal }) => accountReadMe({ signal }) })
  return { me: query.data, loading: query.isPending, error: computed(() => problemOf(query.error.value)), retry: () => void query.refetch() }
}

/** Password, address and authenticator. */
export function useSecurity() {
  const client = useQueryClient()
  const session = useSession()
  const changed = () => {
    void client.invalidateQueries({ queryKey: keys.all('me') })
    void client.invalidateQueries({ queryKey: keys.all('sessions') })
    void session.load()
  }
  return {
    password: useMutation({ mutationFn: (body: { current_password: string; password: string }) => accountChangePassword({ body }), onSuccess: changed }),
    email: useMutation({ mutationFn: (body: { email: string; password: string }) => accountChangeEmail({ body }), onSuccess: changed }),
    verify: useMutation({ mutationFn: () => accountResendVerification() }),
    beginTotp: useMutation({ mutationFn: () => accountBeginTotp() }),
    confirmTotp: useMutation({ mutationFn: (otp: string) => accountConfirmTotp({ body: { otp } }), onSuccess: changed }),
    replaceCodes: useMutation({ mutationFn: () => accountReplaceRecoveryCodes() }),
    disableTotp: useMutation({ mutationFn: (password: string) => accountDisableTotp({ body: { password } }), onSuccess: changed }),
  }
}

/** Where one is signed in. */
export function useSessions() {
  const client = useQueryClient()
  const query = useQuery({ queryKey: keys.list('sessions'), queryFn: ({ signal }) => accountListSessions({ signal }) })
  const changed = () => void client.invalidateQueries({ queryKey: keys.all('sessions') })
  return {
    sessions: computed(() => query.data.value?.items ?? []),
    loading: query.isPending,
    error: computed(() => problemOf(query.error.value)),
    retry: () => void query.refetch(),
    end: useMutation({ mutationFn: (id: string) => accountDeleteSession({ path: { session_id: id } }), onSuccess: changed }),
    endOthers: useMutation({ mutationFn: () => accountEndOtherSessions(), onSuccess: changed }),
  }
}

/** Keys for scripts. */
export function useApiKeys() {
  const client = useQueryClient()
  const query = useQuery({ queryKey: keys.list('api-keys'), queryFn: ({ signal }) => accountListApiKeys({ signal }) })
  const changed = () => void client.invalidateQueries({ queryKey: keys.all('api-keys') })
  return {
    list: computed(() => query.data.value?.items ?? []),
    loading: query.isPending,
    error: computed(() => problemOf(query.error.value)),
    retry: () => void query.refetch(),
    create: useMutation({ mutationFn: (body: ApiKeyCreate) => accountCreateApiKey({ body }), onSuccess: changed }),
    revoke: useMutation({ mutationFn: (id: string) => accountRevokeApiKey({ path: { key_id: id } }), onSuccess: changed }),
  }
}
