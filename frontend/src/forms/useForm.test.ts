import { flushPromises, mount } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { Problem } from '@/api/problem'
import { useForm } from './useForm'
import { z } from './zod'

const schema = z.object({ title: z.string().min(1, 'identity.errors.name'), budget: z.number().min(1, 'ui.form.invalid') })
type Form = ReturnType<typeof useForm<typeof schema, unknown>>

async function setup(submit: (values: z.output<typeof schema>) => Promise<unknown>, draft?: string) {
  let form!: Form
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: defineComponent({ setup() { form = useForm({ schema, initial: { title: '', budget: null }, submit, draft }); return () => h('i') } }) }, { path: '/other', component: { render: () => h('b') } }] })
  await router.push('/')
  mount({ template: '<RouterView />' }, { global: { plugins: [router] } })
  await router.isReady()
  return { form, router }
}
beforeEach(() => localStorage.clear())

describe('useForm', () => {
  it('says nothing before the person has tried', async () => {
    const submit = vi.fn(async () => {})
    const { form } = await setup(submit)
    expect(form.error('title')).toBeUndefined()
    form.touch('title')
    expect(form.error('title')).toBe('Write a name that others will see.')
    await form.submit()
    expect(submit).not.toHaveBeenCalled()
    expect(form.error('budget')).toBeTruthy()
  })

  it('sends checked values', async () => {
    const submit = vi.fn(async () => 'made')
    const { form } = await setup(submit)
    form.values.title = 'Tea'
    form.values.budget = 5
    expect(await form.submit()).toBe('made')
    expect(submit).toHaveBeenCalledWith({ title: 'Tea', budget: 5 })
    expect(form.dirty.value).toBe(false)
  })

  it('is dirty again when something is typed after sending', async () => {
    const { form } = await setup(async () => 'made')
    form.values.title = 'Tea'
    form.values.budget = 5
    await form.submit()
    form.values.title = 'Tea two'
    expect(form.dirty.value).toBe(true)
    form.reset({ title: 'Tea two', budget: 5 })
    expect(form.dirty.value).toBe(false)
  })

  it('checks one step and leaves the others in peace', async () => {
    const { form } = await setup(async () => {})
    expect(form.check(['title'])).toBe(false)
    expect(form.error('title')).toBeTruthy()
    expect(form.error('budget')).toBeUndefined()
    form.values.title = 'Tea'
    expect(form.check(['title'])).toBe(true)
  })

  it('puts the server’s words on the field, until it is changed', async () => {
    const { form } = await setup(async () => { throw new Problem({ type: 'invalid', errors: { title: ['Taken.'] } }, { status: 422 }) })
    form.values.title = 'Tea'
    form.values.budget = 5
    await form.submit()
    expect(form.error('title')).toBe('Taken.')
    expect(form.problem.value).toBeNull()
    form.values.title = 'Tea two'
    expect(form.error('title')).toBeUndefined()
  })

  it('says a refusal once, at its field, whatever its status', async () => {
    const { form } = await setup(async () => { throw new Problem({ type: 'wrong-otp', title: 'This code is not right', errors: { title: ['Not right.'] } }, { status: 401 }) })
    form.values.title = 'Tea'
    form.values.budget = 5
    await form.submit()
    expect(form.error('title')).toBe('Not right.')
    expect(form.problem.value).toBeNull()
  })

  it('shows a refusal that belongs to no field', async () => {
    const { form } = await setup(async () => { throw new Problem({ type: 'over-budget' }, { status: 409 }) })
    form.values.title = 'Tea'
    form.values.budget = 5
    await form.submit()
    expect(form.problem.value?.code).toBe('over-budget')
  })

  it('keeps a draft until it is sent', async () => {
    vi.useFakeTimers()
    const first = await setup(async () => {}, 'c')
    first.form.values.title = 'Tea'
    await vi.advanceTimersByTimeAsync(500)
    vi.useRealTimers()
    const second = await setup(async () => {}, 'c')
    expect(second.form.values.title).toBe('Tea')
    expect(first.form.restored).toBe(false)
    expect(second.form.restored).toBe(true)
    second.form.values.budget = 5
    await second.form.submit()
    expect((await setup(async () => {}, 'c')).form.values.title).toBe('')
  })

  it('asks before unsent changes are left', async () => {
    const { form, router } = await setup(async () => {})
    const ask = vi.fn(() => false)
    window.confirm = ask
    form.values.title = 'Tea'
    await router.push('/other')
    await flushPromises()
    expect(ask).toHaveBeenCalledOnce()
    expect(router.currentRoute.value.path).toBe('/')
    ask.mockReturnValue(true)
    await router.push('/other')
    expect(router.currentRoute.value.path).toBe('/other')
  })
})
