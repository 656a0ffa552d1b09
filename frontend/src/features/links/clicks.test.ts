import { describe, expect, it } from 'vitest'
import { addedTo, linesOf, short, type Reason } from './clicks'

const counted = (numbers: Partial<Record<Reason, number>>) => Object.entries(numbers).map(([reason, clicks]) => ({ reason: reason as Reason, clicks }))

describe('clicks by reason', () => {
  it('add up to all requests, whatever their reasons', () => {
    const reasons = counted({ counted: 40, bot: 7, duplicate: 12, head: 1, own_team: 2, prefetch: 3, expired: 4, over_limit: 5 })
    expect(linesOf({ raw: 74, reasons }).reduce((sum, line) => sum + line.clicks, 0)).toBe(74)
  })
  it('show the counted ones even where there is none, and of the others only what occurred', () => {
    expect(linesOf({ raw: 3, reasons: counted({ counted: 0, bot: 3, head: 0 }) }).map((line) => [line.reason, line.clicks])).toEqual([['counted', 0], ['bot', 3]])
  })
  it('have no share of nothing', () => {
    expect(linesOf({ raw: 0, reasons: [] })).toEqual([{ reason: 'counted', clicks: 0, color: 'c1', share: null }])
  })
})

it('reads what is added out of the address as it will be asked for', () => {
  expect(addedTo({ url: 'https://shop.example/tea?size=1&utm_source=linh%20d&accord_click=CLICK', added: ['utm_source', 'accord_click'] })).toEqual([
    { name: 'utm_source', value: 'linh d' }, { name: 'accord_click', value: 'CLICK' },
  ])
})

it('writes an address short', () => expect(short('https://shop.example/tea/')).toBe('shop.example/tea'))
