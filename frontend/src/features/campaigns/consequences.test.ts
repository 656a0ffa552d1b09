import { describe, expect, it } from 'vitest'
import { consequencesOf } from './consequences'
import { acts, type CampaignSummary } from './types'
import { i18n } from '@/i18n'

const euro = (amount: number) => ({ amount, currency: 'EUR' })
const campaign = {
  title: 'Jackets', visibility: 'public', budget: euro(1_800_000), committed: euro(280_000), free: euro(1_520_000), spent: euro(0), open_agreements: 2, starts_on: '2026-11-01', ends_on: '2026-12-15',
} as CampaignSummary
const of = (act: (typeof acts)[number], change: Partial<CampaignSummary> = {}) =>
  consequencesOf(act, { ...campaign, ...change }, i18n.global.t as never, { money: ({ amount }) => `€${amount / 100}`, date: (day) => day })

describe('before an act', () => {
  it.each(acts)('%s says in full what will happen', (act) => {
    const words = of(act)
    for (const text of [words.title, words.text, words.confirm, words.done, ...words.lines.flatMap(({ label, value }) => [label, value])]) expect(text).not.toMatch(/^campaigns\./)
    expect(words.lines.length).toBeGreaterThan(1)
    expect(words.title).toContain('Jackets')
  })

  it('only what cannot be taken back looks dangerous', () => {
    expect(acts.filter((act) => of(act).tone === 'danger')).toEqual(['complete', 'archive', 'delete'])
  })

  it('names money, dates and who will see it', () => {
    const lines = of('publish').lines.map((line) => line.value).join(' | ')
    expect(lines).toContain('€18000')
    expect(lines).toContain('2026-11-01 – 2026-12-15')
    expect(lines).toContain('public directory')
    expect(of('publish', { visibility: 'private' }).lines[0]!.value).toContain('invite')
  })

  it('counts the agreements that go on', () => {
    const value = (n: number) => of('pause', { open_agreements: n }).lines.find((line) => line.label === 'Agreements')!.value
    expect([value(0), value(1), value(3)]).toEqual(['none is active', 'one goes on until it is done', '3 go on until they are done'])
  })
})
