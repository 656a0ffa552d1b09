import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import LinkButton from './LinkButton.vue'

const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)*', component: { template: '<i/>' } }] })

it('is a link with an address, inside the app and out of it', () => {
  const inside = mount(LinkButton, { props: { to: '/sign-in' }, slots: { default: 'Sign in' }, global: { plugins: [router] } })
  const outside = mount(LinkButton, { props: { href: '/api/docs' }, slots: { default: 'API' }, global: { plugins: [router] } })
  expect(inside.get('a').attributes('href')).toBe('/sign-in')
  expect(outside.get('a').attributes('href')).toBe('/api/docs')
})
