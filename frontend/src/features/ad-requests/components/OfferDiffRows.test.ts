import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import type { OfferDiff } from '../types'
import OfferDiffRows from './OfferDiffRows.vue'

// As the API answers GET …/offers/diff.
const diff: OfferDiff = {
  currency: 'EUR', from_number: 1, to_number: 3, unchanged: ['usage_rights', 'exclusivity', 'message'],
  changes: [
    { field: 'fee', of: null, old: 140000, new: 157500, change: 17500 },
    { field: 'commission_rate', of: null, old: 8, new: 6.5, change: -1.5 },
    { field: 'commission_cap', of: null, old: 35000, new: null, change: null },
    { field: 'deliverable', of: 'Post', old: 'Post', new: null, change: null },
    { field: 'deliverable', of: 'Carousel', old: null, new: 'Carousel', change: null },
    { field: 'share', of: 'Reel', old: 33, new: 36, change: 3 },
    { field: 'due_on', of: 'Reel', old: '2026-11-20', new: '2026-12-04', change: 14 },
    { field: 'message', of: null, old: 'Would you?', new: 'We meet you half-way.', change: null },
  ],
}

const plain = (text: string | undefined) => (text ?? '').replaceAll('\u00a0', ' ').replace(/^(before|after):\s*/, '').trim()

it('names each change with old, new and by how much; the message stands with its offer', () => {
  const rows = mount(OfferDiffRows, { props: { diff } }).findAll('dl > div').map((row) => [
    plain(row.get('dt').text()),
    ...(row.find('del').exists() || row.find('ins').exists() ? [plain(row.find('del').exists() ? row.get('del').text() : ''), plain(row.find('ins').exists() ? row.get('ins').text() : '')] : []),
    plain(row.findAll('dd').at(-1)?.text()),
  ])
  expect(rows).toEqual([
    ['Fee', '€1,400.00', '€1,575.00', '+ €175.00'],
    ['Commission rate', '8 %', '6.5 %', '− 1.5 pts'],
    ['Commission cap', '€350.00', '', ''],
    ['Deliverable', 'Post', '', ''],
    ['Deliverable', '', 'Carousel', ''],
    ['Reel: Share', '33 %', '36 %', '+ 3 pts'],
    ['Reel: Draft due', '20 Nov 2026', '4 Dec 2026', '+ 14 d'],
    ['Unchanged', 'Usage rights · Exclusivity'],
  ])
})
