import type { EChartsOption } from 'echarts'
import { useI18n } from 'vue-i18n'
import { barOption, heatmapOption, lineOption, scatterOption, type Series } from '@/ui/chart/options'
import type { ChartToken, ChartTokens } from '@/ui/chart/tokens'
import { cellsOf, ofCurrency, pointsOf, shapeOf, type Shape, type Strand } from '../shape'
import type { Chart, Figures } from '../types'
import { useDashboardWords } from './useDashboardWords'

export interface Drawing {
  option: (tokens: ChartTokens) => EChartsOption
  /** How many values the chart leaves out; its table has all. */
  left: number
  /** The place among the figures' rows of a mark of the chart; null where it stands for several. */
  rowOf: (mark: { series: number; at: number }) => number | null
}
const COLORS: ChartToken[] = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6']

/** Figures as a chart, and as the table behind it. */
export function useDrawing() {
  const { t } = useI18n()
  const words = useDashboardWords()

  function draw(figures: Figures, chart: Chart, currency: string | null): Drawing {
    if (chart === 'scatter') return scattered(figures, currency)
    if (chart === 'heatmap') return mapped(figures, currency)
    const shape = shapeOf(figures, currency)
    const unit = figures.measures[0]!.unit
    const format = (value: number) => words.figure(unit, value, currency)
    const frame = { categories: shape.categories.map((value) => nameOf(figures, shape.across, value)), series: shape.strands.map((one, at) => series(figures, shape, one, at)), format, short: (value: number) => words.short(unit, value, currency), whole: unit === 'count' && figures.measures[0]!.type === 'number' }
    const rowOf = ({ series: strand, at }: { series: number; at: number }) => shape.strands[strand]?.rows[at] ?? null
    const isTime = figures.dimensions[shape.across]?.type === 'time'
    if (chart === 'line' || chart === 'area') return { option: lineOption({ ...frame, filled: chart === 'area' }), left: shape.left, rowOf }
    // Names of things are long, so their bars lie; a single measure fits its figures behind them.
    return { option: barOption({ ...frame, stacked: chart === 'stacked' || frame.series.length > 1 && isTime, horizontal: !isTime, valuesShown: !isTime && frame.series.length === 1 && shape.categories.length <= 12 }), left: shape.left, rowOf }
  }
  function series(figures: Figures, { by }: Shape, { key, at, values, others }: Strand, place: number): Series {
    const name = others ? t('dashboards.others') : by === null ? words.field(figures.measures[at]!.key) : nameOf(figures, by, key)
    return { name, values, color: others ? 'c-nc' : COLORS[place]! }
  }
  function nameOf(figures: Figures, dimension: number, value: string | null): string {
    const known = figures.rows.find(({ keys }) => keys[dimension]?.value === value)?.keys[dimension]
    return words.named(figures.dimensions[dimension]!.key, known ?? { value, label: null })
  }
  function scattered(figures: Figures, currency: string | null): Drawing {
    const points = pointsOf(figures, currency)
    const axis = (at: number) => { const { key, type, unit } = figures.measures[at]!; return { unit: words.field(key), whole: unit === 'count' && type === 'number', format: (value: number) => words.figure(unit, value, currency), short: (value: number) => words.short(unit, value, currency) } }
    const named = points.map(({ x, y, key }) => ({ x, y, name: words.named(figures.dimensions[0]!.key, key) }))
    return { option: scatterOption({ points: named, x: axis(0), y: axis(1) }), left: ofCurrency(figures, currency).length - points.length, rowOf: ({ at }) => points[at]?.at ?? null }
  }
  function mapped(figures: Figures, currency: string | null): Drawing {
    const { across, by, categories, up, cells } = cellsOf(figures, currency)
    const { unit } = figures.measures[0]!
    return {
      option: heatmapOption({ across: categories.map((value) => nameOf(figures, across, value)), up: up.map((value) => nameOf(figures, by, value)), cells, format: (value) => words.figure(unit, value, currency) }),
      left: 0, rowOf: ({ at }) => cells[at]?.at ?? null,
    }
  }
  /** A line for each row of the figures that has this currency; `rows` are their places. */
  function tableOf(figures: Figures, currency: string | null) {
    const own = ofCurrency(figures, currency)
    return {
      head: [...figures.dimensions, ...figures.measures].map(({ key }) => words.field(key)),
      cells: own.map(({ row }) => [...row.keys.map((key, at) => words.named(figures.dimensions[at]!.key, key)), ...row.values.map((value, at) => words.figure(figures.measures[at]!.unit, value, row.currency ?? currency))]),
      rows: own.map(({ at }) => at),
    }
  }
  return { draw, tableOf }
}
