import { describe, expect, it } from 'vitest'
import { checkLook, disclosureLook } from './check'
import type { Deliverable } from './types'

const check = (over: Partial<NonNullable<Deliverable['check']>> = {}): NonNullable<Deliverable['check']> => ({
  at: '2026-11-22T12:00:00Z', passed: true, reason: 'found', detail: 'HTTP 200', again_at: null, disclosure_found: null, ...over,
})

describe('the look of a live check', () => {
  it('is calm where nothing could be learned', () => {
    for (const one of [null, check({ passed: null, reason: 'refused' }), check({ passed: null, reason: 'switched_off' })])
      expect(checkLook(one)).toMatchObject({ word: 'not_checked', tone: 'neutral' })
  })
  it('waits for the second look before it alarms', () => {
    expect(checkLook(check({ passed: false, reason: 'not_found', again_at: '2026-11-22T13:00:00Z' }))).toMatchObject({ word: 'missing_once', tone: 'wait' })
    expect(checkLook(check({ passed: false, reason: 'not_found' }))).toMatchObject({ word: 'missing', tone: 'bad' })
  })
  it('says that a post was found', () => expect(checkLook(check())).toMatchObject({ word: 'found', tone: 'good' }))
})

describe('the look of a disclosure', () => {
  it('is left out without tags, and where no post was seen', () => {
    expect(disclosureLook(check({ disclosure_found: true }), [])).toBeNull()
    expect(disclosureLook(null, ['#ad'])).toBeNull()
    expect(disclosureLook(check({ passed: null, reason: 'busy' }), ['#ad'])).toBeNull()
  })
  it('keeps found, missing and unreadable apart', () => {
    expect(disclosureLook(check({ disclosure_found: true }), ['#ad'])?.word).toBe('found')
    expect(disclosureLook(check({ disclosure_found: false }), ['#ad'])?.word).toBe('missing')
    expect(disclosureLook(check({ disclosure_found: null }), ['#ad'])?.word).toBe('unknown')
  })
})
