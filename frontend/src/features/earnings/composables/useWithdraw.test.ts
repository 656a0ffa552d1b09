import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { useWithdraw } from './useEarnings'

const { create } = vi.hoisted(() => ({ create: vi.fn() }))
vi.mock('@/api/generated', () => ({ influencerCreateWithdrawal: create }))

let n = 0
/** A dialog that was opened: each opening mounts it anew. */
function opened() {
  let made!: ReturnType<typeof useWithdraw>
  mount(defineComponent({ setup() { made = useWithdraw(() => `key-${++n}`); return () => h('i') } }), { global: { plugins: [[VueQueryPlugin, { queryClient: new QueryClient() }]] } })
  return made
}
const all = { amount: 50_000, currency: 'EUR' }
const keysSent = () => create.mock.calls.map(([options]) => options.headers['Idempotency-Key'])
beforeEach(() => { vi.useFakeTimers(); n = 0; create.mockReset() })
afterEach(() => vi.useRealTimers())

it('keeps its key in a dialog that is opened again after a lost answer', async () => {
  create.mockRejectedValueOnce(new Error('lost')).mockResolvedValue({ id: 'wdr_1' })
  await expect(opened().send(all)).rejects.toThrow()
  await opened().send(all)
  await opened().send(all)
  expect(keysSent()).toEqual(['key-1', 'key-1', 'key-2'])
})

it('takes another key for another amount, and long after', async () => {
  create.mockRejectedValue(new Error('lost'))
  for (const amount of [all, { ...all, amount: 60_000 }]) await expect(opened().send(amount)).rejects.toThrow()
  vi.advanceTimersByTime(31 * 60_000)
  await expect(opened().send({ ...all, amount: 60_000 })).rejects.toThrow()
  expect(keysSent()).toEqual(['key-1', 'key-2', 'key-3'])
})
