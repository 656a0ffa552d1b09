import type { EChartsOption } from 'echarts'
import type { ChartToken, ChartTokens } from './tokens'

export interface Series {
  name: string
  values: readonly (number | null)[]
  color: ChartToken
  /** A second line is dashed, so that colour is never alone. */
  dashed?: boolean
}
export interface Shape {
  categories: readonly string[]
  series: readonly Series[]
  /** Unit of the value axis, written above it. */
  unit?: string
  format?: (value: number) => string
  /** The same where there is little room, along the axis. */
  short?: (value: number) => string
  /** Let the axis start near the lowest value, for rates whose change is the point. */
  zoomed?: boolean
  /** Counts: the axis has whole numbers only. */
  whole?: boolean
}

const label = (tokens: ChartTokens) => ({ color: tokens['text-3'], fontSize: 12, fontFamily: tokens.font })

function frame(tokens: ChartTokens, { format, unit }: Shape): EChartsOption {
  return {
    textStyle: { fontFamily: tokens.font, color: tokens.text },
    grid: { left: 4, right: 12, top: unit ? 28 : 12, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    animationDuration: 180,
    tooltip: {
      trigger: 'axis', renderMode: 'richText', confine: true, backgroundColor: tokens.raised, borderColor: tokens['line-strong'], borderWidth: 1, padding: [6, 8],
      textStyle: { color: tokens.text, fontSize: 12, fontFamily: tokens.font }, valueFormatter: (value) => (typeof value === 'number' ? (format?.(value) ?? String(value)) : '—'),
    },
  }
}

const valueAxis = (tokens: ChartTokens, { format, short, unit, zoomed, whole }: Shape) => ({
  type: 'value' as const, scale: zoomed, minInterval: whole ? 1 : undefined, splitNumber: 4, name: unit, nameTextStyle: { ...label(tokens), align: 'left' as const }, nameGap: 12,
  axisLabel: { ...label(tokens), formatter: (value: number) => (short ?? format)?.(value) ?? String(value) }, splitLine: { lineStyle: { color: tokens['c-grid'] } },
  axisLine: { show: false }, axisTick: { show: false },
})
const categoryAxis = (tokens: ChartTokens, categories: readonly string[]) => ({
  type: 'category' as const, data: [...categories], axisLabel: { ...label(tokens), hideOverlap: true }, axisTick: { show: false }, axisLine: { lineStyle: { color: tokens['line-strong'] } },
})

/** By how much each end label moves up, in px, so that lines that end together can be told apart. */
export function liftsOf({ series }: Shape, height = 180, line = 14): number[] {
  const most = Math.max(...series.flatMap((one) => one.values.map((value) => value ?? 0)), 1)
  const ends = series.map((one) => ((one.values.filter((value) => value !== null).at(-1) ?? 0) / most) * height)
  const lifts = ends.map(() => 0)
  let free = -Infinity
  for (const at of [...ends.keys()].sort((a, b) => ends[a]! - ends[b]! || b - a)) {
    const place = Math.max(ends[at]!, free)
    lifts[at] = Math.round(ends[at]! - place)
    free = place + line
  }
  return lifts
}

/** Lines labelled at their end; never a legend. A `filled` one shows an amount. */
export const lineOption = (shape: Shape & { filled?: boolean }) => (tokens: ChartTokens): EChartsOption => {
  const base = frame(tokens, shape)
  const lifts = liftsOf(shape)
  return {
    ...base,
    grid: { ...(base.grid as object), right: 84 },
    xAxis: { ...categoryAxis(tokens, shape.categories), boundaryGap: false },
    yAxis: valueAxis(tokens, shape),
    series: shape.series.map((one, at) => ({
      type: 'line', name: one.name, data: [...one.values], showSymbol: false, symbol: 'circle', symbolSize: 6,
      lineStyle: { width: 2, color: tokens[one.color], type: (one.dashed ?? at > 0) ? 'dashed' : 'solid' }, itemStyle: { color: tokens[one.color] }, areaStyle: shape.filled ? { color: tokens[one.color], opacity: 0.14 } : undefined,
      endLabel: { show: true, offset: [0, lifts[at]!], formatter: '{a}', color: tokens.text, fontSize: 12, fontFamily: tokens.font }, emphasis: { disabled: true },
    })),
  }
}

/** Bars from 0; stacked ones carry the only legend. */
export const barOption = (shape: Shape & { stacked?: boolean; horizontal?: boolean; valuesShown?: boolean }) => (tokens: ChartTokens): EChartsOption => {
  const value = valueAxis(tokens, shape)
  const category = { ...categoryAxis(tokens, shape.categories), inverse: shape.horizontal }
  const base = frame(tokens, shape)
  return {
    ...base,
    grid: { ...(base.grid as object), top: shape.stacked ? 32 : shape.unit ? 28 : 12, right: shape.horizontal ? 40 : 12 },
    legend: shape.stacked ? { type: 'scroll', pageIconColor: tokens['text-2'], pageIconInactiveColor: tokens.line, pageTextStyle: label(tokens), left: 0, top: 0, itemWidth: 8, itemHeight: 8, icon: 'rect', textStyle: { ...label(tokens), color: tokens['text-2'] } } : undefined,
    xAxis: shape.horizontal ? value : category,
    yAxis: shape.horizontal ? category : value,
    series: shape.series.map((one) => ({
      type: 'bar', name: one.name, data: [...one.values], stack: shape.stacked ? 'all' : undefined, barMaxWidth: shape.horizontal ? 12 : 36,
      itemStyle: { color: tokens[one.color], borderColor: tokens.bg, borderWidth: shape.stacked ? 0.5 : 0 }, emphasis: { disabled: true },
      label: shape.valuesShown ? { show: true, position: shape.horizontal ? 'right' : 'top', color: tokens.text, fontSize: 12, formatter: ({ value: v }: { value?: unknown }) => shape.format?.(Number(v)) ?? String(v) } : undefined,
    })),
  } as EChartsOption
}

export interface Point { name: string; x: number; y: number }
interface Axis { unit: string; format: (value: number) => string; short?: (value: number) => string; whole?: boolean }

const asked = (tokens: ChartTokens, words: (at: number) => string) => ({
  ...(frame(tokens, { categories: [], series: [] }).tooltip as object), trigger: 'item' as const, formatter: (one: unknown) => words((one as { dataIndex: number }).dataIndex),
})

/** Two measures against each other, a point for each thing; few points carry their names. */
export const scatterOption = ({ points, x, y }: { points: readonly Point[]; x: Axis; y: Axis }) => (tokens: ChartTokens): EChartsOption => {
  const axis = (one: Axis) => valueAxis(tokens, { categories: [], series: [], ...one })
  return {
    ...frame(tokens, { categories: [], series: [], unit: y.unit }),
    grid: { left: 4, right: 24, top: 28, bottom: 20, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    tooltip: asked(tokens, (at) => { const one = points[at]!; return `${one.name}\n${x.unit}: ${x.format(one.x)}\n${y.unit}: ${y.format(one.y)}` }),
    xAxis: { ...axis(x), nameLocation: 'middle', nameGap: 26, nameTextStyle: { ...label(tokens), align: 'center' } },
    yAxis: axis(y),
    series: [{
      type: 'scatter', data: points.map((one) => [one.x, one.y]), symbolSize: 10, itemStyle: { color: tokens.c1, borderColor: tokens.bg, borderWidth: 1 }, emphasis: { disabled: true },
      label: { show: points.length <= 12, position: 'top', color: tokens.text, fontSize: 12, fontFamily: tokens.font, formatter: ({ dataIndex }: { dataIndex: number }) => points[dataIndex]!.name },
      labelLayout: { hideOverlap: true },
    }],
  }
}

export interface Cell { x: number; y: number; value: number }
const LONGEST_NAME = 14
const cut = (name: string) => (name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name)

const most = (cells: readonly Cell[]) => Math.max(...cells.map(({ value }) => value), 1e-6)

/** One measure at each crossing of two fields: the darker the more, with its figure in the cell where there is room. */
export const heatmapOption = ({ across, up, cells, format }: { across: readonly string[]; up: readonly string[]; cells: readonly Cell[]; format: (value: number) => string }) => (tokens: ChartTokens): EChartsOption => ({
  ...frame(tokens, { categories: [], series: [] }),
  grid: { left: 4, right: 4, top: 4, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
  tooltip: asked(tokens, (at) => { const one = cells[at]!; return `${across[one.x]} · ${up[one.y]}\n${format(one.value)}` }),
  xAxis: { ...categoryAxis(tokens, across), ...(across.length <= 8 ? { axisLabel: { ...label(tokens), interval: 0, hideOverlap: true, formatter: cut } } : {}) },
  yAxis: { ...categoryAxis(tokens, up), inverse: true },
  visualMap: { show: false, min: Math.min(0, ...cells.map(({ value }) => value)), max: most(cells), inRange: { color: [tokens['accent-bg'], tokens.c1] } },
  series: [{
    type: 'heatmap', data: cells.map(({ x, y, value }) => ({ value: [x, y, value], label: { color: value > 0.55 * most(cells) ? tokens.bg : tokens.text } })), itemStyle: { borderColor: tokens.bg, borderWidth: 1 }, emphasis: { disabled: true },
    label: { show: across.length <= 8, fontSize: 12, fontFamily: tokens.font, formatter: ({ dataIndex }: { dataIndex: number }) => format(cells[dataIndex]!.value) },
  }],
})
