import type { OwnReceiptRead, OwnTouchRead, ReceiptRead, TouchRead } from '@/api/generated'

export type Outcome = TouchRead['outcome']

/** A touch as either side sees it; of others an influencer learns neither name nor link. */
export interface Touch {
  id: string
  kind: TouchRead['kind']
  at: string
  outcome: Outcome
  /** Whose it was; null where that is not shown. */
  name: string | null
  own: boolean
  link: { id: string; code: string } | null
  coupon: string | null
}
export interface Receipt extends Pick<ReceiptRead, 'id' | 'number' | 'decides' | 'is_replay' | 'touch' | 'window_days' | 'coupon_beats_link' | 'left_out' | 'computed_at' | 'rule_version'> {
  touches: Touch[]
}

const isOwn = (touch: TouchRead | OwnTouchRead): touch is OwnTouchRead => 'own' in touch

/** The receipt with the winner first, then the others as they came. */
export function receiptOf(receipt: ReceiptRead | OwnReceiptRead): Receipt {
  const touches = receipt.touches.map((touch, at): Touch => ({
    id: `${receipt.id}.${at}`, kind: touch.kind, at: touch.at, outcome: touch.outcome, coupon: touch.coupon, link: touch.link,
    name: isOwn(touch) ? null : touch.influencer.name, own: isOwn(touch) && touch.own,
  }))
  return { ...receipt, touches: [...touches.filter((one) => one.outcome === 'won'), ...touches.filter((one) => one.outcome !== 'won')] }
}

/** The receipt that counts, and the others: what other rules would have said, and what was replaced. */
export function decided(receipts: readonly (ReceiptRead | OwnReceiptRead)[]): { deciding: Receipt | null; others: Receipt[] } {
  const all = receipts.map(receiptOf)
  return { deciding: all.find((one) => one.decides) ?? null, others: all.filter((one) => !one.decides) }
}
