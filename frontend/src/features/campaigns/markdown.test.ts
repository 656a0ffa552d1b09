import { expect, it } from 'vitest'
import { blocks, inline } from './markdown'

it('reads marks, code and links', () => {
  expect(inline('a **b _c_** `d` [e](https://f.example)')).toEqual([
    { kind: 'text', text: 'a ' },
    { kind: 'strong', children: [{ kind: 'text', text: 'b ' }, { kind: 'em', children: [{ kind: 'text', text: 'c' }] }] },
    { kind: 'text', text: ' ' },
    { kind: 'code', text: 'd' },
    { kind: 'text', text: ' ' },
    { kind: 'link', href: 'https://f.example', children: [{ kind: 'text', text: 'e' }] },
  ])
})

it('never makes a link of a script', () => {
  expect(inline('[x](javascript:alert(1))').some((one) => one.kind === 'link')).toBe(false)
  expect(inline('[x](data:text/html,y)').some((one) => one.kind === 'link')).toBe(false)
})

it('leaves names with underscores and lone stars alone', () => {
  expect(inline('snake_case_name 2 * 3')).toEqual([{ kind: 'text', text: 'snake_case_name 2 * 3' }])
})

it('reads headings, lists, quotes and rules', () => {
  expect(blocks('# Head\n\none\ntwo\n- a\n- b\n  more\n\n1. x\n\n> q\n\n---').map((one) => one.kind)).toEqual(['h', 'p', 'list', 'list', 'quote', 'rule'])
  expect(blocks('- a\n- b\n  more')[0]).toMatchObject({ ordered: false, items: [[{ text: 'a' }], [{ text: 'b\nmore' }]] })
})

it('shows raw HTML as text', () => {
  expect(blocks('<img src=x onerror=alert(1)>')).toEqual([{ kind: 'p', children: [{ kind: 'text', text: '<img src=x onerror=alert(1)>' }] }])
})

it('ends with any input', () => {
  expect(() => blocks('**\n``` \n- \n> \n[](x)\n\\')).not.toThrow()
})
