import { describe, expect, it } from 'vitest'
import { mailGroups } from './mails'

const all = ['offer_made', 'application_made', 'submission_made', 'withdrawal_paid', 'deposit_settled', 'account_waiting', 'job_done', 'brand_new_kind']
const kinds = (role: 'sponsor' | 'influencer' | 'admin') => mailGroups(role, all).flatMap((one) => one.kinds)

describe('mail choices', () => {
  it('show each role what can reach it', () => {
    expect(kinds('influencer')).toEqual(['offer_made', 'withdrawal_paid', 'job_done', 'brand_new_kind'])
    expect(kinds('sponsor')).toEqual(['application_made', 'submission_made', 'deposit_settled', 'job_done', 'brand_new_kind'])
    expect(kinds('admin')).toEqual(['account_waiting', 'job_done', 'brand_new_kind'])
  })
  it('leave out what the server does not let one switch, and empty groups', () => {
    expect(mailGroups('influencer', ['offer_made'])).toEqual([{ group: 'agreements', kinds: ['offer_made'] }])
  })
})
