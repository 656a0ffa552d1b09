import { mount } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { Problem } from '@/api/problem'
import DataTable from './DataTable.vue'
import { nextSort, type Column } from './table/columns'

interface Row { id: string; name: string; held: number }
const rows: Row[] = [{ id: 'a', name: 'Jonas', held: 480 }, { id: 'b', name: 'Maja', held: 820 }]
const columns: Column<Row>[] = [
  { id: 'name', label: 'Influencer', primary: true, sort: 'name', text: (row) => row.name },
  { id: 'held', label: 'Held, €', align: 'right', sort: 'held', sortFirst: 'desc', text: (row) => row.held },
  { id: 'id', label: 'Id', optional: true, text: (row) => row.id },
]
const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)*', component: { template: '<i/>' } }] })
let phone = false

function table(props: Record<string, unknown> = {}, slots: Record<string, string> = {}) {
  return mount(DataTable as never, {
    props: { id: 't', label: 'Influencers', columns, rows, rowKey: (row: Row) => row.id, ...props } as never,
    slots, global: { plugins: [router] }, attachTo: document.body,
  })
}
beforeEach(() => {
  localStorage.clear()
  document.body.innerHTML = ''
  phone = false
  vi.stubGlobal('matchMedia', () => ({ get matches() { return phone }, addEventListener() {}, removeEventListener() {} }))
})

describe('DataTable', () => {
  it('asks the server for another order and shows the present one', async () => {
    const wrapper = table({ sort: '-held' })
    const heads = wrapper.findAll('th')
    expect(heads[1]!.attributes('aria-sort')).toBe('descending')
    expect(heads[0]!.attributes('aria-sort')).toBe('none')
    await heads[0]!.get('button').trigger('click')
    expect(wrapper.emitted('update:sort')).toEqual([['name']])
  })

  it('turns through first order, other order, none', () => {
    const held = columns[1]!
    expect(nextSort(undefined, held)).toBe('-held')
    expect(nextSort('-held', held)).toBe('held')
    expect(nextSort('held', held)).toBeUndefined()
    expect(nextSort('-other', held)).toBe('-held')
  })

  it('hides optional columns until chosen, and remembers the choice', () => {
    expect(table().findAll('th').map((one) => one.text())).toEqual(['Influencer', 'Held, €'])
    localStorage.setItem('accord.columns.t', JSON.stringify(['held']))
    expect(table().findAll('th').map((one) => one.text())).toEqual(['Influencer', 'Id'])
  })

  it('selects rows and offers what can be done with them', async () => {
    const wrapper = table({ selectable: true, 'onUpdate:selected': (selected: string[]) => wrapper.setProps({ selected } as never) }, { bulk: '<b class="bulk">{{ params.selected.length }}</b>' })
    expect(wrapper.find('.bulk').exists()).toBe(false)
    await wrapper.findAll('tbody [role="checkbox"]')[0]!.trigger('click')
    expect(wrapper.emitted('update:selected')![0]).toEqual([['a']])
    expect(wrapper.find('.bulk').exists()).toBe(true)
    expect(wrapper.get('thead [role="checkbox"]').attributes('aria-checked')).toBe('mixed')
    await wrapper.get('thead [role="checkbox"]').trigger('click')
    expect(wrapper.emitted('update:selected')!.at(-1)).toEqual([['a', 'b']])
  })

  it('shows the coming rows while loading, what to do when empty, and a retry with the request id on failure', async () => {
    expect(table({ rows: [], loading: true }).find('[role="status"]').exists()).toBe(true)
    expect(table({ rows: [], emptyTitle: 'No influencers yet' }).text()).toContain('No influencers yet')
    const failed = table({ rows: [], error: new Problem({ title: 'x' }, { status: 503, requestId: 'req_9' }), errorTitle: 'Influencers did not load' })
    expect(failed.text()).toContain('Influencers did not load')
    expect(failed.text()).toContain('req_9')
    await failed.get('[role="alert"] button').trigger('click')
    expect(failed.emitted('retry')).toHaveLength(1)
  })

  it('keeps the rows it has when the next ones fail', () => {
    const wrapper = table({ error: new Problem({}, { status: 503 }) })
    expect(wrapper.findAll('tbody tr')).toHaveLength(2)
    expect(wrapper.find('[role="alert"]').exists()).toBe(true)
  })

  it('offers more only while there is more', async () => {
    const wrapper = table({ hasMore: true, total: 493 })
    expect(wrapper.text()).toContain('2 of 493')
    await wrapper.findAll('button').find((one) => one.text() === 'Load more')!.trigger('click')
    expect(wrapper.emitted('more')).toHaveLength(1)
    expect(table({ total: 2 }).text()).not.toContain('Load more')
  })

  it('opens a row in place', async () => {
    const wrapper = table({ expandable: true }, { detail: '<p class="detail">{{ params.row.name }}</p>' })
    const toggle = wrapper.findAll('tbody button')[1]!
    await toggle.trigger('click')
    expect(wrapper.get('.detail').text()).toBe('Maja')
    expect(toggle.attributes('aria-expanded')).toBe('true')
  })

  it('becomes two-line rows on a phone', () => {
    phone = true
    const wrapper = table({ rowTo: (row: Row) => `/x/${row.id}` })
    expect(wrapper.find('table').exists()).toBe(false)
    expect(wrapper.findAll('li')).toHaveLength(2)
    expect(wrapper.get('li a').attributes('href')).toBe('/x/a')
  })

  it('hands out the CSV export', async () => {
    const wrapper = table({ exportable: true })
    await wrapper.findAll('button').find((one) => one.text() === 'Export CSV')!.trigger('click')
    expect(wrapper.emitted('export')).toHaveLength(1)
  })
})
