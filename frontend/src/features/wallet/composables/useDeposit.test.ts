import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { useDeposit } from './useDeposit'

const { create, read, check } = vi.hoisted(() => ({ create: vi.fn(), read: vi.fn(), check: vi.fn() }))
vi.mock('@/api/generated', () => ({ sponsorCreateDeposit: create, sponsorReadDeposit: read, sponsorCheckDeposit: check }))

const body = { amount: { amount: 50_000, currency: 'EUR' }, gateway: 'sandbox' }
const answer = (status: string) => ({ id: 'dep_1', status, amount: body.amount })
const keysSent = () => create.mock.calls.map(([options]) => options.headers['Idempotency-Key'])

function setup() {
  let n = 0
  let made!: ReturnType<typeof useDeposit>
  mount(defineComponent({ setup() { made = useDeposit(() => `key-${++n}`); return () => h('i') } }), { global: { plugins: [[VueQueryPlugin, { queryClient: new QueryClient() }]] } })
  return made
}
beforeEach(() => { vi.useFakeTimers(); create.mockReset(); read.mockReset(); check.mockReset() })
afterEach(() => vi.useRealTimers())

describe('a deposit', () => {
  it('keeps its key when the answer was lost and the same is sent again', async () => {
    const deposit = setup()
    create.mockRejectedValueOnce(new Error('lost')).mockResolvedValue(answer('settled'))
    await expect(deposit.send(body)).rejects.toThrow()
    await deposit.send(body)
    expect(keysSent()).toEqual(['key-1', 'key-1'])
  })

  it('takes another key for another amount, and after an answer', async () => {
    const deposit = setup()
    create.mockRejectedValueOnce(new Error('lost')).mockResolvedValue(answer('declined'))
    await expect(deposit.send(body)).rejects.toThrow()
    await deposit.send({ ...body, amount: { amount: 60_000, currency: 'EUR' } })
    await deposit.send({ ...body, amount: { amount: 60_000, currency: 'EUR' } })
    expect(keysSent()).toEqual(['key-1', 'key-2', 'key-3'])
  })

  it('is followed until the gateway has decided', async () => {
    const deposit = setup()
    create.mockResolvedValue(answer('open'))
    read.mockResolvedValueOnce(answer('open')).mockRejectedValueOnce(new Error('away')).mockResolvedValue(answer('settled'))
    await deposit.send(body)
    expect(deposit.stage.value).toBe('waiting')
    await vi.advanceTimersByTimeAsync(3000)
    expect(deposit.stage.value).toBe('settled')
    await vi.advanceTimersByTimeAsync(5000)
    expect(read).toHaveBeenCalledTimes(3)
  })

  it('asks the gateway when the payer comes back, and follows what is still open', async () => {
    const deposit = setup()
    check.mockResolvedValue(answer('open'))
    read.mockResolvedValue(answer('settled'))
    await deposit.resume('dep_1')
    expect(deposit.stage.value).toBe('waiting')
    await vi.advanceTimersByTimeAsync(1000)
    expect(deposit.stage.value).toBe('settled')
  })

  it('does not wait for what the payer has to do elsewhere', async () => {
    const deposit = setup()
    create.mockResolvedValue({ ...answer('open'), pay_url: '/sandbox/pay/dep_1' })
    await deposit.send(body)
    await vi.advanceTimersByTimeAsync(5000)
    expect(read).not.toHaveBeenCalled()
  })

  it('says when it takes longer than one should wait, and stops asking', async () => {
    const deposit = setup()
    create.mockResolvedValue(answer('open'))
    read.mockResolvedValue(answer('open'))
    await deposit.send(body)
    await vi.advanceTimersByTimeAsync(70_000)
    expect(deposit.slow.value).toBe(true)
    const asked = read.mock.calls.length
    await vi.advanceTimersByTimeAsync(30_000)
    expect(read).toHaveBeenCalledTimes(asked)
  })
})
