import type { PayoutDetailsInput } from '@/api/generated'

export interface PayoutForm {
  method: PayoutDetailsInput['method']
  name: string
  country: string
  /** Where there are no IBANs: an account number with the code of its bank. */
  plain: boolean
  iban: string
  bic: string
  account: string
  bank_code: string
  outcome: string
}

/** What is left empty, by field. The server checks digits and lengths. */
export function missingIn(form: PayoutForm): string[] {
  if (form.method === 'stripe') return form.country ? [] : ['country']
  if (form.method === 'sandbox') return []
  const needed = form.plain ? (['name', 'country', 'account', 'bank_code'] as const) : (['name', 'country', 'iban'] as const)
  return needed.filter((name) => !form[name].trim())
}

/** Only the fields that the method takes. */
export function bodyOf(form: PayoutForm): PayoutDetailsInput {
  if (form.method !== 'bank') return form.method === 'sandbox' ? { method: 'sandbox', account: form.outcome } : { method: 'stripe' }
  const bic = form.bic.trim() ? { bic: form.bic.trim() } : {}
  const number = form.plain ? { account: form.account.trim(), bank_code: form.bank_code.trim() } : { iban: form.iban.trim() }
  return { method: 'bank', name: form.name.trim(), country: form.country, ...number, ...bic }
}
