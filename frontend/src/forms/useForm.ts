import { useForm as useTanstackForm } from '@tanstack/vue-form'
import { computed, onScopeDispose, reactive, ref, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { onBeforeRouteLeave } from 'vue-router'
import type { z } from './zod'
import { Problem } from '@/api/problem'

interface FormOptions<S extends z.ZodType<Record<string, unknown>>, R> {
  schema: S
  /** What the fields hold at first; may still break the schema. */
  initial: { [K in keyof z.input<S>]: z.input<S>[K] | null | '' }
  /** Sends the checked values; a Problem thrown here lands on the fields it names. */
  submit: (values: z.output<S>) => Promise<R>
  done?: (result: R, values: z.output<S>) => void
  /** Keeps what is typed under this name on this device until it is sent. */
  draft?: string
  /** Ask before the page is left with unsent changes. On unless false. */
  guard?: boolean
}

/**
 * One form: values, one message for each field from our schema or from the server, sending, leaving.
 * Messages in a schema are message keys (`z.string().min(1, 'identity.errors.name')`).
 */
export function useForm<S extends z.ZodType<Record<string, unknown>>, R = unknown>(options: FormOptions<S, R>) {
  const { t, te } = useI18n()
  const known = (key: string) => te(key) || te(key, 'en')
  type Values = { [K in keyof z.input<S>]: z.input<S>[K] | null | '' }
  const draft = useDraft<Values>(options.draft)
  const kept = draft.read()
  const form = useTanstackForm({ defaultValues: { ...structuredClone(options.initial), ...kept } as Record<string, unknown> })
  const state = form.useStore((one) => one)

  const server = ref<Record<string, string>>({})
  const touched = reactive(new Set<string>())
  const tried = ref(false)
  const sending = ref(false)
  const problem = ref<Problem | null>(null)
  const sent = ref(false)

  const own = computed<Record<string, string>>(() => {
    const result = options.schema.safeParse(state.value.values)
    if (result.success) return {}
    const errors: Record<string, string> = {}
    for (const issue of result.error.issues) errors[issue.path.join('.')] ??= known(issue.message) ? t(issue.message) : t('ui.form.invalid')
    return errors
  })
  /** The message under a field, once the person has left it or tried to send. */
  const error = (name: string) => server.value[name] ?? (tried.value || touched.has(name) ? own.value[name] : undefined)

  const values = new Proxy({} as Values, {
    get: (_, name: string) => state.value.values[name],
    set: (_, name: string, value: unknown) => {
      form.setFieldValue(name as never, value as never)
      if (name in server.value) server.value = Object.fromEntries(Object.entries(server.value).filter(([key]) => key !== name && !key.startsWith(`${name}.`)))
      return true
    },
    has: () => true,
  })
  // What the server is known to hold: the first values, then those last sent.
  const base = ref(JSON.stringify(options.initial))
  const dirty = computed(() => JSON.stringify(state.value.values) !== base.value)

  watch(() => state.value.values, (now) => draft.write(now as Values), { deep: true })

  async function submit(): Promise<R | undefined> {
    if (sending.value) return undefined
    tried.value = true
    problem.value = null
    const parsed = options.schema.safeParse(state.value.values)
    if (!parsed.success) {
      focusFirstError()
      return undefined
    }
    sending.value = true
    const sentValues = JSON.stringify(state.value.values)
    try {
      const result = await options.submit(parsed.data)
      sent.value = true
      base.value = sentValues
      draft.clear()
      // Typed while it was under way.
      if (dirty.value) draft.write(state.value.values as Values)
      options.done?.(result, parsed.data)
      return result
    } catch (cause) {
      const refused = Problem.of(cause)
      server.value = refused.errors
      // A message for a field that this form does not show must still be read.
      const placed = Object.keys(refused.errors).some((key) => key.split('.')[0]! in options.initial)
      // Said once: at the field where there is one.
      problem.value = placed ? null : refused
      if (placed) focusFirstError()
      return undefined
    } finally {
      sending.value = false
    }
  }
  function reset(next: Partial<Values> = {}) {
    const values = { ...structuredClone(options.initial), ...next }
    form.reset(values as never)
    base.value = JSON.stringify(values)
    touched.clear()
    tried.value = false
    sent.value = false
    server.value = {}
    problem.value = null
    draft.clear()
  }
  if (options.guard !== false) useLeaveGuard(() => dirty.value, () => t('ui.form.leave'))

  /** For a Field and the control in it: `<Field v-bind="field('email')">`, `@focusout="touch('email')"`. */
  const touch = (name: string) => touched.add(name)
  const pathsIn = (names: readonly string[]) => Object.keys(own.value).filter((path) => names.includes(path.split('.')[0]!))
  /** What is wrong in these fields and below them, shown or not yet. */
  const wrong = (names: readonly string[]) => [...new Set(pathsIn(names).map((path) => own.value[path]!))]
  /** For one step of a long form: shows what is wrong in it; true when nothing is. */
  function check(names: readonly string[]): boolean {
    const paths = pathsIn(names)
    for (const name of [...names, ...paths]) touch(name)
    if (paths.length) focusFirstError()
    return paths.length === 0
  }
  /** All values as they stand: for watching and previews. */
  const current = () => state.value.values as Values
  const valid = computed(() => Object.keys(own.value).length === 0)
  return { values, current, error, touch, wrong, check, submit, sending, problem, dirty, sent, reset, valid, restored: Object.keys(kept).length > 0 }
}

function focusFirstError() {
  setTimeout(() => document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
}

function useDraft<V>(name: string | undefined) {
  const key = `accord.draft.${name}`
  let timer: ReturnType<typeof setTimeout> | undefined
  return {
    read: (): Partial<V> => {
      if (!name) return {}
      try { return JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<V> } catch { return {} }
    },
    write: (values: V) => {
      if (!name) return
      clearTimeout(timer)
      timer = setTimeout(() => { try { localStorage.setItem(key, JSON.stringify(values)) } catch { /* storage is full: nothing is lost but the draft */ } }, 400)
    },
    clear: () => {
      clearTimeout(timer)
      if (name) localStorage.removeItem(key)
    },
  }
}

/** Asks before unsent changes are left behind, inside the app and on closing the tab. */
export function useLeaveGuard(dirty: () => boolean, question: () => string) {
  const onUnload = (event: BeforeUnloadEvent) => { if (dirty()) event.preventDefault() }
  window.addEventListener('beforeunload', onUnload)
  onScopeDispose(() => window.removeEventListener('beforeunload', onUnload))
  onBeforeRouteLeave(() => !dirty() || window.confirm(question()))
}
