import { describe, expect, it } from 'vitest'
import type { LinksHealth } from '@/api/generated'
import { healthLines, lagOf } from './health'

const now = new Date('2026-03-01T12:00:00Z')
const well: LinksHealth = { broken_links: 0, blocked_links: 0, unverified_domains: 0, lost_domains: 0, lapsed_domains: 0, gateway_events: 0, refusals: [], waiting_bytes: 0, oldest_click: null }
const wrong = (change: Partial<LinksHealth>) => healthLines({ ...well, ...change }, now).filter((line) => !line.ok).map((line) => line.name)

describe('the health of links', () => {
  it('has nothing wrong where nothing is', () => expect(wrong({})).toEqual([]))
  it('names what is wrong', () => {
    expect(wrong({ broken_links: 2, lost_domains: 1, gateway_events: 1 })).toEqual(['broken_links', 'lost_domains', 'gateway_events'])
  })
  it('finds no fault in what is only to be done, or was done on purpose', () => expect(wrong({ unverified_domains: 3, blocked_links: 1 })).toEqual([]))
  it('lets clicks wait a little, and then no longer', () => {
    expect(lagOf({ oldest_click: null }, now)).toBe(0)
    expect(wrong({ waiting_bytes: 90, oldest_click: '2026-03-01T11:59:40Z' })).toEqual([])
    expect(wrong({ waiting_bytes: 90, oldest_click: '2026-03-01T11:50:00Z' })).toEqual(['clicks'])
  })
})
