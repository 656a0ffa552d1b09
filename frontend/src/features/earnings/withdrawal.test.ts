import { describe, expect, it } from 'vitest'
import words from '@/locales/en/earnings.json'
import { arrivalOf, movedAt, saidOf } from './withdrawal'

const now = new Date('2026-11-22T12:00:00Z')
const later = '2026-11-23T12:00:00Z'
const before = '2026-11-21T12:00:00Z'

describe('what is said of a withdrawal that was asked for', () => {
  it.each([
    ['awaiting_approval', 'stripe', null, 'awaiting_approval', null],
    ['awaiting_approval', 'manual', later, 'awaiting_approval_held', later],
    ['queued', 'manual', later, 'queued_held', later],
    ['queued', 'manual', before, 'bank', null],
    ['queued', 'sandbox', null, 'sandbox', null],
    ['sending', 'stripe', null, 'stripe', null],
    ['unknown', 'other', null, 'unknown', null],
    ['paid', 'sandbox', null, 'paid', null],
    ['cancelled', 'sandbox', null, 'ended', null],
  ] as const)('%s through %s, to be sent after %s: %s', (status, gateway, send_after, word, at) => {
    expect(saidOf({ status, gateway, send_after }, now)).toEqual({ word, at })
    expect(words.withdraw.done).toHaveProperty(word)
  })
  it('never says that one is on its way before it was approved', () => expect(words.withdraw.done.awaiting_approval).toContain('approve'))
  it('knows how money travels by the payout details too', () => expect([arrivalOf('bank'), arrivalOf(null)]).toEqual(['bank', 'unknown']))
  it('moved when it took its last step', () => {
    const steps = [{ name: 'requested', at: before }, { name: 'sent', at: later }, { name: 'paid', at: null }]
    expect(movedAt({ steps, created_at: before })).toBe(later)
    expect(movedAt({ steps: [], created_at: before })).toBe(before)
  })
})
