import { computed, ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { Problem } from '@/api/problem'
import { notify } from '@/ui/notify'
import { useProblemText } from '@/ui/problemText'
import { useLinkChanges, type LinkAct, type TrackedLink } from './useLinks'

/** Pausing and resuming are done at once; ending is asked about, since what is printed stays printed. */
export function useLinkActs() {
  const { t } = useI18n()
  const { line } = useProblemText()
  const { act } = useLinkChanges()
  const ending = ref<TrackedLink | null>(null)
  const problem = ref<Problem | null>(null)
  const asking = computed(() => ending.value !== null)
  const leave = () => { ending.value = null }

  async function send(link: TrackedLink, name: LinkAct) {
    await act.mutateAsync({ id: link.id, act: name })
    notify.good(t(`links.done.${name}`, { code: link.code }))
  }
  async function run(link: TrackedLink, name: LinkAct) {
    problem.value = null
    if (name === 'end') return void (ending.value = link)
    try { await send(link, name) } catch (cause) { notify.bad(line(Problem.of(cause))) }
  }
  async function end() {
    problem.value = null
    try {
      await send(ending.value!, 'end')
      ending.value = null
    } catch (cause) { problem.value = Problem.of(cause) }
  }
  return { run, end, leave, ending, asking, problem, sending: act.isPending }
}
