import type { TurnRead } from '@/api/generated'
import type { IconName } from '@/ui/icons'
import type { Turn } from '@/ui/TurnList.vue'

type Words = (key: string, named?: Record<string, unknown>) => string
const icons: Record<string, IconName> = { answer_offer: 'offer', consent: 'shield', submit: 'document', review: 'eye', publish: 'published', confirm: 'published', decide: 'dispute' }
const known = Object.keys(icons)

/** One line of "Your turn": what is to be done, by whom, until when, and what happens then. */
export function turnOf(turn: TurnRead, t: Words, money: (value: TurnRead['amount']) => string, late: boolean): Turn {
  const kind = known.includes(turn.kind) ? turn.kind : 'answer_offer'
  const side = turn.your_turn ? 'mine' : 'others'
  const named = { title: turn.title, name: turn.influencer.name, amount: money(turn.amount) }
  const ends = turn.on_deadline === 'overdue_then_cancelled' && late ? 'cancelled' : turn.on_deadline
  return {
    id: turn.id,
    icon: icons[kind]!,
    title: t(`sponsor.turns.${side}.${kind}`, named),
    detail: [...(turn.your_turn ? [turn.influencer.name] : []), turn.campaign.title, ...(turn.deliverable_id ? [t('sponsor.turns.held', named)] : [])].join(' · '),
    owner: turn.your_turn ? undefined : { name: turn.waits_for === 'admin' ? t('sponsor.turns.admin') : turn.influencer.name, label: turn.waits_for === 'admin' ? t('sponsor.turns.admin') : turn.influencer.name.split(' ')[0]! },
    at: turn.deadline,
    then: t(`sponsor.turns.then.${ends}`, named),
    action: t(turn.your_turn ? `sponsor.turns.action.${kind}` : 'sponsor.turns.action.open'),
    to: `/sponsor/ad-requests/${turn.ad_request_id}`,
  }
}

/** By the reader's clock: morning until noon, evening from six. */
export function partOfDay(at: Date): 'morning' | 'afternoon' | 'evening' {
  const hour = at.getHours()
  if (hour >= 5 && hour < 12) return 'morning'
  return hour >= 12 && hour < 18 ? 'afternoon' : 'evening'
}
