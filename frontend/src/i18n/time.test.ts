import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import DeadlineText from '@/ui/DeadlineText.vue'
import { ageKind, deadlineTone, overdueSpan, readableSpan } from './time'

const MIN = 60_000
const H = 60 * MIN
const D = 24 * H
const now = new Date('2026-11-22T11:48:00Z')
const at = (ms: number) => new Date(now.getTime() + ms)

describe('deadlines', () => {
  beforeEach(() => vi.useFakeTimers({ now }))
  afterEach(() => vi.useRealTimers())

  it('turns to a warning under 24 h and to bad when late', () => {
    expect(deadlineTone(at(D), now)).toBe('plain')
    expect(deadlineTone(at(D - 1), now)).toBe('soon')
    expect(deadlineTone(at(0), now)).toBe('soon')
    expect(deadlineTone(at(-1), now)).toBe('late')
  })

  it('shows as much detail as the time left deserves', () => {
    expect(readableSpan(12 * MIN)).toEqual({ days: 0, hours: 0, minutes: 12 })
    expect(readableSpan(6 * H + 12 * MIN)).toEqual({ days: 0, hours: 6, minutes: 12 })
    expect(readableSpan(21 * H + 40 * MIN)).toEqual({ days: 0, hours: 21, minutes: 0 })
    expect(readableSpan(31 * H)).toEqual({ days: 0, hours: 31, minutes: 0 })
    expect(readableSpan(2 * D + 4 * H)).toEqual({ days: 2, hours: 4, minutes: 0 })
    expect(readableSpan(5 * D + 4 * H)).toEqual({ days: 5, hours: 0, minutes: 0 })
    expect(overdueSpan(3 * D + 5 * H)).toEqual({ days: 3, hours: 0, minutes: 0 })
    expect(overdueSpan(1)).toEqual({ days: 0, hours: 0, minutes: 1 })
  })

  it('reads as a sentence with its consequence', () => {
    const text = (ms: number) => mount(DeadlineText, { props: { at: at(ms), then: 'then approved automatically' } })
    expect(text(6 * H + 12 * MIN).text()).toBe('in 6 h 12 minthen approved automatically')
    expect(text(-3 * D).get('time').text()).toBe('3 d overdue')
    expect(text(-3 * D).get('time').classes()).toContain('text-bad-fg')
    expect(text(5 * H).get('time').classes()).toContain('text-wait-fg')
    expect(text(5 * D).get('time').classes()).toContain('text-ink-2')
  })

  it('moves with the clock', async () => {
    const wrapper = mount(DeadlineText, { props: { at: at(10 * MIN) } })
    expect(wrapper.text()).toBe('in 10 min')
    await vi.advanceTimersByTimeAsync(5 * MIN)
    expect(wrapper.text()).toBe('in 5 min')
  })

  it('knows yesterday from some hours ago', () => {
    expect(ageKind(at(-30_000), now)).toBe('now')
    expect(ageKind(at(-20 * MIN), now)).toBe('minutes')
    expect(ageKind(at(-3 * H), now)).toBe('hours')
    expect(ageKind(at(-22 * H), now)).toBe('yesterday')
    expect(ageKind(at(-3 * D), now)).toBe('date')
  })
})
