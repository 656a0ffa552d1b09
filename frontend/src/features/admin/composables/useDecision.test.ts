import { describe, expect, it, vi } from 'vitest'
import { Problem } from '@/api/problem'
import { useDecision } from './useDecision'

describe('a decision', () => {
  it('is sent once with its reason, and closes', async () => {
    const send = vi.fn(() => Promise.resolve())
    const decision = useDecision<string>(send)
    decision.ask('usr_1')
    expect(decision.open.value).toBe(true)
    const first = decision.confirm('because')
    void decision.confirm('again')
    expect(await first).toBe(true)
    expect(send.mock.calls).toEqual([['usr_1', 'because']])
    expect(decision.open.value).toBe(false)
  })
  it('stays open with the refusal, which a new question forgets', async () => {
    const decision = useDecision<string>(() => Promise.reject(new Problem({ type: 'last-admin' }, { status: 409 })))
    decision.ask('usr_1')
    expect(await decision.confirm()).toBe(false)
    expect([decision.open.value, decision.problem.value?.code]).toEqual([true, 'last-admin'])
    decision.ask('usr_2')
    expect(decision.problem.value).toBeNull()
  })
})
