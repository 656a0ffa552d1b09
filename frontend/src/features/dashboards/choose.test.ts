import { describe, expect, it } from 'vitest'
import { blockedBy, filtered, settled, toggled, type Fields } from './choose'
import type { Field } from './types'

const field = (key: string, type: Field['type'], unit: Field['unit'] = null): Field => ({ key, type, unit, columns: [], choices: [] })
const day = field('day', 'time'), week = field('week', 'time'), link = field('link', 'category'), reason = field('reason', 'category')
const clicks = field('clicks', 'number', 'count'), raw = field('raw_clicks', 'number', 'count')
const isTime = (key: string) => ['day', 'week', 'month'].includes(key)
const none: Fields = { dimensions: [], measures: [], filters: [] }
const choose = (panel: Fields, ...fields: Field[]) => fields.reduce((now, one) => toggled(now, one, isTime), panel)

describe('choosing fields', () => {
  it('adds in order and puts back', () => {
    const chosen = choose(none, link, day, clicks)
    expect(chosen).toMatchObject({ dimensions: ['link', 'day'], measures: ['clicks'] })
    expect(choose(chosen, link, clicks)).toMatchObject({ dimensions: ['day'], measures: [] })
  })
  it('has one time, the last one chosen', () => {
    expect(choose(none, day, link, week).dimensions).toEqual(['link', 'week'])
  })
  it('counts all clicks with reasons, and nothing else', () => {
    const chosen = choose(none, clicks, reason)
    expect(chosen.measures).toEqual(['raw_clicks'])
    expect(blockedBy(chosen, clicks, false)).toBe('reason')
    expect(blockedBy(chosen, raw, false)).toBeNull()
    expect(filtered(choose(none, clicks), 'reason').measures).toEqual(['raw_clicks'])
  })
  it('says how many fit', () => {
    const full = { ...none, dimensions: ['link', 'phase', 'day'], measures: ['a', 'b', 'c', 'd', 'e', 'f'] }
    expect(blockedBy(full, reason, true)).toBe('parts')
    expect(blockedBy(full, week, true)).toBeNull()
    expect(blockedBy(full, clicks, true)).toBe('measures')
    expect(blockedBy(full, link, true)).toBeNull()
  })
  it('sends no filter that keeps nothing', () => {
    expect(settled({ ...none, filters: [{ field: 'link', values: [] }, { field: 'phase', values: [null] }] }).filters).toEqual([{ field: 'phase', values: [null] }])
  })
})
