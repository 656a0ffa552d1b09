import type { Draft, Panel } from './types'

export const templateNames = ['money', 'orders', 'clicks'] as const
export type TemplateName = (typeof templateNames)[number]

type Part = Pick<Panel, 'chart' | 'dimensions' | 'measures' | 'width'> & { height?: number }
const PARTS: Record<TemplateName, Part[]> = {
  money: [
    { chart: 'figure', dimensions: [], measures: ['spend', 'net_revenue', 'roi', 'cost_per_order'], width: 4, height: 1 },
    { chart: 'line', dimensions: ['week'], measures: ['spend', 'net_revenue'], width: 2 },
    { chart: 'scatter', dimensions: ['influencer'], measures: ['spend', 'net_revenue'], width: 2 },
    { chart: 'table', dimensions: ['influencer'], measures: ['spend', 'net_revenue', 'orders', 'cost_per_order', 'roi'], width: 4 },
  ],
  orders: [
    { chart: 'bar', dimensions: ['influencer'], measures: ['orders'], width: 2 },
    { chart: 'stacked', dimensions: ['week', 'influencer'], measures: ['orders'], width: 2 },
    { chart: 'bar', dimensions: ['influencer'], measures: ['conversion_per_click'], width: 2 },
    { chart: 'table', dimensions: ['link'], measures: ['clicks', 'orders', 'conversion_per_click', 'net_revenue'], width: 2 },
  ],
  clicks: [
    { chart: 'figure', dimensions: [], measures: ['raw_clicks', 'clicks', 'orders', 'conversion_per_click'], width: 4, height: 1 },
    { chart: 'stacked', dimensions: ['day', 'reason'], measures: ['raw_clicks'], width: 4 },
    { chart: 'bar', dimensions: ['reason'], measures: ['raw_clicks'], width: 2 },
    { chart: 'heatmap', dimensions: ['influencer', 'reason'], measures: ['raw_clicks'], width: 2 },
  ],
}

let made = 0
export const newKey = () => `new-${++made}`

/** The panels of a template, as new ones. */
export const panelsOf = (template: TemplateName): Panel[] => PARTS[template].map((part) => ({ key: newKey(), id: null, title: '', filters: [], height: 2, ...part }))

export const emptyDraft = (name = ''): Draft => ({ name, last_days: null, since: null, until: null, panels: [] })
