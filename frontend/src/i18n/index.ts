import { createI18n } from 'vue-i18n'

type Messages = Record<string, Record<string, unknown>>

/** One chunk a language: its folder's index gathers every namespace file in it. */
const loaders = import.meta.glob<{ default: Messages }>('../locales/*/index.ts')
const folder = (locale: string) => `../locales/${locale}/index.ts`

export const locales = Object.keys(loaders).map((path) => path.split('/')[2]!)

/** Numbers and dates follow a region; plain "en" would write dates the American way. */
const regions: Record<string, string> = { en: 'en-GB', vi: 'vi-VN' }
export const regionOf = (locale: string) => regions[locale] ?? locale

export const i18n = createI18n({
  legacy: false,
  locale: 'en',
  fallbackLocale: 'en',
  messages: {},
  missingWarn: import.meta.env.DEV,
  fallbackWarn: false,
})

export async function setLocale(locale: string): Promise<void> {
  const wanted = locales.includes(locale) ? locale : 'en'
  for (const one of new Set(['en', wanted])) {
    if (i18n.global.availableLocales.includes(one)) continue
    const loaded = await loaders[folder(one)]!()
    i18n.global.setLocaleMessage(one, loaded.default as never)
  }
  i18n.global.locale.value = wanted as never
  document.documentElement.lang = wanted
}

export function preferredLocale(): string {
  return navigator.languages.map((tag) => tag.split('-')[0]!).find((tag) => locales.includes(tag)) ?? 'en'
}

/** A language's own name: "Tiếng Việt". */
export function localeName(locale: string): string {
  const name = new Intl.DisplayNames([locale], { type: 'language' }).of(locale) ?? locale
  return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1)
}
