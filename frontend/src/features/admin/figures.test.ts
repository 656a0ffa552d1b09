import { describe, expect, it } from 'vitest'
import { depositsAhead, inOrder, weeksOf } from './figures'
import { splitOf } from './split'

const day = (sponsor: number, influencer: number) => ({ day: '2026-11-01', sponsor, influencer })
const moved = (deposited: number, paid_out: number) => ({ day: '2026-11-01', deposited, paid_out, released: 0, platform_fees: 0 })

describe('figures of the summary', () => {
  it('compare the last week with the one before', () => {
    expect(weeksOf([...Array.from({ length: 7 }, () => day(1, 0)), ...Array.from({ length: 7 }, () => day(1, 2))])).toEqual({ week: 21, before: 7 })
  })
  it('leave days without money out of the comparison', () => {
    expect(depositsAhead({ currency: 'EUR', days: [moved(0, 0), moved(5, 3), moved(2, 3)] })).toEqual({ ahead: 1, moved: 2 })
  })
  it('keep the order of states and show unknown ones last', () => {
    expect(inOrder({ new_state: 1, active: 2, proposed: 0 }, ['proposed', 'active'])).toEqual([{ state: 'active', n: 2 }, { state: 'new_state', n: 1 }])
  })
})

describe('the split of a dispute', () => {
  it.each([[333, 50, 167, 166], [29700, 0, 0, 29700], [29700, 100, 29700, 0], [1, 49, 0, 1]])('of %i at %i %% adds up', (amount, percent, influencer, sponsor) => {
    const parts = splitOf({ amount, currency: 'EUR' }, percent)
    expect([parts.influencer.amount, parts.sponsor.amount]).toEqual([influencer, sponsor])
  })
})
