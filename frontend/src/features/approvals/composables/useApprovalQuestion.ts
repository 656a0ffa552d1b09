import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import type { ApprovalRead } from '@/api/generated'
import { useDecision } from '@/features/admin/composables/useDecision'
import { notify } from '@/ui/notify'
import { useApprovalDecision, type QueueKind } from './useApprovals'

export interface Question {
  kind: QueueKind
  approve: boolean
  rows: readonly Pick<ApprovalRead, 'id' | 'name' | 'sponsor_name'>[]
}

/** Asks once before somebody or something is approved or sent back, and says what came of it. */
export function useApprovalQuestion(done?: () => void) {
  const { t } = useI18n()
  const { decide } = useApprovalDecision()
  const decision = useDecision<Question>(async ({ kind, approve, rows }, reason) => {
    const outcomes = await decide({ kind, approve, reason, ids: rows.map((row) => row.id) })
    const refused = outcomes.filter((one) => !one.ok)
    const n = outcomes.length - refused.length
    if (refused.length) notify.bad([t('approvals.some', { n, of: outcomes.length }), ...refused.map((one) => String(one.problem?.detail ?? one.problem?.title ?? ''))].join(' '))
    else notify.good(t(`approvals.${kind}.${approve ? 'approved' : 'returned'}`, { n, name: rows[0]?.name ?? '' }, n))
    done?.()
  })
  const words = computed(() => {
    const asked = decision.asked.value
    if (!asked) return null
    const deed = asked.approve ? 'approve' : 'return'
    const n = asked.rows.length
    const named = { n, name: asked.rows[0]?.name ?? '' }
    return {
      title: t(`approvals.${asked.kind}.${deed}_title`, named, n),
      text: t(`approvals.${asked.kind}.${deed}_text`),
      confirm: t(`approvals.${asked.kind}.${deed}_confirm`, named, n),
      lines: n > 1 ? asked.rows.map((row) => ({ label: row.name, value: row.sponsor_name ?? '' })) : [],
      tone: asked.approve ? ('primary' as const) : ('danger' as const),
      required: !asked.approve,
    }
  })
  return { ...decision, words }
}
