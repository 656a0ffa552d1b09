import { describe, expect, it } from 'vitest'
import { moved, placed, resized, stepOf, stepped } from './arrange'
import type { Panel } from './types'

const panel = (key: string, width = 2, height = 2) => ({ key, width, height }) as Panel
const three = [panel('a'), panel('b'), panel('c')]
const order = (panels: readonly Panel[]) => panels.map(({ key }) => key).join('')

describe('arranging panels', () => {
  it('puts a panel where it is dropped', () => {
    expect(order(placed(three, 'a', 2))).toBe('bca')
    expect(order(placed(three, 'c', 0))).toBe('cab')
    expect(order(placed(three, 'b', 9))).toBe('acb')
    expect(order(placed(three, 'x', 0))).toBe('abc')
  })
  it('moves earlier and later, and stops at the ends', () => {
    expect(order(moved(three, 'b', -1))).toBe('bac')
    expect(order(moved(three, 'b', 1))).toBe('acb')
    expect(order(moved(three, 'a', -1))).toBe('abc')
    expect(order(moved(three, 'c', 1))).toBe('abc')
  })
  it('keeps sizes within what there is and leaves the other panels alone', () => {
    expect(resized(three, 'b', { width: 5 })[1]!.width).toBe(4)
    expect(resized(three, 'b', { width: -5, height: -5 })[1]).toMatchObject({ width: 1, height: 1 })
    expect(resized(three, 'b', { height: 5 })[1]!.height).toBe(3)
    expect(resized(three, 'b', { width: 1 })[0]).toBe(three[0])
  })
})

describe('arrow keys', () => {
  const key = (name: string, shiftKey = false) => stepOf({ key: name, shiftKey })
  it('move, and with Shift size', () => {
    expect(key('ArrowRight')).toEqual({ act: 'move', by: 1 })
    expect(key('ArrowUp')).toEqual({ act: 'move', by: -1 })
    expect(key('ArrowRight', true)).toEqual({ act: 'width', by: 1 })
    expect(key('ArrowUp', true)).toEqual({ act: 'height', by: -1 })
    expect(key('Enter')).toBeNull()
  })
  it('say whether they changed anything', () => {
    expect(stepped(three, 'a', { act: 'move', by: -1 }).changed).toBe(false)
    expect(order(stepped(three, 'a', { act: 'move', by: 1 }).panels)).toBe('bac')
    expect(stepped([panel('a', 4)], 'a', { act: 'width', by: 1 }).changed).toBe(false)
  })
})
