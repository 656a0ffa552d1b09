import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { fireEvent, screen, waitFor } from '@testing-library/vue'
import { flushPromises, mount } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { useUrlFilters } from '@/ui/useUrlFilters'
import SavedViews from './SavedViews.vue'

interface View { id: string; list: string; name: string; query: string; is_default: boolean }
let views: View[] = []
const sent: { method: string; path: string; body: unknown }[] = []
const view = (name: string, query: string, more: Partial<View> = {}): View => ({ id: `svw_${name.toLowerCase()}`, list: 'users', name, query, is_default: false, ...more })

beforeEach(() => {
  sent.length = 0
  vi.stubGlobal('fetch', async (request: Request) => {
    const body: unknown = request.method === 'POST' || request.method === 'PATCH' ? await request.json() : null
    sent.push({ method: request.method, path: new URL(request.url).pathname, body })
    const answer = request.method === 'GET' ? { items: views } : { ...view('New', ''), ...(body as object) }
    return new Response(request.method === 'DELETE' ? null : JSON.stringify(answer), { status: request.method === 'DELETE' ? 204 : 200, headers: { 'Content-Type': 'application/json' } })
  })
})

async function page(address: string) {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: { render: () => h('i') } }] })
  await router.push(address)
  const Page = defineComponent({
    setup() {
      useUrlFilters({ q: '', role: [] as string[], flagged: false, sort: '-created_at', month: '' }, { momentary: ['month'] })
      return () => h(SavedViews, { list: 'users' })
    },
  })
  const wrapper = mount(Page, { global: { plugins: [router, [VueQueryPlugin, { queryClient: new QueryClient() }]] }, attachTo: document.body })
  await flushPromises()
  return { router, query: () => router.currentRoute.value.query, leave: () => wrapper.unmount() }
}
const open = async () => { await fireEvent.keyDown(screen.getByRole('button'), { key: 'Enter' }); await flushPromises() }

describe('kept views', () => {
  it('show the list as it was kept, without what the list does not know', async () => {
    views = [view('Flagged', 'flagged=true&role=sponsor&role=admin&odd=1'), view('Elsewhere', 'q=x', { list: 'jobs' })]
    const { query } = await page('/?q=tea&tab=2')
    await open()
    expect(screen.queryByText('Elsewhere')).toBeNull()
    await fireEvent.click(screen.getByRole('menuitem', { name: 'Flagged' }))
    await waitFor(() => expect(query()).toEqual({ tab: '2', flagged: 'true', role: ['sponsor', 'admin'] }))
    expect(screen.getByRole('button').textContent).toContain('Flagged')
  })

  it('open the list with the default one, and only where its address asks for nothing', async () => {
    views = [view('Flagged', 'flagged=true', { is_default: true })]
    const opened = await page('/?month=2026-11')
    await waitFor(() => expect(opened.query()).toEqual({ month: '2026-11', flagged: 'true' }))
    await opened.router.replace('/')
    await flushPromises()
    expect(opened.query()).toEqual({})
    opened.leave()
    expect((await page('/?q=tea')).query()).toEqual({ q: 'tea' })
  })

  it('keep the present filters under a name, without what is of the moment', async () => {
    views = []
    await page('/?role=sponsor&sort=name&month=2026-11&odd=1')
    await open()
    await fireEvent.click(screen.getByRole('menuitem', { name: 'Save this view…' }))
    await flushPromises()
    await fireEvent.update(screen.getByLabelText(/^Name/), ' Sponsors by name ')
    await fireEvent.click(screen.getByRole('button', { name: 'Save view' }))
    await waitFor(() => expect(sent.find((one) => one.method === 'POST')?.body).toEqual({ list: 'users', name: 'Sponsors by name', query: 'role=sponsor&sort=name', is_default: false }))
  })

  it('offer to change the chosen one once the filters differ', async () => {
    views = [view('Flagged', 'flagged=true')]
    const { router } = await page('/?flagged=true')
    await router.replace('/?flagged=true&q=tea')
    await flushPromises()
    await open()
    await fireEvent.click(screen.getByRole('menuitem', { name: 'Change “Flagged” to this' }))
    await waitFor(() => expect(sent.find((one) => one.method === 'PATCH')).toMatchObject({ path: '/api/v1/account/saved-views/svw_flagged', body: { query: 'q=tea&flagged=true' } }))
  })
})
