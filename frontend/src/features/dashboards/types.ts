import type { DashboardField, DashboardRead, FiguresRead, PanelInput, PanelRead, SharedPanelRead } from '@/api/generated'

export type DashboardRole = 'sponsor' | 'admin'
export type Dashboard = DashboardRead
export type Figures = FiguresRead
export type Chart = PanelInput['chart']
export type FieldType = FiguresRead['dimensions'][number]['type'] | FiguresRead['measures'][number]['type']
export type Unit = FiguresRead['measures'][number]['unit']
export type Field = DashboardField
export type ShownPanel = PanelRead | SharedPanelRead

export const WIDEST = 4
export const TALLEST = 3

/** A panel while it is worked on. `key` tells it from the others on the page; a new one has no id yet. */
export interface Panel {
  key: string
  id: string | null
  title: string
  chart: Chart
  dimensions: string[]
  measures: string[]
  filters: { field: string; values: (string | null)[] }[]
  width: number
  height: number
}
/** The days that a dashboard shows: the last ones, or from one to another; all of them when nothing is set. */
export interface Period { last_days: number | null; since: string | null; until: string | null }
/** A dashboard while it is worked on. */
export interface Draft extends Period { name: string; panels: Panel[] }
