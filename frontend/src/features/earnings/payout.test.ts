import { describe, expect, it } from 'vitest'
import { bodyOf, missingIn, type PayoutForm } from './payout'

const form: PayoutForm = { method: 'bank', name: ' Mia Kern ', country: 'DE', plain: false, iban: 'DE89 3704', bic: '', account: '12345', bank_code: '', outcome: 'pays' }

describe('payout details', () => {
  it('send the IBAN alone where there is one', () => expect(bodyOf(form)).toEqual({ method: 'bank', name: 'Mia Kern', country: 'DE', iban: 'DE89 3704' }))
  it('need the code of the bank with an account number', () => expect(missingIn({ ...form, plain: true })).toEqual(['bank_code']))
  it('need no more than a country for Stripe', () => expect(missingIn({ ...form, method: 'stripe', name: '', iban: '' })).toEqual([]))
  it('name the outcome to play', () => expect(bodyOf({ ...form, method: 'sandbox' })).toEqual({ method: 'sandbox', account: 'pays' }))
})
