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

const valueAxis = (tokens: ChartTokens, { format, unit, zoomed, whole }: Shape) => ({
  type: 'value' as const, scale: zoomed, minInterval: whole ? 1 : undefined, splitNumber: 4, name: unit, nameTextStyle: { ...label(tokens), align: 'left' as const }, nameGap: 12,
  axisLabel: { ...label(tokens), formatter: (value: number) => format?.(value) ?? String(value) }, splitLine: { lineStyle: { color: tokens['c-grid'] } },
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

/** Lines labelled at their end; never a legend. */
export const lineOption = (shape: Shape) => (tokens: ChartTokens): EChartsOption => {
  const base = frame(tokens, shape)
  const lifts = liftsOf(shape)
  return {
    ...base,
    grid: { ...(base.grid as object), right: 84 },
    xAxis: { ...categoryAxis(tokens, shape.categories), boundaryGap: false },
    yAxis: valueAxis(tokens, shape),
    series: shape.series.map((one, at) => ({
      type: 'line', name: one.name, data: [...one.values], showSymbol: false, symbol: 'circle', symbolSize: 6,
      lineStyle: { width: 2, color: tokens[one.color], type: (one.dashed ?? at > 0) ? 'dashed' : 'solid' }, itemStyle: { color: tokens[one.color] },
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
    legend: shape.stacked ? { type: 'scroll', left: 0, top: 0, itemWidth: 8, itemHeight: 8, icon: 'rect', textStyle: { ...label(tokens), color: tokens['text-2'] } } : undefined,
    xAxis: shape.horizontal ? value : category,
    yAxis: shape.horizontal ? category : value,
    series: shape.series.map((one) => ({
      type: 'bar', name: one.name, data: [...one.values], stack: shape.stacked ? 'all' : undefined, barMaxWidth: shape.horizontal ? 12 : 36,
      itemStyle: { color: tokens[one.color], borderColor: tokens.bg, borderWidth: shape.stacked ? 0.5 : 0 }, emphasis: { disabled: true },
      label: shape.valuesShown ? { show: true, position: shape.horizontal ? 'right' : 'top', color: tokens.text, fontSize: 12, formatter: ({ value: v }: { value?: unknown }) => shape.format?.(Number(v)) ?? String(v) } : undefined,
    })),
  } as EChartsOption
}
