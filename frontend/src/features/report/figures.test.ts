import { expect, it } from 'vitest'
import type { PostFiguresRead } from '@/api/generated'
import { bodyOf, emptyFigures, missingOf } from './figures'

const stated = { views: null, reactions: 12, comments: 4, shares: 0, positive: 1, negative: 1, neutral: 1, not_concerned: 1 } as PostFiguresRead

it('needs the three interactions, and the sentiments only where comments were labelled', () => {
  expect(missingOf(emptyFigures(), false)).toEqual(['reactions', 'comments', 'shares'])
  expect(missingOf(emptyFigures(), true)).toHaveLength(7)
  expect(missingOf(emptyFigures(stated), true)).toEqual([])
})

it('sends no sentiment that nobody labelled, and an unknown number of views as unknown', () => {
  const body = bodyOf(emptyFigures(stated), { labelled: false, note: ' why ', screenshot: null })
  expect(body).toEqual({ views: null, reactions: 12, comments: 4, shares: 0, note: 'why', screenshot_file_id: null })
  expect(bodyOf(emptyFigures(stated), { labelled: true, note: '', screenshot: 'fil_1' })).toMatchObject({ positive: 1, not_concerned: 1, screenshot_file_id: 'fil_1' })
})
