import { computed, ref } from 'vue'
import type { DashboardCreate } from '@/api/generated'
import { settled } from '../choose'
import { newKey } from '../templates'
import type { Dashboard, Draft, Panel } from '../types'

const MOST_STEPS = 100

/** A kept dashboard as something to work on. */
export const draftOf = ({ name, last_days, since, until, panels }: Dashboard): Draft => ({ name, last_days, since, until, panels: panels.map((panel) => ({ ...panel, key: panel.id, filters: panel.filters.map((one) => ({ ...one })) })) })

/** What is sent of it. */
export function bodyOf({ name, last_days, since, until, panels }: Draft) {
  const sent = panels.map((panel) => { const { key: _, ...rest } = settled(panel); return rest }) as DashboardCreate['panels']
  const period = last_days ? { last_days } : { last_days: null, since, until }
  return { name: name.trim(), ...period, panels: sent }
}

/** A dashboard while it is worked on: every step can be taken back, and what is not saved is known. */
export function useDraft(initial: Draft, isNew: boolean) {
  const first = JSON.stringify(initial)
  const draft = ref(JSON.parse(first) as Draft)
  const base = ref(isNew ? '' : first)
  const before = ref<string[]>([])
  const after = ref<string[]>([])

  function change(part: Partial<Draft>) {
    before.value = [...before.value, JSON.stringify(draft.value)].slice(-MOST_STEPS)
    after.value = []
    draft.value = { ...draft.value, ...part }
  }
  function step(from: typeof before, to: typeof after) {
    const state = from.value.at(-1)
    if (state === undefined) return
    to.value = [...to.value, JSON.stringify(draft.value)]
    from.value = from.value.slice(0, -1)
    draft.value = JSON.parse(state) as Draft
  }
  return {
    draft,
    /** Typed letters are no steps of their own. */
    rename: (name: string) => { draft.value = { ...draft.value, name } },
    change,
    /** Keeps a new panel, or one that was changed, in its place. */
    put: (panel: Panel) => {
      const known = draft.value.panels.some(({ key }) => key === panel.key)
      change({ panels: known ? draft.value.panels.map((one) => (one.key === panel.key ? panel : one)) : [...draft.value.panels, panel] })
    },
    copy: (panel: Panel) => change({ panels: draft.value.panels.flatMap((one) => (one.key === panel.key ? [one, { ...one, key: newKey(), id: null }] : [one])) }),
    remove: (key: string) => change({ panels: draft.value.panels.filter((one) => one.key !== key) }),
    undo: () => step(before, after),
    redo: () => step(after, before),
    canUndo: computed(() => before.value.length > 0),
    canRedo: computed(() => after.value.length > 0),
    dirty: computed(() => JSON.stringify(draft.value) !== base.value),
    /** All of this is on the server now. */
    saved: () => { base.value = JSON.stringify(draft.value) },
  }
}
