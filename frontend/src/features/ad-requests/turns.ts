import type { AdRequest, Answer, Deliverable, Side, Step } from './types'

export const isOpen = (adRequest: AdRequest): boolean => adRequest.status === 'proposed' || adRequest.status === 'negotiating'
/** A late draft or post is said to be late. */
export const stateOf = (one: Deliverable, now: Date): Deliverable['status'] | 'overdue' =>
  (one.status === 'due' || one.status === 'approved') && one.deadline !== null && new Date(one.deadline) < now ? 'overdue' : one.status
export const isOver = (one: Deliverable): boolean => one.status === 'completed' || one.status === 'cancelled'

/** The deliverable that the page speaks of first: what waits for this side, else the next deadline, else the first. */
export function firstToDo(adRequest: AdRequest): Deliverable | null {
  const going = adRequest.deliverables.filter((one) => !isOver(one))
  const soonest = [...going].sort((a, b) => (a.deadline ?? '9').localeCompare(b.deadline ?? '9'))
  return soonest.find((one) => one.your_turn) ?? soonest[0] ?? adRequest.deliverables[0] ?? null
}

/** Who has to act on a deliverable, by name. */
export function waitsFor(adRequest: AdRequest, one: Deliverable): string | null {
  if (one.waits_for === 'sponsor') return adRequest.sponsor.name
  return one.waits_for === 'influencer' ? adRequest.influencer.name : null
}

export type Deed = { kind: 'answer'; name: Answer } | { kind: 'step'; name: Step }

/** The one or two deeds that a phone keeps at hand, the main one last. */
export function deedsAtHand(adRequest: AdRequest, work: Deliverable | null): Deed[] {
  if (isOpen(adRequest)) return (['counter', 'accept'] as const).filter((name) => adRequest.actions.includes(name)).map((name) => ({ kind: 'answer', name }))
  const main = (['submit', 'publish', 'approve', 'confirm', 'answer'] as const).find((name) => work?.actions.includes(name))
  if (!main) return []
  const steps: Step[] = work?.actions.includes('request_changes') ? ['request_changes', main] : [main]
  return steps.map((name) => ({ kind: 'step', name }))
}

export interface Deadline { id: string; at: string; what: 'answer' | Deliverable['status'] | 'payable' | 'ratings'; title: string; yours: boolean }

/** What happens by when, the soonest first. */
export function deadlinesOf(adRequest: AdRequest, now: Date): Deadline[] {
  const found: Deadline[] = []
  if (isOpen(adRequest) && adRequest.answer_by) found.push({ id: 'answer', at: adRequest.answer_by, what: 'answer', title: '', yours: adRequest.your_turn })
  for (const one of adRequest.deliverables) {
    if (!isOver(one) && one.deadline) found.push({ id: one.id, at: one.deadline, what: one.status, title: one.title, yours: one.your_turn })
    if (one.status === 'completed' && one.hold_until && new Date(one.hold_until) > now) found.push({ id: one.id, at: one.hold_until, what: 'payable', title: one.title, yours: false })
  }
  if (adRequest.ratings_close_at && new Date(adRequest.ratings_close_at) > now) found.push({ id: 'ratings', at: adRequest.ratings_close_at, what: 'ratings', title: '', yours: adRequest.actions.includes('rate') })
  return found.sort((a, b) => a.at.localeCompare(b.at))
}

/** Words that a deadline's label takes. */
export const namesOf = (adRequest: AdRequest, side: Side) => ({
  influencer: adRequest.influencer.name,
  sponsor: adRequest.sponsor.name,
  other: side === 'influencer' ? adRequest.sponsor.name : adRequest.influencer.name,
})
