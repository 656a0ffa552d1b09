import type { Field, Panel } from './types'

const MOST = { dimensions: 3, measures: 6 }
const REASON = 'reason'
const RAW = 'raw_clicks'
export type Fields = Pick<Panel, 'dimensions' | 'measures' | 'filters'>

const usesReason = ({ dimensions, filters }: Fields) => dimensions.includes(REASON) || filters.some(({ field }) => field === REASON)
export const isChosen = ({ dimensions, measures }: Fields, key: string) => dimensions.includes(key) || measures.includes(key)

/** Why a field cannot be added now: `dashboards.blocked.<reason>`; null when it can. */
export function blockedBy(panel: Fields, field: Field, timeChosen: boolean): 'time' | 'reason' | 'parts' | 'measures' | null {
  if (isChosen(panel, field.key)) return null
  const isMeasure = field.unit !== null
  if (isMeasure && usesReason(panel) && field.key !== RAW) return 'reason'
  // Taking another time puts it in the place of the one before.
  if (!isMeasure && panel.dimensions.length >= MOST.dimensions && !(field.type === 'time' && timeChosen)) return 'parts'
  return isMeasure && panel.measures.length >= MOST.measures ? 'measures' : null
}

/** The fields after one was chosen or put back. */
export function toggled<P extends Fields>(panel: P, field: Field, isTime: (key: string) => boolean): P {
  if (isChosen(panel, field.key)) return { ...panel, dimensions: panel.dimensions.filter((key) => key !== field.key), measures: panel.measures.filter((key) => key !== field.key) }
  if (field.unit !== null) return { ...panel, measures: [...panel.measures, field.key] }
  const kept = field.type === 'time' ? panel.dimensions.filter((key) => !isTime(key)) : panel.dimensions
  // Only all clicks have reasons, so choosing reasons chooses what they part.
  return { ...panel, dimensions: [...kept, field.key], measures: field.key === REASON ? [RAW] : panel.measures }
}

/** The same for a filter of a field that is added with no value yet. */
export const filtered = <P extends Fields>(panel: P, field: string): P => ({ ...panel, filters: [...panel.filters, { field, values: [] }], measures: field === REASON ? [RAW] : panel.measures })

/** What is sent: filters that keep nothing in particular are none. */
export const settled = <P extends Fields>(panel: P): P => ({ ...panel, filters: panel.filters.filter(({ values }) => values.length > 0) })
