import { QueryClient, VueQueryPlugin, useQuery } from '@tanstack/vue-query'
import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, type Ref } from 'vue'
import { useLive } from './useLive'

class Source extends EventTarget {
  static CLOSED = 2
  static all: Source[] = []
  readyState = 0
  constructor() {
    super()
    Source.all.push(this)
  }
  close() { this.readyState = Source.CLOSED }
  refuse() {
    this.readyState = Source.CLOSED
    this.dispatchEvent(new Event('error'))
  }
}

const pageThat = (use: () => unknown) => defineComponent({ setup() { use(); return () => h('i') } })

describe('useLive', () => {
  beforeEach(() => {
    Source.all = []
    vi.useFakeTimers()
    vi.stubGlobal('EventSource', Source)
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  it('asks a server that refuses again, later each time, while queries go on polling', async () => {
    const poll = vi.fn(async () => 1)
    let live!: Ref<boolean>
    const page = mount(
      pageThat(() => {
        live = useLive().live
        useQuery({ queryKey: ['home'], queryFn: poll, refetchInterval: 10_000 })
      }),
      { global: { plugins: [[VueQueryPlugin, { queryClient: new QueryClient() }]] } },
    )
    await vi.advanceTimersByTimeAsync(1500)
    expect(Source.all).toHaveLength(1)
    Source.all[0]!.refuse()
    expect(live.value).toBe(false)
    await vi.advanceTimersByTimeAsync(14_999)
    expect(Source.all).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(Source.all).toHaveLength(2)
    Source.all[1]!.refuse()
    await vi.advanceTimersByTimeAsync(29_999)
    expect(Source.all).toHaveLength(2)
    expect(poll.mock.calls.length).toBeGreaterThanOrEqual(5)
    await vi.advanceTimersByTimeAsync(1)
    expect(Source.all).toHaveLength(3)
    const asked = poll.mock.calls.length
    Source.all[2]!.dispatchEvent(new Event('open'))
    expect(live.value).toBe(true)
    await vi.advanceTimersByTimeAsync(1)
    expect(poll.mock.calls.length, 'what was not told meanwhile is read again').toBe(asked + 1)
    page.unmount()
    expect(Source.all[2]!.readyState).toBe(Source.CLOSED)
  })

  it('lets what an order changes be read again: its list, reports and links, and nothing else', async () => {
    const client = new QueryClient()
    const page = mount(pageThat(useLive), { global: { plugins: [[VueQueryPlugin, { queryClient: client }]] } })
    for (const domain of ['orders', 'reports', 'links', 'wallet']) client.setQueryData([domain, 'list', {}], 1)
    await vi.advanceTimersByTimeAsync(1500)
    Source.all[0]!.dispatchEvent(new Event('order'))
    const stale = ['orders', 'reports', 'links', 'wallet'].filter((domain) => client.getQueryState([domain, 'list', {}])?.isInvalidated)
    expect(stale).toEqual(['orders', 'reports', 'links'])
    page.unmount()
  })
})
