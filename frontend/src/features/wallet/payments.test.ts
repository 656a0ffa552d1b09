import { expect, it } from 'vitest'
import { directionOf } from './payments'

it.each([
  ['deposit', 'settled', 'in'], ['deposit', 'failed', 'within'], ['deposit', 'pending', 'within'], ['refund', 'settled', 'in'], ['hold', 'settled', 'out'], ['release', 'held', 'within'], ['fee', 'settled', 'within'],
] as const)('a %s that is %s moves the free money %s', (kind, status, direction) => {
  expect(directionOf({ kind, status })).toBe(direction)
})
