import type { Option } from '@/ui/options'

export const niches = ['outdoor', 'fashion', 'beauty', 'food', 'travel', 'fitness', 'technology', 'gaming', 'music', 'family', 'home', 'finance', 'education', 'art', 'cars', 'pets'] as const
export const platforms = ['instagram', 'youtube', 'tiktok', 'facebook', 'x', 'reddit', 'mastodon', 'bluesky', 'blog'] as const

const regionCodes = (
  'AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN CO CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FR GA GB ' +
  'GD GE GH GM GN GQ GR GT GW GY HK HN HR HT HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KI KM KN KP KR KW KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MR MT MU MV MW MX ' +
  'MY MZ NA NE NG NI NL NO NP NR NZ OM PA PE PG PH PK PL PS PT PW PY QA RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VN VU WS YE ZA ZM ZW'
).split(' ')
const languageCodes = 'ar bg bn cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv ms nb nl pl pt ro ru sk sl sr sv sw ta th tl tr uk ur vi zh'.split(' ')
/** Profiles write it so. */
const plainNames: Record<string, string> = { TR: 'Turkey', HK: 'Hong Kong', PS: 'Palestine', MM: 'Myanmar' }

const byLabel = (a: Option, b: Option) => a.label.localeCompare(b.label)

/** Countries are kept by their English name, as profiles keep them; the reader sees their own word. */
export function countryOptions(region: string): Option[] {
  const english = new Intl.DisplayNames(['en'], { type: 'region' })
  const own = new Intl.DisplayNames([region], { type: 'region' })
  return regionCodes.map((code) => ({ value: plainNames[code] ?? english.of(code) ?? code, label: own.of(code) ?? code })).sort(byLabel)
}
/** The same by ISO code, for payouts and addresses. */
export function countryCodeOptions(region: string): Option[] {
  const own = new Intl.DisplayNames([region], { type: 'region' })
  return regionCodes.map((code) => ({ value: code, label: own.of(code) ?? code })).sort(byLabel)
}
export function languageOptions(region: string): Option[] {
  const own = new Intl.DisplayNames([region], { type: 'language' })
  return languageCodes.map((code) => ({ value: code, label: own.of(code) ?? code })).sort(byLabel)
}
/** The usual ones first. */
export function currencyOptions(region: string): Option[] {
  const usual = ['EUR', 'USD', 'GBP', 'VND', 'JPY', 'INR', 'CHF', 'SEK', 'PLN', 'BRL']
  const own = new Intl.DisplayNames([region], { type: 'currency' })
  const all = [...usual, ...Intl.supportedValuesOf('currency').filter((code) => !usual.includes(code))]
  return all.map((code) => ({ value: code, label: `${code} · ${own.of(code) ?? code}` }))
}
export const timeZoneOptions = (): Option[] => [...new Set(['UTC', Intl.DateTimeFormat().resolvedOptions().timeZone, ...Intl.supportedValuesOf('timeZone')])].map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }))
