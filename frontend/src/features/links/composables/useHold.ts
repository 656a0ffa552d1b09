import { useI18n } from 'vue-i18n'
import { useDecision } from '@/features/admin/composables/useDecision'
import { notify } from '@/ui/notify'
import { holdOf, useLinkChanges, type TrackedLink } from './useLinks'

/** An admin's decision to block a link, or to let a blocked one lead on. */
export function useHold() {
  const { t } = useI18n()
  const { hold } = useLinkChanges()
  return useDecision<TrackedLink>(async (link, reason) => {
    await hold.mutateAsync({ link, reason })
    notify.good(t(`links.hold.${holdOf(link)}.done`, { code: link.code }))
  })
}
