import type { AuditEntryRead } from '@/api/generated'

const pages: Record<string, string> = { user: 'users', campaign: 'campaigns', ad_request: 'ad-requests', flag: 'flags', dispute: 'disputes', job: 'jobs' }

/** Where the subject of an entry can be looked at, if it has a page. */
export function subjectLink(entry: Pick<AuditEntryRead, 'subject_type' | 'subject_id'>): string | undefined {
  const page = pages[entry.subject_type]
  if (!page) return undefined
  return ['job', 'dispute'].includes(entry.subject_type) ? `/admin/${page}` : `/admin/${page}/${entry.subject_id}`
}

/** Facts of an entry on one line: "role: sponsor, fee: 100". */
export function factsOf(data: Record<string, unknown>): { name: string; value: string }[] {
  return Object.entries(data).map(([name, value]) => ({ name, value: typeof value === 'string' ? value : JSON.stringify(value) }))
}
