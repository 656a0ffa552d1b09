import { markRaw } from 'vue'
import { toast } from 'vue-sonner'
import ToastRow from './ToastRow.vue'

interface Notice {
  action?: { label: string; run: () => void }
  /** How long it stays, ms. */
  duration?: number
}

function show(tone: 'good' | 'bad' | 'info', text: string, { action, duration = 6000 }: Notice & { until?: number } = {}, until?: number) {
  return toast.custom(markRaw(ToastRow), {
    duration,
    componentProps: { tone, text, action: action?.label, until, onAction: action?.run },
  })
}

/** "Draft approved. Linh publishes by 27 Nov." */
export const notify = {
  good: (text: string, options?: Notice) => show('good', text, options),
  bad: (text: string, options?: Notice) => show('bad', text, { duration: 12_000, ...options }),
  info: (text: string, options?: Notice) => show('info', text, options),
  dismiss: (id: string | number) => toast.dismiss(id),
  undoable: (text: string, label: string, ms: number, run: () => void) => show('good', text, { action: { label, run }, duration: ms }, Date.now() + ms),
}
