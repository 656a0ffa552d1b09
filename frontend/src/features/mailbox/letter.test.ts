import { expect, it } from 'vitest'
import { piecesOf } from './letter'

it('opens links of this site in the page and others outside', () => {
  expect(piecesOf('Follow http://127.0.0.1:8000/verify-email?token=a.b, or https://example.com/x.', 'http://127.0.0.1:5173')).toEqual([
    { text: 'Follow ' }, { text: 'http://127.0.0.1:8000/verify-email?token=a.b', to: '/verify-email?token=a.b' }, { text: ', or ' }, { text: 'https://example.com/x', href: 'https://example.com/x' }, { text: '.' },
  ])
  expect(piecesOf('No link.', 'http://x')).toEqual([{ text: 'No link.' }])
})
