import { useI18n } from 'vue-i18n'
import type { Problem } from '@/api/problem'

/** A problem in the reader's language: our words for a known code, else the server's. */
export function useProblemText() {
  const { t, te } = useI18n()
  const known = (key: string) => te(key) || te(key, 'en')
  function parts(problem: Problem): { title: string; detail: string } {
    const base = `problems.${problem.code.replaceAll('-', '_')}`
    const fallback = `problems.http_${problem.status}`
    const title = known(`${base}.title`) ? t(`${base}.title`) : problem.title || (known(`${fallback}.title`) ? t(`${fallback}.title`) : t('problems.unexpected.title'))
    const detail = problem.detail || (known(`${base}.detail`) ? t(`${base}.detail`) : known(`${fallback}.detail`) ? t(`${fallback}.detail`) : '')
    return { title, detail }
  }
  return { parts, line: (problem: Problem) => { const { title, detail } = parts(problem); return detail || title } }
}
