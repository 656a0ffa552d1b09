import { useMutation, useQueryClient } from '@tanstack/vue-query'
import { computed, ref } from 'vue'
import { sponsorAddDomain, sponsorCheckDomain, sponsorListDomains, sponsorRemoveDomain, type DomainRead } from '@/api/generated'
import { keys } from '@/api/keys'
import { useLookAgain } from '@/api/useLookAgain'
import { usePagedQuery } from '@/api/usePagedQuery'

export type Domain = DomainRead

/** Domains within which links may lead. A check is done by the server soon after: the list looks again meanwhile. */
export function useDomains() {
  const client = useQueryClient()
  const list = usePagedQuery<Domain>({ queryKey: keys.list('settings', { domains: true }), queryFn: ({ cursor, signal }) => sponsorListDomains({ query: { limit: 100, cursor }, signal }) })
  /** When each check was asked for. */
  const asked = ref<Record<string, string>>({})
  const checking = (domain: Domain) => !!asked.value[domain.id] && (domain.checked_at ?? '') < asked.value[domain.id]!
  useLookAgain({
    moving: () => list.rows.value.filter(checking).map((one) => ({ id: one.id, status: one.checked_at ?? '', at: asked.value[one.id]! })),
    look: list.retry,
    changed: () => undefined,
  })
  const stale = () => {
    void client.invalidateQueries({ queryKey: keys.lists('settings') })
    void client.invalidateQueries({ queryKey: keys.all('links') })
  }
  return {
    ...list,
    verified: computed(() => list.rows.value.filter((one) => one.verified)),
    checking,
    add: useMutation({ mutationFn: (host: string) => sponsorAddDomain({ body: { host } }), onSuccess: stale }),
    check: useMutation({ mutationFn: (id: string) => sponsorCheckDomain({ path: { domain_id: id } }), onSuccess: (domain) => { asked.value = { ...asked.value, [domain.id]: new Date().toISOString() }; stale() } }),
    remove: useMutation({ mutationFn: (id: string) => sponsorRemoveDomain({ path: { domain_id: id } }), onSuccess: stale }),
  }
}
