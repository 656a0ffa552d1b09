import { expect, it } from 'vitest'
import { csvCell, toCsv } from './download'

it('escapes quotes, separators and line ends', () => {
  expect(toCsv(['a', 'b'], [['x,"y"', 1], [null, -2]])).toBe('a,b\r\n"x,""y""",1\r\n,-2')
})

it.each(['=1+1', '+1', '-1', '@x', '\tx'])('never lets a spreadsheet run %j', (text) => {
  expect(csvCell(text).replaceAll('"', '')).toMatch(/^'/)
})
