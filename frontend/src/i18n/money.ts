import type { Money } from '@/api/types'
import minorUnits from './minor-units.json'

/** Digits after the point, by currency: EUR 2, VND 0, KWD 3. ISO 4217 as the server has it: browsers differ in rare ones. */
export function currencyExponent(currency: string): number {
  return (minorUnits as Record<string, number>)[currency] ?? 2
}

/** The typographic minus, everywhere. */
export function withMinus(text: string): string {
  return text.replaceAll('-', '−')
}

export interface MoneyFormat {
  /** Without the symbol, for a column whose head names the currency. */
  bare?: boolean
  /** "+" before gains. */
  signed?: boolean
}

export function formatMoney({ amount, currency }: Money, locale: string, { bare, signed }: MoneyFormat = {}): string {
  const digits = currencyExponent(currency)
  const options: Intl.NumberFormatOptions = {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    signDisplay: signed ? 'exceptZero' : 'auto',
  }
  if (!bare) Object.assign(options, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' })
  return withMinus(new Intl.NumberFormat(locale, options).format(amount / 10 ** digits))
}

export function currencySymbol(currency: string, locale: string): string {
  const parts = new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }).formatToParts(0)
  return parts.find((part) => part.type === 'currency')?.value ?? currency
}

export function separators(locale: string): { group: string; decimal: string } {
  const parts = new Intl.NumberFormat(locale, { useGrouping: true }).formatToParts(1234567.8)
  return {
    group: parts.find((part) => part.type === 'group')?.value ?? ',',
    decimal: parts.find((part) => part.type === 'decimal')?.value ?? '.',
  }
}

/**
 * A typed amount as plain digits with "." for the point, or null if it is no number. Takes the locale's separators;
 * a lone separator that cannot be grouping ("1,5" in English, "1.5" in Vietnamese) is read as the point.
 */
export function plainNumber(text: string, locale: string): string | null {
  const { group, decimal } = separators(locale)
  let plain = text.trim().replace(/[\s\u00a0\u202f'’]/g, '').replace('−', '-')
  if (plain === '') return null
  const other = decimal === ',' ? '.' : ','
  const loneOther = plain.split(other).length === 2 && !plain.includes(decimal)
  const looksGrouped = new RegExp(`^-?\\d{1,3}\\${other}\\d{3}$`).test(plain)
  if (loneOther && !looksGrouped) plain = plain.replace(other, decimal)
  plain = plain.replaceAll(other, '').replaceAll(group, '').replace(decimal, '.')
  return /^-?(\d+\.?\d*|\.\d+)$/.test(plain) ? plain : null
}

/** Minor units of a typed amount, exact (no floating point on the way); null if unreadable or finer than the currency. */
export function parseMoney(text: string, currency: string, locale: string): number | null {
  const plain = plainNumber(text, locale)
  if (plain === null) return null
  const digits = currencyExponent(currency)
  const negative = plain.startsWith('-')
  const [whole = '0', fraction = ''] = plain.replace('-', '').split('.')
  if (fraction.replace(/0+$/, '').length > digits) return null
  const minor = Number((whole || '0') + fraction.slice(0, digits).padEnd(digits, '0'))
  if (!Number.isSafeInteger(minor)) return null
  return negative && minor !== 0 ? -minor : minor
}
