import { describe, expect, it } from 'vitest'
import { isInForce, isOwnAppeal, isUndecided, subjectTo } from './subject'

describe('a flag', () => {
  it('leads to its user or campaign, and nowhere when that is gone', () => {
    const subject = { id: 'x', name: '', role: null, status: '', hidden: false, suspended: false, money_on_hold: false }
    expect([subjectTo({ subject: { ...subject, type: 'user' } }), subjectTo({ subject: { ...subject, type: 'campaign' } }), subjectTo({ subject: null })]).toEqual(['/admin/users/x', '/admin/campaigns/x', undefined])
  })
  it('stays in force once upheld, without waiting for anybody', () => {
    expect([isInForce({ status: 'upheld' }), isUndecided({ status: 'upheld' }), isInForce({ status: 'lifted' }), isUndecided({ status: 'appealed' })]).toEqual([true, false, false, true])
  })
  it('is not decided on appeal by who raised it or decided before', () => {
    const appeal = { status: 'appealed' as const, raised_by: 'usr_a', decided_by: 'usr_b' }
    expect(['usr_a', 'usr_b', 'usr_c', undefined].map((id) => isOwnAppeal(appeal, id))).toEqual([true, true, false, false])
    expect(isOwnAppeal({ ...appeal, status: 'open' }, 'usr_a')).toBe(false)
  })
})
