import { describe, expect, it } from 'vitest'
import { bodyOf, changesOf, emptyBrief, missingForPublication, previewOf } from './brief'
import { campaignSchema, stepNames, steps, type BriefOutput } from './schema'

const start = emptyBrief({ currency: 'EUR', timeZone: 'Europe/Paris', disclosure: '', tags: [] })
const good = { ...start, title: 'Tea', budget: 500_000, starts_on: '2026-12-01', ends_on: '2026-12-31' } as BriefOutput
const wrong = (change: Partial<BriefOutput>) => campaignSchema.safeParse({ ...good, ...change }).error?.issues.map((issue) => issue.path.join('.')) ?? []
const piece = { title: 'Reel', platform: null, notes: '', share: null, due_on: null }

describe('a brief', () => {
  it('needs title, budget and dates, nothing else', () => {
    expect(campaignSchema.safeParse(good).success).toBe(true)
    expect(campaignSchema.safeParse(start).error?.issues.map((issue) => issue.path.join('.')).sort()).toEqual(['budget', 'ends_on', 'starts_on', 'title'])
  })

  it.each<[string, Partial<BriefOutput>, string]>([
    ['ends before it starts', { ends_on: '2026-11-30' }, 'ends_on'],
    ['offers more than the budget', { fee_to: 600_000 }, 'fee_to'],
    ['has an upside-down fee range', { fee_from: 200, fee_to: 100 }, 'fee_to'],
    ['has a phase outside its dates', { phases: [{ name: 'a', starts_on: '2026-11-01', ends_on: '2026-12-02' }] }, 'phases.0.starts_on'],
    ['has overlapping phases', { phases: [{ name: 'a', starts_on: '2026-12-01', ends_on: '2026-12-10' }, { name: 'b', starts_on: '2026-12-10', ends_on: '2026-12-12' }] }, 'phases.1.starts_on'],
    ['names two phases alike', { phases: [{ name: 'a', starts_on: '2026-12-01', ends_on: '2026-12-02' }, { name: 'A', starts_on: '2026-12-03', ends_on: '2026-12-04' }] }, 'phases.1.name'],
    ['has shares that do not sum to 100', { deliverables: [{ ...piece, share: 60 }, { ...piece, share: 30 }] }, 'deliverables'],
    ['has a share for some only', { deliverables: [{ ...piece, share: 100 }, piece] }, 'deliverables'],
    ['is due after its end', { deliverables: [{ ...piece, due_on: '2027-01-01' }] }, 'deliverables.0.due_on'],
    ['links to a script', { product_url: 'javascript:alert(1)' }, 'product_url'],
  ])('is refused when it %s', (_, change, path) => expect(wrong(change)).toEqual([path]))

  it('shows every field in one step', () => {
    expect(stepNames.flatMap((name) => [...steps[name]] as string[]).sort()).toEqual(Object.keys(start).sort())
  })
})

it('goes to the API with its currency on every amount', () => {
  expect(bodyOf({ ...good, fee_from: 100 })).toMatchObject({ budget: { amount: 500_000, currency: 'EUR' }, fee_from: { amount: 100, currency: 'EUR' }, fee_to: null, min_reach: 0 })
})

it('sends only what changed; the order of words is no change', () => {
  const before = bodyOf({ ...good, niches: ['tea', 'food'] })
  expect(changesOf(before, bodyOf({ ...good, niches: ['food', 'tea'] }))).toEqual({})
  expect(changesOf(before, bodyOf({ ...good, niches: ['tea', 'food'], title: 'Tea two' }))).toEqual({ title: 'Tea two' })
})

it('is shown while it is half written', () => {
  const shown = previewOf({ ...start, title: 'Tea' }, { sponsor: 'Nordhag', brands: [], products: [] })
  expect(shown).toMatchObject({ title: 'Tea', budget: null, starts_on: null, deliverables: [], sponsor: { name: 'Nordhag' } })
})

it('needs a description and days to come to be published', () => {
  expect(missingForPublication({ ...good, description: ' ' }, new Date('2026-12-31T22:30:00Z'))).toEqual(['description'])
  expect(missingForPublication({ ...good, description: 'x' }, new Date('2026-12-31T23:30:00Z'))).toEqual(['ends_on'])
})
