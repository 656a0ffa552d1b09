import { describe, expect, it } from 'vitest'
import { deadlinesOf, deedsAtHand, firstToDo, stateOf } from './turns'
import type { AdRequest, Deliverable } from './types'

const one = (more: Partial<Deliverable>) => ({ id: 'd', title: 'Reel', status: 'due', deadline: null, hold_until: null, your_turn: false, actions: [], ...more }) as unknown as Deliverable
const adRequest = (more: Partial<AdRequest>) => ({ status: 'active', deliverables: [], actions: [], answer_by: null, ratings_close_at: null, your_turn: false, ...more }) as unknown as AdRequest
const now = new Date('2026-11-22T12:00:00Z')

describe('the deliverable that is spoken of first', () => {
  const late = one({ id: 'late', deadline: '2026-11-20T12:00:00Z' })
  const mine = one({ id: 'mine', status: 'in_review', deadline: '2026-11-24T12:00:00Z', your_turn: true })
  const done = one({ id: 'done', status: 'completed' })
  it('waits for this side', () => expect(firstToDo(adRequest({ deliverables: [done, late, mine] }))?.id).toBe('mine'))
  it('has else the next deadline', () => expect(firstToDo(adRequest({ deliverables: [done, { ...mine, your_turn: false }, late] }))?.id).toBe('late'))
  it('is the first where all is over, and nothing before there are any', () => {
    expect(firstToDo(adRequest({ deliverables: [done] }))?.id).toBe('done')
    expect(firstToDo(adRequest({}))).toBeNull()
  })
})

it('says when a draft or a post is late, not when a review is', () => {
  const past = '2026-11-20T12:00:00Z'
  expect(stateOf(one({ deadline: past }), now)).toBe('overdue')
  expect(stateOf(one({ status: 'approved', deadline: past }), now)).toBe('overdue')
  expect(stateOf(one({ status: 'in_review', deadline: past }), now)).toBe('in_review')
  expect(stateOf(one({ deadline: '2026-11-23T12:00:00Z' }), now)).toBe('due')
})

describe('what a phone keeps at hand', () => {
  const names = (request: AdRequest, work: Deliverable | null) => deedsAtHand(request, work).map((deed) => deed.name)
  it('answers an open offer, as far as the API allows', () => {
    expect(names(adRequest({ status: 'proposed', actions: ['accept', 'counter', 'reject'] }), null)).toEqual(['counter', 'accept'])
    expect(names(adRequest({ status: 'proposed', actions: ['withdraw'] }), null)).toEqual([])
  })
  it('ends with the main step', () => {
    expect(names(adRequest({}), one({ actions: ['approve', 'request_changes', 'dispute'] }))).toEqual(['request_changes', 'approve'])
    expect(names(adRequest({}), one({ actions: ['submit', 'cancel'] }))).toEqual(['submit'])
    expect(names(adRequest({}), one({ actions: ['dispute', 'cancel'] }))).toEqual([])
  })
})

it('lists what happens by when, the soonest first', () => {
  const request = adRequest({
    ratings_close_at: '2026-12-20T12:00:00Z',
    deliverables: [one({ id: 'a', deadline: '2026-12-04T12:00:00Z' }), one({ id: 'b', status: 'completed', hold_until: '2026-11-27T12:00:00Z' }), one({ id: 'c', status: 'completed', hold_until: '2026-11-01T12:00:00Z' })],
  })
  expect(deadlinesOf(request, now).map(({ id, what }) => [id, what])).toEqual([['b', 'payable'], ['a', 'due'], ['ratings', 'ratings']])
})
