import { useI18n } from 'vue-i18n'
import { notify } from './notify'

const pending = new Set<() => void>()
if (typeof window !== 'undefined') window.addEventListener('pagehide', () => [...pending].forEach((send) => send()))

/**
 * Waits before it sends, so that Undo costs nothing: `const approve = useUndoable(mutateAsync)`, then
 * `approve(args, { done: 'Draft approved.' })`. Sent at once if the page is left. A failure says so in a toast and through
 * `failed`, where the page shows it in place.
 */
export function useUndoable<A>(send: (args: A) => Promise<unknown>, ms = 8000) {
  const { t } = useI18n()
  return (args: A, { done, undone, failed }: { done: string; undone?: () => void; failed?: (error: unknown) => void }) => {
    let settled = false
    const commit = () => {
      if (settled) return
      settled = true
      clearTimeout(timer)
      pending.delete(commit)
      send(args).catch((error: unknown) => {
        notify.bad(t('ui.toast.not_sent', { what: done }))
        failed?.(error)
      })
    }
    const undo = () => {
      if (settled) return
      settled = true
      clearTimeout(timer)
      pending.delete(commit)
      undone?.()
    }
    const timer = setTimeout(commit, ms)
    pending.add(commit)
    notify.undoable(done, t('ui.toast.undo'), ms, undo)
    return { undo, commit }
  }
}
