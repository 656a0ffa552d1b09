import type { FigureChange, FigureSource, MoneyRead, ReportFigures } from '@/api/generated'

/** A line of the report's table: which figure, how it is written, and which way is the better one. */
export interface Line {
  name: Exclude<keyof ReportFigures, 'sentiment' | 'engagement_base' | 'figured' | 'labelled'>
  format: 'count' | 'percent' | 'money' | 'decimal'
  better?: 'more' | 'less'
  strong?: boolean
  /** The figure whose source stands beside it. */
  source?: string
}
export interface Group { name: string; lines: readonly Line[] }

export const GROUPS: readonly Group[] = [
  {
    name: 'interactions',
    lines: [
      { name: 'posts', format: 'count', source: 'posts' },
      { name: 'views', format: 'count', better: 'more', source: 'views' },
      { name: 'reactions', format: 'count', better: 'more', source: 'interactions' },
      { name: 'comments', format: 'count', better: 'more', source: 'interactions' },
      { name: 'shares', format: 'count', better: 'more', source: 'interactions' },
      { name: 'interactions', format: 'count', better: 'more', strong: true, source: 'interactions' },
      { name: 'engagement_rate', format: 'percent', better: 'more', source: 'interactions' },
    ],
  },
  {
    name: 'orders',
    lines: [
      { name: 'clicks', format: 'count', better: 'more', strong: true, source: 'clicks' },
      { name: 'click_per_interaction', format: 'percent', better: 'more' },
      { name: 'orders', format: 'count', better: 'more', strong: true, source: 'orders' },
      { name: 'conversion_per_click', format: 'percent', better: 'more' },
    ],
  },
  {
    name: 'money',
    lines: [
      { name: 'revenue', format: 'money', better: 'more', strong: true, source: 'orders' },
      { name: 'refunds', format: 'money', better: 'less', source: 'orders' },
      { name: 'spend', format: 'money', source: 'spend' },
      { name: 'cost_per_click', format: 'money', better: 'less' },
      { name: 'cost_per_order', format: 'money', better: 'less' },
      { name: 'roi', format: 'percent', better: 'more' },
    ],
  },
  {
    name: 'efficiency',
    lines: [
      { name: 'orders_per_influencer', format: 'decimal', better: 'more' },
      { name: 'revenue_per_influencer', format: 'money', better: 'more' },
    ],
  },
]

export type Tone = 'good' | 'bad' | 'plain'

/** Whether a change is one for the better. A difference that may be chance is neither. */
export function toneOf(line: Pick<Line, 'better'>, change: FigureChange): Tone {
  const { value, low, high } = change
  if (!line.better || value === 0 || mayBeChance({ low, high })) return 'plain'
  return value > 0 === (line.better === 'more') ? 'good' : 'bad'
}
export const mayBeChance = ({ low, high }: Pick<FigureChange, 'low' | 'high'>) => low !== null && high !== null && low <= 0 && high >= 0

export const sourceOf = (sources: readonly FigureSource[], line: Line) => sources.find((one) => one.figure === line.source)
export const isMoney = (value: unknown): value is MoneyRead => typeof value === 'object' && value !== null && 'currency' in value

/** Whether there is anything to show. */
export const isEmpty = ({ posts, clicks, orders }: Pick<ReportFigures, 'posts' | 'clicks' | 'orders'>) => posts + clicks + orders === 0
