import { describe, expect, it } from 'vitest'
import { i18n, setLocale } from '@/i18n'

const sources = import.meta.glob<string>('../src/**/*.{vue,ts}', { eager: true, query: '?raw', import: 'default' })
const files = import.meta.glob<Record<string, unknown>>('../src/locales/*/*.json', { eager: true, import: 'default' })

function flatten(value: unknown, path: string): [string, unknown][] {
  if (value && typeof value === 'object' && !Array.isArray(value)) return Object.entries(value).flatMap(([key, inner]) => flatten(inner, path ? `${path}.${key}` : key))
  return [[path, value]]
}
function messagesOf(locale: string) {
  return new Map(Object.entries(files).filter(([path]) => path.includes(`/locales/${locale}/`)).flatMap(([path, content]) => flatten(content, path.split('/').pop()!.replace('.json', ''))))
}
const locales = [...new Set(Object.keys(files).map((path) => path.split('/').at(-2)!))]
const english = messagesOf('en')
const exists = (key: string) => english.has(key) || [...english.keys()].some((one) => one.startsWith(`${key}.`))
const namespaces = new Set([...english.keys()].map((key) => key.split('.')[0]!))

/** Keys written out, in t('…') or anywhere as 'namespace.word' (navigation, schemas, route titles); "…" in a template is an expression. */
function keysIn(source: string): string[] {
  const called = [...source.matchAll(/\b(?:t|te|tm)\(\s*(['"`])([\w-]+(?:\.[\w-]+)+)\1/g)].map((found) => found[2]!)
  const quoted = [...source.matchAll(/'([a-z_]+(?:\.[a-z_0-9]+)+)'/g)].map((found) => found[1]!).filter((key) => namespaces.has(key.split('.')[0]!))
  return [...called, ...quoted]
}
/** t(`states.${kind}.x`): what stands before the first gap must lead somewhere. */
const stemsIn = (source: string) => [...source.matchAll(/\bt\(\s*`([\w.-]+?)\.?\$\{/g)].map((found) => found[1]!)

describe('messages', () => {
  it('exist for every key in use', () => {
    const missing: string[] = []
    for (const [path, source] of Object.entries(sources)) {
      if (path.endsWith('.test.ts')) continue
      for (const key of keysIn(source)) if (!exists(key)) missing.push(`${path}: ${key}`)
      for (const stem of stemsIn(source)) if (![...english.keys()].some((key) => key.startsWith(stem))) missing.push(`${path}: ${stem}…`)
    }
    expect(missing).toEqual([])
  })

  it.each(locales.filter((one) => one !== 'en'))('are complete in %s', (locale) => {
    const own = messagesOf(locale)
    const filled = (key: string) => own.has(key) && own.get(key) !== ''
    expect([...english.keys()].filter((key) => !filled(key))).toEqual([])
    expect([...own.keys()].filter((key) => !english.has(key))).toEqual([])
  })

  it.each(locales)('name the same placeholders in %s', (locale) => {
    const holes = (text: unknown) => [...new Set([...String(text).matchAll(/\{(\w+)\}/g)].map((found) => found[1]))].sort().join()
    const own = messagesOf(locale)
    expect([...english].filter(([key, text]) => typeof text === 'string' && own.has(key) && holes(text) !== holes(own.get(key))).map(([key]) => key)).toEqual([])
  })

  it.each(locales)('can be read by the formatter in %s (write {\'@\'} for @, {\'|\'} for |)', async (locale) => {
    await setLocale(locale)
    const broken = [...messagesOf(locale)].filter(([key, text]) => {
      if (typeof text !== 'string') return false
      try { i18n.global.t(key, { n: 1 }, 1); return false } catch { return true }
    })
    await setLocale('en')
    expect(broken.map(([key]) => key)).toEqual([])
  })

  it('have no empty text and no exclamation', () => {
    expect([...english].filter(([, text]) => text === '' || /!$/.test(String(text))).map(([key]) => key)).toEqual([])
  })
})
