import { onScopeDispose, watchEffect } from 'vue'

function metaTag(name: string): HTMLMetaElement {
  const attribute = name.startsWith('og:') ? 'property' : 'name'
  const found = document.head.querySelector<HTMLMetaElement>(`meta[${attribute}="${name}"]`)
  if (found) return found
  const made = document.createElement('meta')
  made.setAttribute(attribute, name)
  document.head.append(made)
  return made
}

/** Title and description of a page that is shared: what the browser's tab and a preview show. */
export function usePageMeta(page: () => { title: string; description: string; image?: string | null } | null) {
  const names = ['description', 'og:title', 'og:description', 'og:image']
  const before = metaTag('description').content
  watchEffect(() => {
    const now = page()
    if (!now) return
    document.title = `${now.title} · Accord`
    metaTag('description').content = now.description
    metaTag('og:title').content = now.title
    metaTag('og:description').content = now.description
    if (now.image) metaTag('og:image').content = new URL(now.image, location.origin).href
  })
  onScopeDispose(() => {
    for (const name of names.slice(1)) document.head.querySelector(`meta[property="${name}"]`)?.remove()
    metaTag('description').content = before
  })
}
