import { describe, expect, it } from 'vitest'
import orders from '../../../../docs/orders.md?raw'
import { examplesOf } from './examples'

describe('the examples', () => {
  const found = examplesOf(orders, 'The webhook')
  it('are those of the documentation, in four languages', () => expect(found.map((one) => one.language)).toEqual(['Shell', 'Python', 'PHP', 'JavaScript']))
  it('are whole programs that read address and secret from the environment', () => {
    for (const { language, code } of found) {
      expect(code, language).toContain('ACCORD_URL')
      expect(code, language).toContain('ACCORD_SECRET')
      expect(code, language).not.toContain('```')
    }
  })
  it('are none of a section that is not there', () => expect(examplesOf(orders, 'Elsewhere')).toEqual([]))
})
