import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import { pauseAfter, useLookAgain } from './useLookAgain'

const MINUTE = 60_000
const open = (at = Date.now()) => [{ id: 'pay_1', status: 'pending', at: new Date(at).toISOString() }]
beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function watched(rows = ref(open())) {
  const [look, changed, scope] = [vi.fn(), vi.fn(), effectScope()]
  scope.run(() => useLookAgain({ moving: () => rows.value, look, changed }))
  return { rows, look, changed, scope }
}

it('looks soon at first, then less and less', () => {
  expect([0, 20_000, 2 * MINUTE, 10 * MINUTE].map(pauseAfter)).toEqual([3_000, 5_000, 30_000, MINUTE])
})

it('goes on without any change, and gives up on what takes days', async () => {
  const { look } = watched()
  await vi.advanceTimersByTimeAsync(MINUTE)
  const first = look.mock.calls.length
  expect(first).toBeGreaterThan(5)
  await vi.advanceTimersByTimeAsync(20 * MINUTE)
  const all = look.mock.calls.length
  expect(all).toBeLessThan(60)
  await vi.advanceTimersByTimeAsync(60 * MINUTE)
  expect(look).toHaveBeenCalledTimes(all)
})

it('does not look at what was opened days ago', async () => {
  const { look } = watched(ref(open(Date.now() - 48 * 60 * MINUTE)))
  await vi.advanceTimersByTimeAsync(MINUTE)
  expect(look).not.toHaveBeenCalled()
})

it('says when it changed, and stops with its page', async () => {
  const { rows, look, changed, scope } = watched()
  expect(changed).not.toHaveBeenCalled()
  rows.value = []
  await nextTick()
  expect(changed).toHaveBeenCalledOnce()
  rows.value = open()
  await nextTick()
  scope.stop()
  await vi.advanceTimersByTimeAsync(MINUTE)
  expect(look).not.toHaveBeenCalled()
})
