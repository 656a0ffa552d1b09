import { useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { api } from '@/api/client'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import type { Page } from '@/api/types'
import { usePagedQuery } from '@/api/usePagedQuery'

export interface MailSummary {
  id: string
  to: string
  kind: string
  subject: string
  created_at: string
  sent_at: string | null
  refusal: string | null
}
export interface Mail extends MailSummary {
  text: string
  html: string
}
const PATH = '/api/v1/public/mailbox'

/** Every mail that a development instance wrote; elsewhere the server answers that there is none. */
export function useMailbox() {
  return usePagedQuery<MailSummary>({ queryKey: keys.list('public', { mailbox: true }), queryFn: ({ cursor, signal }) => api.get<Page<MailSummary>>(PATH, { query: { cursor, limit: 50 }, signal }) })
}
export function useMail(id: MaybeRefOrGetter<string>) {
  const query = useQuery({ queryKey: computed(() => keys.part('public', toValue(id), 'mail')), queryFn: ({ signal }) => api.get<Mail>(`${PATH}/${toValue(id)}`, { signal }), enabled: computed(() => toValue(id) !== '') })
  return { mail: query.data, loading: query.isLoading, error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)), retry: () => void query.refetch() }
}
