import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, ref } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import type { Campaign } from '../types'
import { useBriefForm } from './useBriefForm'
import { Problem } from '@/api/problem'

const { create, edit } = vi.hoisted(() => ({ create: vi.fn(), edit: vi.fn() }))
vi.mock('@/api/generated', async (original) => ({ ...(await original<object>()), sponsorCreateCampaign: create, sponsorEditCampaign: edit }))

const euro = (amount: number) => ({ amount, currency: 'EUR' })
const saved = {
  id: 'cmp_1', version: 3, status: 'published', title: 'Jackets', description: 'd', goals: '', brand_id: null, product_ids: [], product_url: '', visibility: 'public', niches: ['outdoor'], platforms: [], countries: [],
  language: '', min_reach: 0, influencers_wanted: null, budget: euro(500_000), fee_from: null, fee_to: null, starts_on: '2026-12-01', ends_on: '2026-12-31', time_zone: 'UTC', phases: [], hold_days: null, attribution_touch: 'last', attribution_window_days: 30, coupon_beats_link: true, deliverables: [],
  usage_rights: '', disclosure_rule: '', disclosure_tags: [],
} as unknown as Campaign

async function setup(first: Campaign | null) {
  const campaign = ref(first)
  let form!: ReturnType<typeof useBriefForm>
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: defineComponent({ setup() { form = useBriefForm({ campaign: () => campaign.value as Campaign | null }); return () => h('i') } }) }] })
  await router.push('/')
  mount({ template: '<RouterView />' }, { global: { plugins: [router, createPinia(), [VueQueryPlugin, { queryClient: new QueryClient() }]] } })
  await router.isReady()
  return { form, campaign }
}
beforeEach(() => { create.mockReset(); edit.mockReset(); localStorage.clear() })
const sent = () => edit.mock.calls.map(([options]) => ({ body: options.body, match: options.headers['If-Match'] }))

describe('the form of a brief', () => {
  it('sends only what was changed, on the version that was read', async () => {
    const { form } = await setup(saved)
    edit.mockResolvedValue({ ...saved, version: 4, goals: 'Sell' })
    form.values.goals = 'Sell'
    await form.submit()
    expect(sent()).toEqual([{ body: { goals: 'Sell' }, match: '"cmp_1.3"' }])
  })

  it('never undoes what a colleague changed meanwhile', async () => {
    const { form, campaign } = await setup(saved)
    edit.mockRejectedValueOnce(new Problem({ type: 'stale-version' }, { status: 412 })).mockResolvedValue({ ...saved, version: 5 })
    form.values.goals = 'Sell'
    await form.submit()
    expect(form.problem.value?.status).toBe(412)
    campaign.value = { ...saved, version: 4, title: 'Jackets II' }
    await form.submit()
    expect(sent().at(-1)).toEqual({ body: { goals: 'Sell' }, match: '"cmp_1.4"' })
  })

  it('sends nothing when nothing changed', async () => {
    const { form } = await setup(saved)
    await form.submit()
    expect(edit).not.toHaveBeenCalled()
  })

  it('writes a new campaign whole', async () => {
    const { form } = await setup(null)
    create.mockResolvedValue(saved)
    Object.assign(form.values, { title: 'Tea', budget: 100, starts_on: '2026-12-01', ends_on: '2026-12-02' })
    await form.submit()
    expect(create.mock.calls[0]![0].body).toMatchObject({ title: 'Tea', budget: euro(100), visibility: 'public' })
  })

  it('keeps the currency once published, and drops products of another brand', async () => {
    const { form } = await setup({ ...saved, brand_id: 'brd_1', product_ids: ['prd_1'] })
    expect(form.fixedCurrency.value).toBe(true)
    form.values.brand_id = 'brd_2'
    await Promise.resolve()
    expect(form.values.product_ids).toEqual([])
  })
})
