import { useI18n } from 'vue-i18n'
import type { Problem } from '@/api/problem'

/** What any request may be answered; says no more than the status, so our own words serve better. */
const GENERIC = new Set(['malformed-request', 'not-signed-in', 'forbidden', 'not-found', 'method-not-allowed', 'too-large', 'unsupported-media-type', 'too-many-requests', 'unavailable', 'error', 'internal-error'])

/** A problem in the reader's language: our words for a known code, else the server's. */
export function useProblemText() {
  const { t, te } = useI18n()
  const known = (key: string) => te(key) || te(key, 'en')
  function parts(problem: Problem): { title: string; detail: string } {
    const base = `problems.${problem.code.replaceAll('-', '_')}`
    const fallback = `problems.http_${problem.status}`
    if (GENERIC.has(problem.code) && known(`${fallback}.title`)) {
      return { title: t(`${fallback}.title`), detail: known(`${fallback}.detail`) ? t(`${fallback}.detail`) : problem.detail }
    }
    const title = known(`${base}.title`) ? t(`${base}.title`) : problem.title || (known(`${fallback}.title`) ? t(`${fallback}.title`) : t('problems.unexpected.title'))
    const detail = problem.detail || (known(`${base}.detail`) ? t(`${base}.detail`) : known(`${fallback}.detail`) ? t(`${fallback}.detail`) : '')
    return { title, detail }
  }
  return { parts, line: (problem: Problem) => { const { title, detail } = parts(problem); return detail || title } }
}
