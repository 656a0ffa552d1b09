import { computed, ref, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { Problem } from '@/api/problem'
import { notify } from '@/ui/notify'
import type { AdRequest, Deliverable, Step } from '../types'
import type { useAdRequest } from './useAdRequest'
import { useUpload } from './useUpload'

type Deeds = ReturnType<typeof useAdRequest>
interface Values { text: string; url: string; files: File[] }

/** One step of one deliverable at a time: chosen, asked about, sent, told. */
export function useSteps(deeds: Deeds, adRequest: ComputedRef<AdRequest | null>) {
  const { t } = useI18n()
  const { upload } = useUpload()
  const step = ref<Step | null>(null)
  const deliverableId = ref<string | null>(null)
  const sending = ref(false)
  const problem = ref<Problem | null>(null)
  const deliverable = computed<Deliverable | null>(() => adRequest.value?.deliverables.find((one) => one.id === deliverableId.value) ?? null)
  const open = computed({ get: () => step.value !== null && deliverable.value !== null, set: (on: boolean) => { if (!on) step.value = null } })

  function ask(which: Step, of: Deliverable) {
    problem.value = null
    deliverableId.value = of.id
    step.value = which
  }
  function send(which: Step, id: string, values: Values, file_ids: string[]) {
    const { text, url } = values
    switch (which) {
      case 'submit': return deeds.submit.mutateAsync({ deliverableId: id, text, url: url || null, file_ids })
      case 'publish': return deeds.publish.mutateAsync({ deliverableId: id, url })
      case 'approve': return deeds.approve.mutateAsync({ deliverableId: id, note: text })
      case 'request_changes': return deeds.requestChanges.mutateAsync({ deliverableId: id, note: text })
      case 'confirm': return deeds.confirm.mutateAsync({ deliverableId: id })
      case 'extend': return deeds.extend.mutateAsync(id)
      case 'cancel': return deeds.cancel.mutateAsync({ deliverableId: id, reason: text })
      case 'dispute': return deeds.dispute.mutateAsync({ deliverableId: id, reason: text, file_ids })
      case 'answer': return deeds.answerDispute.mutateAsync({ deliverableId: id, text })
    }
  }
  async function confirm(values: Values) {
    const which = step.value
    const of = deliverable.value
    if (!which || !of) return
    sending.value = true
    problem.value = null
    try {
      const ids = values.files.length ? await upload(values.files) : []
      if (ids === null) throw new Problem({ type: 'upload-failed', title: t('ad_requests.files.failed') }, { status: 0 })
      await send(which, of.id, values, ids)
      step.value = null
      notify.good(t(`ad_requests.done.${which}`, { title: of.title, who: adRequest.value?.influencer.name ?? '' }))
    } catch (error) {
      problem.value = Problem.of(error)
    } finally {
      sending.value = false
    }
  }
  return { step, deliverable, open, ask, confirm, sending, problem }
}
