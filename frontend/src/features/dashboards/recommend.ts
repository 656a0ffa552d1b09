import type { Chart, FieldType, Unit } from './types'

/** What the choice of charts depends on: the types of the chosen fields, in their order. */
export interface Chosen {
  dimensions: readonly FieldType[]
  measures: readonly { type: FieldType; unit: Unit | null }[]
}
/** A chart that suits, and why: `dashboards.reasons.<reason>`. */
export interface Recommendation { chart: Chart; reason: string }

const table = (reason = 'exact'): Recommendation => ({ chart: 'table', reason })

/** The charts that suit these fields, the best first. The table is always among them; nothing suits without a measure. */
export function recommend({ dimensions, measures }: Chosen): Recommendation[] {
  if (!measures.length) return []
  if (dimensions.includes('text')) return [table('text')]
  const time = dimensions.filter((type) => type === 'time').length
  const parts = dimensions.length - time
  if (dimensions.length > 2) return [table('many_fields')]
  if (!dimensions.length) return [{ chart: 'figure', reason: 'single' }, table()]
  if (time && !parts) return overTime(measures)
  if (time) return partsOverTime(measures)
  return parts === 1 ? compared(measures) : crossed(measures)
}

const sameUnit = (measures: Chosen['measures']) => new Set(measures.map(({ unit }) => unit)).size === 1
const isAmount = (measures: Chosen['measures']) => measures.every(({ type }) => type === 'number')

function overTime(measures: Chosen['measures']): Recommendation[] {
  // One axis has one unit.
  if (!sameUnit(measures)) return [table('units')]
  const line = { chart: 'line', reason: 'trend' } as const
  if (measures.length > 1) return [line, table()]
  return isAmount(measures) ? [line, { chart: 'area', reason: 'volume' }, { chart: 'bar', reason: 'steps' }, table()] : [line, table()]
}

function partsOverTime(measures: Chosen['measures']): Recommendation[] {
  if (measures.length > 1) return [table('many_fields')]
  const lines = { chart: 'line', reason: 'trends' } as const
  const heatmap = { chart: 'heatmap', reason: 'pattern' } as const
  // Rates of parts do not add up to the rate of the whole, so they are never stacked.
  return isAmount(measures) ? [{ chart: 'stacked', reason: 'parts_over_time' }, lines, heatmap, table()] : [lines, heatmap, table()]
}

function compared(measures: Chosen['measures']): Recommendation[] {
  const bar = { chart: 'bar', reason: 'compare' } as const
  if (measures.length === 1) return [bar, table()]
  const same = sameUnit(measures) ? [bar] : []
  if (measures.length === 2) return [{ chart: 'scatter', reason: 'relation' }, ...same, table()]
  return same.length ? [bar, table()] : [table('units')]
}

function crossed(measures: Chosen['measures']): Recommendation[] {
  if (measures.length > 1) return [table('many_fields')]
  const heatmap = { chart: 'heatmap', reason: 'cross' } as const
  return isAmount(measures) ? [heatmap, { chart: 'stacked', reason: 'parts' }, table()] : [heatmap, table()]
}

/** The chart that is drawn: the wanted one where it suits, else the best that does. */
export function chartFor(wanted: Chart, chosen: Chosen): Chart {
  const charts = recommend(chosen).map(({ chart }) => chart)
  return charts.includes(wanted) ? wanted : (charts[0] ?? 'table')
}
