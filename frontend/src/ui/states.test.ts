import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import words from '@/locales/en/states.json'
import { icons } from './icons'
import StatusBadge from './StatusBadge.vue'
import { states, stateLook, type StateKind } from './states'

/** What the API may answer. */
const ofTheApi: Record<string, string[]> = {
  campaign: ['draft', 'published', 'paused', 'completed', 'archived'],
  ad_request: ['proposed', 'negotiating', 'active', 'completed', 'rejected', 'withdrawn', 'expired', 'cancelled'],
  deliverable: ['due', 'in_review', 'approved', 'published', 'completed', 'disputed', 'cancelled'],
  user: ['pending', 'active', 'suspended', 'closed'],
  effect: ['warn', 'hide', 'hold_money', 'suspend'],
  flag: ['open', 'appealed', 'upheld', 'lifted'],
}

describe('states', () => {
  it('have a tone, a glyph that exists and a word', () => {
    for (const [kind, map] of Object.entries(states)) {
      for (const [state, look] of Object.entries(map)) {
        expect(icons, `${kind}.${state}`).toHaveProperty(look.icon)
        expect((words as Record<string, Record<string, string>>)[kind]?.[state], `states.${kind}.${state}`).toBeTruthy()
      }
    }
  })

  it('have no word without a look', () => {
    for (const [kind, map] of Object.entries(words)) for (const state of Object.keys(map)) expect(stateLook(kind as StateKind, state), `${kind}.${state}`).toBeDefined()
  })

  it('cover all that the API answers', () => {
    for (const [kind, list] of Object.entries(ofTheApi)) for (const state of list) expect(stateLook(kind as StateKind, state), `${kind}.${state}`).toBeDefined()
  })

  it('show as a word with a glyph, an unknown one as itself', () => {
    const badge = mount(StatusBadge, { props: { kind: 'deliverable', state: 'in_review' } })
    expect(badge.text()).toBe('In review')
    expect(badge.find('svg').exists()).toBe(true)
    expect(mount(StatusBadge, { props: { kind: 'campaign', state: 'brand_new' } }).text()).toBe('brand new')
  })
})
