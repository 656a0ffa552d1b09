import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { adminExportAudit, adminListAudit, type AdminExportAuditData, type AuditEntryRead } from '@/api/generated'
import { keys } from '@/api/keys'
import { usePagedQuery } from '@/api/usePagedQuery'
import { useExport } from '@/ui/table/useExport'

export type AuditFilters = NonNullable<AdminExportAuditData['query']>

/** The audit trail as filtered by the server, the latest first, and the same entries as a file. */
export function useAudit(filters: MaybeRefOrGetter<AuditFilters>, sort: MaybeRefOrGetter<string>) {
  const query = computed(() => ({ ...toValue(filters), sort: toValue(sort) || undefined, limit: 50 }))
  const list = usePagedQuery<AuditEntryRead>({
    queryKey: computed(() => keys.list('audit', query.value)),
    queryFn: ({ cursor, signal }) => adminListAudit({ query: { ...query.value, cursor }, signal }),
  })
  return { ...list, ...useExport('audit', () => adminExportAudit({ query: toValue(filters), parseAs: 'blob' })) }
}
