import { useI18n } from 'vue-i18n'
import type { FigureChange, FigureSource, ReportFigures } from '@/api/generated'
import { useFormat } from '@/i18n/useFormat'
import { useNow } from '@/i18n/useNow'
import { isMoney, mayBeChance, type Line } from '../lines'

/** Figures of the report in words: values, changes with their certainty, sources with their age. */
export function useReportWords() {
  const { t } = useI18n()
  const { number, money, percent, ago } = useFormat()
  const now = useNow()

  function value(line: Line, figures: ReportFigures): string {
    const found = figures[line.name]
    if (isMoney(found)) return money(found)
    if (line.format === 'percent') return percent(found)
    return number(found, line.format === 'decimal' ? { minimumFractionDigits: 2, maximumFractionDigits: 2 } : {})
  }
  const points = (value: number) => t('report.points', { n: number(value * 100, { minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: 'exceptZero' }) })
  const change = (one: FigureChange | null | undefined) => (one ? (one.in_points ? points(one.value) : percent(one.value, { signed: true })) : '—')
  /** From where to where the true difference lies, and what that means. */
  function certainty(one: FigureChange | null | undefined): string | undefined {
    if (!one || one.low === null || one.high === null) return undefined
    const range = t('report.certainty', { low: points(one.low), high: points(one.high) })
    return mayBeChance(one) ? `${range} ${t('report.chance')}` : range
  }
  function source(one: FigureSource): string {
    const name = t(`report.sources.${one.source}`)
    return one.latest ? t('report.source_age', { source: name, age: ago(one.latest, now.value) }) : name
  }
  return { value, change, certainty, source }
}
