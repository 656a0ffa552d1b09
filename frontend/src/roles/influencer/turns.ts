import type { TurnRead } from '@/api/generated'
import type { IconName } from '@/ui/icons'
import type { Turn } from '@/ui/TurnList.vue'

type Words = (key: string, named?: Record<string, unknown>) => string
const icons: Record<string, IconName> = { answer_offer: 'offer', consent: 'shield', submit: 'document', review: 'eye', publish: 'published', confirm: 'published', decide: 'dispute' }

/** One line of an influencer's "Your turn": what is to be done, for whom and how much, until when, and what happens then. */
export function turnOf(turn: TurnRead, t: Words, money: (value: TurnRead['amount']) => string, late: boolean): Turn {
  const kind = turn.kind in icons ? turn.kind : 'answer_offer'
  const named = { title: turn.title, name: turn.sponsor.name, amount: money(turn.amount) }
  const ends = turn.on_deadline === 'overdue_then_cancelled' && late ? 'cancelled' : turn.on_deadline
  const waits = turn.waits_for === 'admin' ? t('influencer_home.turns.admin') : turn.sponsor.name
  return {
    id: turn.id,
    icon: icons[kind]!,
    title: t(`influencer_home.turns.${turn.your_turn ? 'mine' : 'others'}.${kind}`, named),
    detail: [turn.campaign.title, turn.deliverable_id ? t('influencer_home.turns.held', named) : turn.sponsor.name].join(' · '),
    owner: turn.your_turn ? undefined : { name: waits, label: waits.split(' ')[0]! },
    at: turn.deadline,
    then: t(`influencer_home.turns.then.${ends}`, named),
    action: t(turn.your_turn ? `influencer_home.turns.action.${kind}` : 'influencer_home.turns.action.open'),
    to: `/influencer/ad-requests/${turn.ad_request_id}`,
  }
}
