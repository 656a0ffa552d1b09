import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { useUndoable } from './useUndoable'

function setup(send: (args: number) => Promise<unknown>) {
  let run!: ReturnType<typeof useUndoable<number>>
  mount(defineComponent({ setup() { run = useUndoable(send, 8000); return () => h('i') } }))
  return run
}

describe('useUndoable', () => {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => vi.useRealTimers())

  it('sends once, after the time for Undo', async () => {
    const send = vi.fn(async () => {})
    setup(send)(7, { done: 'Draft approved.' })
    await vi.advanceTimersByTimeAsync(7999)
    expect(send).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(send).toHaveBeenCalledExactlyOnceWith(7)
  })

  it('sends nothing after Undo', async () => {
    const send = vi.fn(async () => {})
    const undone = vi.fn()
    setup(send)(7, { done: 'Draft approved.', undone }).undo()
    await vi.advanceTimersByTimeAsync(20_000)
    expect(send).not.toHaveBeenCalled()
    expect(undone).toHaveBeenCalledOnce()
  })

  it('sends at once when the page is left', () => {
    const send = vi.fn(async () => {})
    setup(send)(7, { done: 'Draft approved.' })
    window.dispatchEvent(new Event('pagehide'))
    expect(send).toHaveBeenCalledOnce()
  })

  it('says when it failed', async () => {
    const failed = vi.fn()
    setup(async () => { throw new Error('no') })(7, { done: 'Draft approved.', failed })
    await vi.advanceTimersByTimeAsync(8000)
    expect(failed).toHaveBeenCalledOnce()
  })
})
