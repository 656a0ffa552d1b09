import { describe, expect, it } from 'vitest'
import { endOf, startOf } from './days'
import { factsOf, subjectLink } from './entry'

describe('an audit entry', () => {
  it('leads to the page of its subject where there is one', () => {
    expect([subjectLink({ subject_type: 'user', subject_id: 'usr_1' }), subjectLink({ subject_type: 'job', subject_id: 'job_1' }), subjectLink({ subject_type: 'setting', subject_id: 'x' })]).toEqual(['/admin/users/usr_1', '/admin/jobs', undefined])
  })
  it('shows facts of any shape', () => {
    expect(factsOf({ role: 'sponsor', before: 7, both: [1] })).toEqual([{ name: 'role', value: 'sponsor' }, { name: 'before', value: '7' }, { name: 'both', value: '[1]' }])
  })
  it('takes whole days of the reader', () => {
    expect(Date.parse(endOf('2026-11-22')!) - Date.parse(startOf('2026-11-22')!)).toBe(86_400_000)
    expect([startOf('22 Nov'), endOf('')]).toEqual([undefined, undefined])
  })
})
