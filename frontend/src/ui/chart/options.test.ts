import { describe, expect, it } from 'vitest'
import { liftsOf } from './options'

const line = (name: string, ...values: (number | null)[]) => ({ name, values, color: 'c-1' as never })

describe('end labels', () => {
  it('stay where their lines end when there is room', () => {
    expect(liftsOf({ categories: [], series: [line('a', 0, 100), line('b', 0, 10)] })).toEqual([0, 0])
  })
  it('move up, the first above, when lines end together', () => {
    expect(liftsOf({ categories: [], series: [line('a', 100, 0), line('b', 0, 0), line('c', 0, null)] })).toEqual([-28, -14, 0])
  })
})
