import { onScopeDispose, ref, type Ref } from 'vue'

const names = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c-pos', 'c-neg', 'c-neu', 'c-nc', 'c-prev', 'c-grid', 'text', 'text-2', 'text-3', 'line', 'line-strong', 'bg', 'raised', 'accent', 'accent-bg', 'bad-line', 'wait-line', 'good-line'] as const
export type ChartToken = (typeof names)[number]
export type ChartTokens = Record<ChartToken, string> & { font: string }

/** The chart library cannot read light-dark(): a hidden element's computed colour can. */
function resolve(): ChartTokens {
  const probe = document.createElement('span')
  probe.hidden = true
  document.body.append(probe)
  const out = {} as ChartTokens
  for (const name of names) {
    probe.style.color = `var(--${name})`
    out[name] = getComputedStyle(probe).color
  }
  // Double quotes would end the attribute that the picture writes the font into.
  out.font = getComputedStyle(document.body).fontFamily.replaceAll('"', "'")
  probe.remove()
  return out
}

/** Colours of the theme that shows now; they follow a change of theme or of the system. */
export function useChartTokens(): Ref<ChartTokens> {
  const tokens = ref(resolve())
  const update = () => requestAnimationFrame(() => { tokens.value = resolve() })
  const observer = new MutationObserver(update)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  const media = window.matchMedia('(prefers-color-scheme: dark)')
  media.addEventListener('change', update)
  onScopeDispose(() => { observer.disconnect(); media.removeEventListener('change', update) })
  return tokens
}
