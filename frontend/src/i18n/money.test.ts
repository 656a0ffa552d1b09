import { describe, expect, it } from 'vitest'
import { currencyExponent, formatMoney, parseMoney, plainNumber } from './money'

const NBSP = '\u00a0'

describe('money', () => {
  it('takes its digits from the currency', () => {
    expect([currencyExponent('EUR'), currencyExponent('VND'), currencyExponent('JPY'), currencyExponent('KWD')]).toEqual([2, 0, 0, 3])
    expect(['HUF', 'IDR', 'COP', 'PKR', 'RSD'].map(currencyExponent)).toEqual([2, 2, 2, 2, 2])
    expect(formatMoney({ amount: 150_000, currency: 'HUF' }, 'en-GB', { bare: true })).toBe('1,500.00')
  })

  it('is written by the reader’s locale', () => {
    expect(formatMoney({ amount: 145_000, currency: 'EUR' }, 'en-GB')).toBe('€1,450.00')
    expect(formatMoney({ amount: 145_000, currency: 'EUR' }, 'vi-VN')).toBe(`1.450,00${NBSP}€`)
    expect(formatMoney({ amount: 1_450_000, currency: 'VND' }, 'vi-VN')).toBe(`1.450.000${NBSP}₫`)
    expect(formatMoney({ amount: 1500, currency: 'JPY' }, 'en-GB')).toBe('¥1,500')
  })

  it('shows a typographic minus, and a plus only when asked', () => {
    expect(formatMoney({ amount: -120_000, currency: 'EUR' }, 'en-GB', { bare: true })).toBe('−1,200.00')
    expect(formatMoney({ amount: 20_000, currency: 'EUR' }, 'en-GB', { signed: true })).toBe('+€200.00')
    expect(formatMoney({ amount: 0, currency: 'EUR' }, 'en-GB', { signed: true })).toBe('€0.00')
  })

  it.each([
    ['1,450.00', 'en-GB', 145_000], ['1450', 'en-GB', 145_000], ['1 450.5', 'en-GB', 145_050], ['.5', 'en-GB', 50], ['1,5', 'en-GB', 150], ['1,450', 'en-GB', 145_000],
    ['1.450,00', 'vi-VN', 145_000], ['1.5', 'vi-VN', 150], ['1.450', 'vi-VN', 145_000], ['12,34', 'de-DE', 1234], ['−3.20', 'en-GB', -320], ['0.10', 'en-GB', 10],
    ['90071992547409.91', 'en-GB', 9_007_199_254_740_991],
  ])('reads %s in %s exactly', (text, locale, minor) => {
    expect(parseMoney(text, 'EUR', locale)).toBe(minor)
  })

  it('refuses what is finer than the currency, unreadable or beyond exact numbers', () => {
    expect(parseMoney('1.005', 'EUR', 'en-GB')).toBeNull()
    expect(parseMoney('10.5', 'VND', 'en-GB')).toBeNull()
    expect(parseMoney('12a', 'EUR', 'en-GB')).toBeNull()
    expect(parseMoney('', 'EUR', 'en-GB')).toBeNull()
    expect(parseMoney('999999999999999999', 'EUR', 'en-GB')).toBeNull()
    expect(parseMoney('1e5', 'EUR', 'en-GB')).toBeNull()
  })

  it('reads dong without a fraction', () => {
    expect(parseMoney('1.450.000', 'VND', 'vi-VN')).toBe(1_450_000)
    expect(parseMoney('1,450,000', 'VND', 'en-GB')).toBe(1_450_000)
  })

  it('survives a round trip for every amount and locale', () => {
    for (const locale of ['en-GB', 'vi-VN', 'de-DE', 'fr-FR', 'de-CH']) {
      for (const currency of ['EUR', 'VND', 'KWD']) {
        for (const amount of [0, 1, 9, 10, 99, 100, 999, 1000, 1001, 99_999, 100_000, 123_456_789, -1, -100_000]) {
          expect(parseMoney(formatMoney({ amount, currency }, locale, { bare: true }), currency, locale), `${amount} ${currency} ${locale}`).toBe(amount)
        }
      }
    }
  })

  it('keeps plain numbers plain', () => {
    expect(plainNumber('12.5', 'en-GB')).toBe('12.5')
    expect(plainNumber('abc', 'en-GB')).toBeNull()
  })
})
