import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { useUrlFilters } from './useUrlFilters'

const defaults = { q: '', status: [] as string[], sort: '-created_at', mine: false, min: 0 }

async function at(address: string) {
  let api!: ReturnType<typeof useUrlFilters<typeof defaults>>
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: { render: () => h('i') } }, { path: '/slow', component: () => new Promise(() => undefined) }] })
  await router.push(address)
  mount(defineComponent({ setup() { api = useUrlFilters(defaults); return () => h('i') } }), { global: { plugins: [router] } })
  return { router, api }
}

describe('useUrlFilters', () => {
  it('reads the address in the shape of the defaults', async () => {
    const { api } = await at('/?q=tea&status=open&status=paused&mine=true&min=5')
    expect(api.filters.value).toEqual({ q: 'tea', status: ['open', 'paused'], sort: '-created_at', mine: true, min: 5 })
    expect((await at('/?status=open')).api.filters.value.status).toEqual(['open'])
    expect((await at('/?min=abc')).api.filters.value.min).toBe(0)
  })

  it('writes only what differs, and keeps what is not its own', async () => {
    const { api, router } = await at('/?tab=2')
    api.set({ q: 'tea' })
    api.set({ status: ['open'] })
    await flushPromises()
    expect(router.currentRoute.value.query).toEqual({ tab: '2', q: 'tea', status: ['open'] })
    api.set({ q: '' })
    await flushPromises()
    expect(router.currentRoute.value.query).toEqual({ tab: '2', status: ['open'] })
  })

  it('clears filters but not the order', async () => {
    const { api, router } = await at('/?q=tea&sort=name&mine=true')
    expect(api.active.value).toEqual(['q', 'mine'])
    api.clear()
    await flushPromises()
    expect(router.currentRoute.value.query).toEqual({ sort: 'name' })
  })

  it('gives the request its parameters', async () => {
    const { api } = await at('/?q=tea')
    expect(api.params.value).toEqual({ q: 'tea', sort: '-created_at', mine: false, min: 0 })
  })

  it('binds one filter both ways', async () => {
    const { api, router } = await at('/')
    const q = api.field('q')
    q.value = 'snow'
    await flushPromises()
    expect(router.currentRoute.value.query.q).toBe('snow')
    expect(q.value).toBe('snow')
  })

  it('does not call somebody back who already leaves for another page', async () => {
    const { api, router } = await at('/')
    const left = vi.fn()
    void router.push('/slow').then(left)
    await flushPromises()
    api.set({ q: 'tea' })
    await flushPromises()
    expect(left).not.toHaveBeenCalled()
    expect(router.currentRoute.value.query).toEqual({})
  })
})
