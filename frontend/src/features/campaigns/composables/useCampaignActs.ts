import { computed, ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRouter } from 'vue-router'
import { Problem } from '@/api/problem'
import { useFormat } from '@/i18n/useFormat'
import { notify } from '@/ui/notify'
import { useProblemText } from '@/ui/problemText'
import { consequencesOf } from '../consequences'
import { useCampaignSurface } from '../surface'
import type { Act, Campaign, CampaignSummary } from '../types'
import { useCampaignChanges } from './useCampaign'

/** Asks once before a campaign, or several, are moved; says what came of it. */
export function useCampaignActs({ done }: { done?: (act: Act, campaign: Campaign | void) => void } = {}) {
  const { t } = useI18n()
  const router = useRouter()
  const { money, date } = useFormat()
  const { line } = useProblemText()
  const surface = useCampaignSurface()
  const { act: change } = useCampaignChanges()
  const asked = ref<{ act: Act; campaigns: CampaignSummary[] } | null>(null)
  const problem = ref<Problem | null>(null)
  const sending = ref(false)

  const first = computed(() => asked.value?.campaigns[0] ?? null)
  const words = computed(() => {
    if (!asked.value || !first.value) return null
    const one = consequencesOf(asked.value.act, first.value, t as never, { money, date })
    const n = asked.value.campaigns.length
    if (n === 1) return one
    const named = { n }
    return {
      ...one,
      title: t(`campaigns.act.${asked.value.act}.many`, named),
      confirm: t(`campaigns.act.${asked.value.act}.confirm_many`, named),
      lines: asked.value.campaigns.map((campaign) => ({ label: campaign.title, value: money(campaign.budget) })),
    }
  })

  function ask(act: Act, campaigns: CampaignSummary | CampaignSummary[]) {
    problem.value = null
    asked.value = { act, campaigns: Array.isArray(campaigns) ? campaigns : [campaigns] }
  }
  function cancel() {
    if (!sending.value) asked.value = null
  }
  async function confirm() {
    if (!asked.value || sending.value) return
    const { act, campaigns } = asked.value
    const said = words.value!.done
    sending.value = true
    problem.value = null
    const refused: string[] = []
    let result: Campaign | void = undefined
    for (const campaign of campaigns) {
      try {
        result = await change.mutateAsync({ act, id: campaign.id })
      } catch (cause) {
        const found = Problem.of(cause)
        if (campaigns.length === 1) problem.value = found
        else refused.push(t('campaigns.act.refused', { title: campaign.title, why: line(found) }))
      }
    }
    sending.value = false
    if (problem.value) return
    asked.value = null
    if (refused.length) notify.bad([t('campaigns.act.some', { n: campaigns.length - refused.length, of: campaigns.length }), ...refused].join(' '))
    else if (campaigns.length > 1) notify.good(t('campaigns.act.all', { n: campaigns.length }))
    else if (act === 'publish' && result?.approval === 'waiting') notify.good(t('campaigns.act.publish.submitted'))
    else if (act === 'duplicate' && result) notify.good(said, { action: { label: t('campaigns.act.duplicate.open'), run: openerOf(result.id) } })
    else notify.good(said)
    done?.(act, result)
  }
  const openerOf = (id: string) => () => void router.push(`${surface.base}/${id}`)
  return { asked, words, problem, sending, ask, cancel, confirm }
}
