import { expect, it } from 'vitest'
import { snippetsOf } from './snippet'

it('names the script of this platform and the sponsor whose shop it is', () => {
  const { everyPage, thanksPage } = snippetsOf('https://accord.example/api/v1/public/orders/spn_01abc/script')
  expect(everyPage).toBe('<script async src="https://accord.example/api/v1/public/orders.js"></script>')
  expect(thanksPage).toContain('data-sponsor="spn_01abc"')
  for (const name of ['order', 'total', 'currency', 'coupon']) expect(thanksPage).toContain(` data-${name}="`)
})
