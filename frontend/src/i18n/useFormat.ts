import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Money } from '@/api/types'
import { regionOf } from './index'
import { formatMoney, withMinus, type MoneyFormat } from './money'
import { ageKind, deadlineTone, overdueSpan, readableSpan, sameDay, type Span } from './time'

type When = Date | string | number
const NBSP = '\u00a0'

/** A date without a time is a calendar day, not midnight in UTC. */
function toDate(when: When): Date {
  if (typeof when === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(when)) return new Date(`${when}T00:00:00`)
  return new Date(when)
}

/** Numbers, money, dates and spans in the reader's locale. Missing is "—", never 0. */
export function useFormat() {
  const { t, locale } = useI18n()
  const region = computed(() => regionOf(locale.value))

  function number(value: number | null | undefined, options: Intl.NumberFormatOptions = {}): string {
    if (value == null || Number.isNaN(value)) return '—'
    return withMinus(new Intl.NumberFormat(region.value, options).format(value))
  }

  function money(value: Money | null | undefined, options?: MoneyFormat): string {
    return value == null ? '—' : formatMoney(value, region.value, options)
  }

  /** A rate between 0 and 1 as "12.34 %"; two decimals unless told. */
  function percent(rate: number | null | undefined, { digits = 2, signed = false } = {}): string {
    if (rate == null) return '—'
    const text = number(rate * 100, {
      minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: signed ? 'exceptZero' : 'auto',
    })
    return `${text}${NBSP}%`
  }

  const compact = (value: number | null | undefined) => number(value, { notation: 'compact', maximumFractionDigits: 1 })

  function date(when: When | null | undefined, options?: Intl.DateTimeFormatOptions): string {
    if (when == null) return '—'
    const at = toDate(when)
    const thisYear = at.getFullYear() === new Date().getFullYear()
    return new Intl.DateTimeFormat(region.value, options ?? {
      day: 'numeric', month: 'short', ...(thisYear ? {} : { year: 'numeric' }),
    }).format(at)
  }

  const fullDate = (when: When | null | undefined) => date(when, { day: 'numeric', month: 'short', year: 'numeric' })
  const time = (when: When) => new Intl.DateTimeFormat(region.value, { hour: '2-digit', minute: '2-digit' }).format(toDate(when))
  const dateTime = (when: When | null | undefined) => (when == null ? '—' : `${date(when)}, ${time(when)}`)
  const exact = (when: When) => new Intl.DateTimeFormat(region.value, { dateStyle: 'full', timeStyle: 'long' }).format(toDate(when))

  function dateRange(from: When, to: When): string {
    return `${date(from)}${NBSP}– ${date(to)}`
  }

  function span({ days, hours, minutes }: Span): string {
    const parts: string[] = []
    if (days) parts.push(t('common.span.days', { n: days }))
    if (hours) parts.push(t('common.span.hours', { n: hours }))
    if (minutes) parts.push(t('common.span.minutes', { n: minutes }))
    return parts.join(' ') || t('common.span.minutes', { n: 1 })
  }

  function deadline(when: When, now: Date): string {
    const at = toDate(when)
    const left = at.getTime() - now.getTime()
    if (deadlineTone(at, now) === 'late') return t('common.deadline.late', { span: span(overdueSpan(-left)) })
    return t('common.deadline.left', { span: span(readableSpan(left)) })
  }

  function ago(when: When, now: Date): string {
    const at = toDate(when)
    const age = now.getTime() - at.getTime()
    switch (ageKind(at, now)) {
      case 'now': return t('common.ago.now')
      case 'minutes': return t('common.ago.span', { span: span(readableSpan(age)) })
      case 'hours': return t('common.ago.span', { span: t('common.span.hours', { n: Math.floor(age / 3_600_000) }) })
      case 'yesterday': return t('common.ago.yesterday', { time: time(at) })
      default: return sameDay(at, now) ? time(at) : dateTime(at)
    }
  }

  const list = (items: string[]) => new Intl.ListFormat(region.value, { type: 'conjunction' }).format(items)
  const languageName = (code: string) => new Intl.DisplayNames([region.value], { type: 'language' }).of(code) ?? code
  const countryName = (code: string) => new Intl.DisplayNames([region.value], { type: 'region' }).of(code) ?? code

  return { region, number, money, percent, compact, date, fullDate, time, dateTime, exact, dateRange, span, deadline, ago, list, languageName, countryName }
}
