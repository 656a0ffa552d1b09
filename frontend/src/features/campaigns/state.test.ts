import { describe, expect, it } from 'vitest'
import { columnOf, dayIn, phaseOn, stateWord, whenOf } from './state'

const base = { status: 'published', approval: 'not_needed', starts_on: '2026-11-01', ends_on: '2026-11-30', time_zone: 'UTC', hidden: false, suspended: false } as const
const at = (iso: string) => new Date(iso)

describe('the word for a state', () => {
  it.each([
    [{}, '2026-11-15T12:00:00Z', 'running'],
    [{}, '2026-10-31T23:59:00Z', 'scheduled'],
    [{}, '2026-11-30T23:59:00Z', 'running'],
    [{}, '2026-12-01T00:00:00Z', 'ended'],
    [{ hidden: true }, '2026-11-15T12:00:00Z', 'hidden'],
    [{ status: 'draft', approval: 'waiting' }, '2026-11-15T12:00:00Z', 'awaiting_approval'],
    [{ status: 'draft', approval: 'returned' }, '2026-11-15T12:00:00Z', 'returned'],
    [{ status: 'paused' }, '2026-11-15T12:00:00Z', 'paused'],
  ] as const)('%o at %s is %s', (change, moment, word) => {
    expect(stateWord({ ...base, ...change }, at(moment))).toBe(word)
  })

  it('follows the campaign’s own midnight', () => {
    const late = at('2026-11-30T23:30:00Z')
    expect(stateWord({ ...base, time_zone: 'Asia/Ho_Chi_Minh' }, late)).toBe('ended')
    expect(stateWord({ ...base, time_zone: 'America/New_York' }, late)).toBe('running')
  })

  it('survives a time zone that the browser does not know', () => {
    expect(dayIn('Mars/Olympus', at('2026-11-30T23:30:00Z'))).toBe('2026-11-30')
  })
})

it('says what comes next in the dates', () => {
  expect(whenOf(base, at('2026-10-30T10:00:00Z'))).toEqual({ kind: 'starts', days: 2, day: '2026-11-01' })
  expect(whenOf(base, at('2026-11-30T10:00:00Z'))).toEqual({ kind: 'ends', days: 0, day: '2026-11-30' })
  expect(whenOf(base, at('2026-12-02T10:00:00Z'))).toEqual({ kind: 'ended', days: 2, day: '2026-11-30' })
})

it('finds the phase of a day, and none between phases', () => {
  const phases = [{ name: 'a', starts_on: '2026-11-01', ends_on: '2026-11-05' }, { name: 'b', starts_on: '2026-11-10', ends_on: '2026-11-20' }]
  expect(phaseOn(phases, '2026-11-10')).toMatchObject({ number: 2, of: 2 })
  expect(phaseOn(phases, '2026-11-07')).toBeNull()
})

it('puts a submitted draft into the approval column', () => {
  expect(columnOf({ ...base, status: 'draft', approval: 'waiting' })).toBe('awaiting_approval')
  expect(columnOf({ ...base, status: 'draft', approval: 'returned' })).toBe('draft')
})
