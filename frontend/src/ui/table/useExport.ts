import { useMutation } from '@tanstack/vue-query'
import { Problem } from '@/api/problem'
import { saveAs } from '../chart/download'
import { notify } from '../notify'
import { useProblemText } from '../problemText'

/**
 * A list as a file: `useExport('users', () => adminExportUsers({ query: filters, parseAs: 'blob' }))`; give DataTable `exportable`,
 * `:exporting` and `@export="download()"`. The file is named after the list and the day; a failure is told.
 */
export function useExport(name: string, read: () => Promise<unknown>) {
  const { line } = useProblemText()
  const { mutate, isPending: exporting } = useMutation({
    mutationFn: read,
    onSuccess: (csv) => saveAs(`${name}-${new Date().toISOString().slice(0, 10)}.csv`, csv as Blob),
    onError: (cause) => notify.bad(line(Problem.of(cause))),
  })
  return { download: () => mutate(), exporting }
}

/** What a file is asked for: the list's filters, without its page and order. */
export function filtersOf<Q extends { limit?: number; sort?: string | null; cursor?: string | null }>({ limit: _limit, sort: _sort, cursor: _cursor, ...filters }: Q): Omit<Q, 'limit' | 'sort' | 'cursor'> {
  return filters
}
