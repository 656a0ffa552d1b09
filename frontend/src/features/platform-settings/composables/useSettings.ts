import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import { adminChangeSettings, adminReadSettings } from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'

/** The figures and switches of the running platform; each is put into force by itself. */
export function useSettings() {
  const client = useQueryClient()
  const key = keys.all('settings')
  const query = useQuery({ queryKey: key, queryFn: ({ signal }) => adminReadSettings({ signal }) })
  const { mutateAsync: change } = useMutation({
    mutationFn: ({ name, value }: { name: string; value: boolean | number }) => adminChangeSettings({ body: { values: { [name]: value } } }),
    onSuccess: (fresh) => {
      client.setQueryData(key, fresh)
      for (const domain of ['summary', 'audit'] as const) void client.invalidateQueries({ queryKey: keys.all(domain) })
    },
  })
  return {
    settings: computed(() => query.data.value?.items ?? []),
    loading: query.isPending,
    error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)),
    retry: () => void query.refetch(),
    change,
  }
}
