import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import { api } from '@/api/client'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import { useSession } from '@/state/session'

/** How one wants to be addressed; `mail` says for each kind of news whether it comes by mail. */
export interface PreferenceSettings {
  name: string
  locale: string
  time_zone: string
  theme: 'system' | 'light' | 'dark'
  mail: Record<string, boolean>
}
const PATH = '/api/v1/account/preferences'

/** Each change is sent by itself and shown at once; a refused one goes back. */
export function usePreferenceSettings() {
  const client = useQueryClient()
  const session = useSession()
  const key = keys.detail('me', 'preferences')
  const query = useQuery({ queryKey: key, queryFn: ({ signal }) => api.get<PreferenceSettings>(PATH, { signal }) })
  const change = useMutation({
    mutationFn: (part: Partial<PreferenceSettings>) => api.patch<PreferenceSettings>(PATH, part),
    onMutate: async (part) => {
      await client.cancelQueries({ queryKey: key })
      const before = client.getQueryData<PreferenceSettings>(key)
      if (before) client.setQueryData(key, { ...before, ...part, mail: { ...before.mail, ...part.mail } })
      return { before }
    },
    onError: (_error, _part, context) => { if (context?.before) client.setQueryData(key, context.before) },
    onSuccess: (now, part) => {
      client.setQueryData(key, now)
      if (part.name !== undefined) void session.load()
    },
  })
  return { settings: query.data, loading: query.isPending, error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)), retry: () => void query.refetch(), change }
}
