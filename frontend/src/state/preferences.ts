import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import { preferredLocale, setLocale } from '@/i18n'

export type Theme = 'light' | 'dark' | 'system'
export type Density = 'comfortable' | 'compact'
const KEY = 'accord.preferences'

interface Saved {
  theme?: Theme
  locale?: string
  density?: Density
}

function read(): Saved {
  try { return JSON.parse(localStorage.getItem(KEY) ?? '{}') as Saved } catch { return {} }
}

/** How this person wants the page to look, kept on this device; public/theme.js reads the same entry before the first paint. */
export const usePreferences = defineStore('preferences', () => {
  const saved = read()
  const theme = ref<Theme>(saved.theme ?? 'system')
  const locale = ref(saved.locale ?? preferredLocale())
  const density = ref<Density>(saved.density ?? 'comfortable')

  watch([theme, locale, density], () => {
    apply()
    try { localStorage.setItem(KEY, JSON.stringify({ theme: theme.value, locale: locale.value, density: density.value })) } catch { /* storage is full or refused: it lasts for this visit */ }
  })
  function apply() {
    const root = document.documentElement
    if (theme.value === 'system') delete root.dataset.theme
    else root.dataset.theme = theme.value
    if (density.value === 'compact') root.dataset.density = 'compact'
    else delete root.dataset.density
    void setLocale(locale.value)
  }
  return { theme, locale, density, apply }
})
