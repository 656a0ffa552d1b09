import type { Figures } from './types'

type Row = Figures['rows'][number]
export const MOST_SERIES = 6
export const MOST_BARS = 20

/** A line, or the bars of one colour. `rows` are the places of its values among the figures' rows, for what lies behind them. */
export interface Strand { key: string | null; at: number; values: (number | null)[]; rows: (number | null)[]; others?: boolean }
/** What a chart with two axes shows: `categories` are values of the dimension `across`, `strands` those of `by`, or the measures. */
export interface Shape { across: number; by: number | null; categories: (string | null)[]; strands: Strand[]; left: number }

/** Only rows of one currency can stand on one axis. */
export const ofCurrency = (figures: Figures, currency: string | null): { row: Row; at: number }[] =>
  figures.rows.map((row, at) => ({ row, at })).filter(({ row }) => currency === null || row.currency === null || row.currency === currency)

/** Every day, first of week or first of month from one to the other. */
export function steps(unit: string, first: string, last: string): string[] {
  const found: string[] = []
  const at = new Date(`${first}T00:00:00Z`)
  for (let day = first; day <= last && found.length < 1000; day = at.toISOString().slice(0, 10)) {
    found.push(day)
    if (unit === 'month') at.setUTCMonth(at.getUTCMonth() + 1)
    else at.setUTCDate(at.getUTCDate() + (unit === 'week' ? 7 : 1))
  }
  return found
}

/** Rows as lines or bars: time without gaps across, else the first dimension; a second dimension makes a strand of each value. */
export function shapeOf(figures: Figures, currency: string | null): Shape {
  const rows = ofCurrency(figures, currency)
  const time = figures.dimensions.findIndex(({ type }) => type === 'time')
  const across = Math.max(time, 0)
  const by = figures.dimensions.length > 1 ? 1 - across : null
  const seen = [...new Set(rows.map(({ row }) => row.keys[across]?.value ?? null))]
  const all = time >= 0 && seen.length ? steps(figures.dimensions[time]!.key, seen[0]!, seen.at(-1)!) : seen
  const categories = time < 0 && by === null ? all.slice(0, MOST_BARS) : all
  const strands = by === null ? figures.measures.map((_, at) => strand(figures, rows, across, categories, at)) : parts(figures, rows, across, by, categories)
  return { across, by, categories, strands: strands.slice(0, MOST_SERIES), left: all.length - categories.length + Math.max(0, strands.length - MOST_SERIES) }
}

function strand(figures: Figures, rows: { row: Row; at: number }[], across: number, categories: (string | null)[], measure: number): Strand {
  const found = new Map(rows.map((one) => [one.row.keys[across]?.value ?? null, one]))
  return {
    key: null, at: measure,
    values: categories.map((key) => { const one = found.get(key); return one ? one.row.values[measure]! : emptyOf(figures, measure) }),
    rows: categories.map((key) => found.get(key)?.at ?? null),
  }
}

/** Nothing counted is 0; a rate of nothing is none. */
const emptyOf = (figures: Figures, measure: number) => (figures.measures[measure]!.type === 'number' ? 0 : null)

/** A strand for each value of the second dimension, the largest first; what adds up is gathered in the last one. */
function parts(figures: Figures, rows: { row: Row; at: number }[], across: number, by: number, categories: (string | null)[]): Strand[] {
  const groups = new Map<string | null, { row: Row; at: number }[]>()
  for (const one of rows) {
    const key = one.row.keys[by]!.value
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  const sizeOf = (own: { row: Row }[]) => own.reduce((sum, { row }) => sum + Math.abs(row.values[0] ?? 0), 0)
  const found = [...groups].sort((a, b) => sizeOf(b[1]) - sizeOf(a[1])).map(([key, own]) => ({ ...strand(figures, own, across, categories, 0), key }))
  if (found.length <= MOST_SERIES || figures.measures[0]!.type !== 'number') return found
  const rest = found.slice(MOST_SERIES - 1)
  const values = categories.map((_, at) => rest.reduce((sum, one) => sum + (one.values[at] ?? 0), 0))
  return [...found.slice(0, MOST_SERIES - 1), { key: null, at: 0, values, rows: categories.map(() => null), others: true }]
}

/** One point for each row that has both measures. */
export const pointsOf = (figures: Figures, currency: string | null) =>
  ofCurrency(figures, currency).filter(({ row }) => row.values[0] !== null && row.values[1] !== null).map(({ row, at }) => ({ x: row.values[0]!, y: row.values[1]!, key: row.keys[0]!, at }))

/** A cell for each row that has a value, by its places on the two axes. */
export function cellsOf(figures: Figures, currency: string | null) {
  const { across, by, categories } = shapeOf(figures, currency)
  const rows = ofCurrency(figures, currency)
  const up = [...new Set(rows.map(({ row }) => row.keys[by ?? 1]!.value))].slice(0, MOST_BARS)
  const cells = rows.map(({ row, at }) => ({ x: categories.indexOf(row.keys[across]!.value), y: up.indexOf(row.keys[by ?? 1]!.value), value: row.values[0]!, at })).filter(({ x, y, value }) => x >= 0 && y >= 0 && value !== null)
  return { across, by: by ?? 1, categories, up, cells }
}
