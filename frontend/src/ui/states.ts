import type { IconName } from './icons'

export type Tone = 'neutral' | 'info' | 'accent' | 'wait' | 'good' | 'bad' | 'outline' | 'plain'
export interface StateLook {
  tone: Tone
  icon: IconName
}

const look = (tone: Tone, icon: IconName): StateLook => ({ tone, icon })

/**
 * Every state that a person can see, with its tone and glyph; the word is the message `states.<kind>.<state>`.
 * API states come first; words that pages use for them (running, overdue, awaiting_approval) follow.
 */
export const states = {
  campaign: {
    draft: look('neutral', 'file'), published: look('accent', 'dot'), paused: look('wait', 'pause'), completed: look('good', 'check'),
    archived: look('neutral', 'lock'), awaiting_approval: look('wait', 'clock'), running: look('accent', 'dot'), scheduled: look('info', 'calendar'),
    returned: look('wait', 'undo'), hidden: look('neutral', 'eye-off'), ended: look('neutral', 'stop'),
  },
  ad_request: {
    proposed: look('info', 'circle'), negotiating: look('info', 'ad-request'), active: look('accent', 'dot'), completed: look('good', 'check'),
    rejected: look('neutral', 'close'), withdrawn: look('neutral', 'withdraw'), expired: look('neutral', 'clock'), cancelled: look('neutral', 'close'),
    disputed: look('bad', 'dispute'),
  },
  deliverable: {
    due: look('neutral', 'calendar'), in_review: look('wait', 'eye'), approved: look('info', 'check'), published: look('accent', 'published'),
    completed: look('good', 'check'), disputed: look('bad', 'dispute'), cancelled: look('neutral', 'close'), overdue: look('bad', 'clock'),
  },
  user: {
    pending: look('wait', 'clock'), active: look('accent', 'dot'), suspended: look('bad', 'lock'), closed: look('neutral', 'close'),
    invited: look('info', 'mail'), rejected: look('neutral', 'close'), returned: look('wait', 'undo'),
  },
  money: {
    held: look('neutral', 'lock'), in_flight: look('info', 'arrow-right'), paid: look('good', 'check'), failed: look('bad', 'warning'),
    pending: look('wait', 'clock'), settled: look('good', 'check'), released: look('good', 'check'), refunded: look('neutral', 'undo'),
    available: look('good', 'check'), requested: look('wait', 'clock'), cancelled: look('neutral', 'close'), reversed: look('neutral', 'undo'),
  },
  withdrawal: {
    awaiting_approval: look('wait', 'clock'), queued: look('neutral', 'clock'), sending: look('info', 'arrow-right'), unknown: look('wait', 'help'),
    paid: look('good', 'check'), failed: look('bad', 'warning'), refused: look('bad', 'undo'), cancelled: look('neutral', 'close'),
  },
  deposit: { open: look('wait', 'clock'), settled: look('good', 'check'), declined: look('bad', 'close') },
  payout_batch: { open: look('wait', 'clock'), closed: look('good', 'check') },
  payout_line: { waiting: look('wait', 'clock'), paid: look('good', 'check'), failed: look('bad', 'warning'), returned: look('bad', 'undo'), on_hold: look('wait', 'lock') },
  invoice: { invoice: look('neutral', 'document'), credit_note: look('info', 'undo') },
  flag: {
    open: look('wait', 'flag'), appealed: look('info', 'message'), upheld: look('bad', 'check'), lifted: look('good', 'undo'),
  },
  effect: {
    warn: look('wait', 'warning'), hide: look('neutral', 'eye-off'), hold_money: look('wait', 'lock'), suspend: look('bad', 'lock'),
    hidden: look('neutral', 'eye-off'), money_on_hold: look('wait', 'lock'), suspended: look('bad', 'lock'), none: look('neutral', 'circle'),
  },
  evidence: {
    identified: look('outline', 'community'), counted: look('outline', 'chart'), mixed: look('outline', 'filter'), thin: look('wait', 'warning'),
    measured: look('plain', 'check'), estimated: look('outline', 'circle'),
  },
  job: {
    queued: look('neutral', 'clock'), running: look('info', 'refresh'), done: look('good', 'check'), failed: look('bad', 'warning'),
    dead: look('bad', 'warning'), cancelled: look('neutral', 'close'), retrying: look('wait', 'retry'),
  },
  link: { active: look('accent', 'dot'), blocked: look('bad', 'lock'), paused: look('wait', 'pause'), ended: look('neutral', 'stop'), expired: look('neutral', 'clock') },
  health: { ok: look('good', 'check'), redirected: look('info', 'arrow-right'), broken: look('bad', 'warning'), unknown: look('neutral', 'circle') },
  domain: { verified: look('good', 'check'), lost: look('wait', 'warning'), lapsed: look('bad', 'warning'), waiting: look('wait', 'clock'), checking: look('info', 'refresh') },
  order: { paid: look('good', 'check'), partly_refunded: look('wait', 'undo'), refunded: look('neutral', 'undo'), cancelled: look('neutral', 'close') },
  dispute: { open: look('bad', 'dispute'), decided: look('good', 'check'), escalated: look('bad', 'warning') },
  check: { ok: look('good', 'check'), failed: look('bad', 'warning'), unknown: look('neutral', 'circle') },
  turn: { yours: look('accent', 'arrow-right'), theirs: look('neutral', 'clock') },
} as const satisfies Record<string, Record<string, StateLook>>

export type StateKind = keyof typeof states

/** An unknown state still shows: neutral, with its own name for a word. */
export function stateLook(kind: StateKind, state: string): StateLook | undefined {
  return (states[kind] as Record<string, StateLook>)[state.replaceAll('-', '_')]
}
