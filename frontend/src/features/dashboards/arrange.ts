import { TALLEST, WIDEST, type Panel } from './types'

type Panels = readonly Panel[]

/** The panel of that key at another place; places count from 0 and end with the list. */
export function placed(panels: Panels, key: string, to: number): Panel[] {
  const from = panels.findIndex((one) => one.key === key)
  if (from < 0) return [...panels]
  const rest = panels.filter((one) => one.key !== key)
  rest.splice(Math.max(0, Math.min(to, rest.length)), 0, panels[from]!)
  return rest
}

/** Earlier (−1) or later (1) by so many places. */
export const moved = (panels: Panels, key: string, by: number): Panel[] => placed(panels, key, panels.findIndex((one) => one.key === key) + by)

/** Wider or narrower, taller or lower, by so many steps and within what there is. */
export function resized(panels: Panels, key: string, { width = 0, height = 0 }: { width?: number; height?: number }): Panel[] {
  const within = (value: number, most: number) => Math.max(1, Math.min(most, value))
  return panels.map((one) => (one.key === key ? { ...one, width: within(one.width + width, WIDEST), height: within(one.height + height, TALLEST) } : one))
}

export type Step = { act: 'move' | 'width' | 'height'; by: 1 | -1 }

/** What an arrow key on a panel's handle does: left and right move it; with Shift the arrows size it. */
export function stepOf({ key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>): Step | null {
  const by = key === 'ArrowRight' || key === 'ArrowDown' ? 1 : key === 'ArrowLeft' || key === 'ArrowUp' ? -1 : null
  if (by === null) return null
  if (!shiftKey) return { act: 'move', by }
  return { act: key === 'ArrowLeft' || key === 'ArrowRight' ? 'width' : 'height', by }
}

/** The panels after a step, and whether it changed anything. */
export function stepped(panels: Panels, key: string, { act, by }: Step): { panels: Panel[]; changed: boolean } {
  const after = act === 'move' ? moved(panels, key, by) : resized(panels, key, { [act]: by })
  return { panels: after, changed: JSON.stringify(after) !== JSON.stringify(panels) }
}
