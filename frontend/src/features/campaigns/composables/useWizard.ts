import { computed, onScopeDispose, ref, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRoute, useRouter } from 'vue-router'
import { useNow } from '@/i18n/useNow'
import { useSession } from '@/state/session'
import { missingForPublication } from '../brief'
import { stepNames, steps, type Step } from '../schema'
import { useCampaignSurface } from '../surface'
import type { Campaign } from '../types'
import { provideBriefForm, useBriefForm } from './useBriefForm'

export type WizardStep = Step | 'publish'
export const wizardSteps: readonly WizardStep[] = [...stepNames, 'publish']
const AUTOSAVE_MS = 4000

/**
 * Writing a draft step by step. What is typed is kept on this device at once, and saved as a draft through the API as soon as
 * title, budget and dates stand; from then on by itself after each pause.
 */
export function useWizard(campaign: () => Campaign | null) {
  const { t } = useI18n()
  const route = useRoute()
  const router = useRouter()
  const session = useSession()
  const surface = useCampaignSurface()
  const now = useNow()
  const id = campaign()?.id ?? null
  const mayWrite = computed(() => session.me?.status === 'active')
  const savedAt = ref<Date | null>(null)

  const form = useBriefForm({
    campaign,
    draft: `campaign-${id ?? ['new', surface.sponsor()?.id].filter(Boolean).join('-')}`,
    guard: false,
    done: (saved) => {
      savedAt.value = new Date()
      if (!id) void router.replace({ path: `${surface.base}/${saved.id}/edit`, query: route.query })
    },
  })
  provideBriefForm(form)

  const step = computed<WizardStep>(() => wizardSteps.find((one) => one === route.query.step) ?? 'what')
  const at = computed(() => wizardSteps.indexOf(step.value))
  /** The furthest step seen; a saved draft has all of them open. */
  const reached = ref(id || form.restored ? wizardSteps.length - 1 : at.value)
  watch(at, (now_) => { reached.value = Math.max(reached.value, now_) })

  const problemsOf = (name: Step) => form.wrong(steps[name])
  const missing = computed(() => [
    ...stepNames.flatMap((name) => problemsOf(name).map((text) => ({ step: name, text }))),
    ...missingForPublication(form.values, now.value).map((name) => ({ step: (name === 'description' ? 'what' : 'money') as Step, text: t(`campaigns.wizard.needs.${name}`) })),
  ])
  const wrongSteps = computed(() => stepNames.filter((name) => missing.value.some((one) => one.step === name)))

  async function save(): Promise<boolean> {
    if (!mayWrite.value || !form.valid.value) return false
    if (id && !form.dirty.value) return true
    return (await form.submit()) !== undefined
  }
  async function go(to: WizardStep) {
    await router.push({ query: { ...route.query, step: to === 'what' ? undefined : to } })
    window.scrollTo({ top: 0 })
    void save()
  }
  function next() {
    if (step.value === 'publish' || !form.check(steps[step.value])) return
    void go(wizardSteps[at.value + 1]!)
  }
  const back = () => { if (at.value > 0) void go(wizardSteps[at.value - 1]!) }

  let timer: ReturnType<typeof setTimeout> | undefined
  watch(() => JSON.stringify(form.current()), () => {
    if (!id) return
    clearTimeout(timer)
    timer = setTimeout(() => { if (form.dirty.value && !form.problem.value) void save() }, AUTOSAVE_MS)
  })
  onScopeDispose(() => clearTimeout(timer))

  /** What has become of what was typed. */
  const standing = computed<'saving' | 'failed' | 'saved' | 'device' | 'empty'>(() => {
    if (form.sending.value) return 'saving'
    if (form.problem.value) return 'failed'
    if (form.dirty.value) return 'device'
    return id ? 'saved' : 'empty'
  })
  return { form, step, at, reached, missing, wrongSteps, mayWrite, savedAt, standing, save, go, next, back }
}
