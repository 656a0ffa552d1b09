import { onScopeDispose, watch } from 'vue'

const SOONEST_MS = 3_000
const LATEST_MS = 60_000
const FOR_MS = 15 * 60_000

/** How long to wait before looking again at what moved that long ago: longer and longer, and not at all for what takes days. */
export function pauseAfter(age: number): number | null {
  return age > FOR_MS ? null : Math.min(LATEST_MS, Math.max(SOONEST_MS, age / 4))
}

interface Moving {
  id: string
  status: string
  /** Its last change. */
  at: string
}

/** Looks again by itself at what may change within seconds, and says when it did. */
export function useLookAgain({ moving, look, changed }: { moving: () => readonly Moving[]; look: () => void; changed: () => void }) {
  let timer: ReturnType<typeof setTimeout> | undefined
  const newest = () => Math.max(...moving().map((one) => Date.parse(one.at)))
  function plan() {
    clearTimeout(timer)
    const pause = moving().length ? pauseAfter(Date.now() - newest()) : null
    if (pause !== null) timer = setTimeout(() => { look(); plan() }, pause)
  }
  watch(() => moving().map((one) => `${one.id} ${one.status}`).join(), (_, before) => {
    if (before) changed()
    plan()
  }, { immediate: true })
  onScopeDispose(() => clearTimeout(timer))
}
