import { onScopeDispose, ref, type Ref } from 'vue'

/** Where a different structure, not only a different style, is needed. */
export function useMediaQuery(query: string): Ref<boolean> {
  const media = window.matchMedia(query)
  const matches = ref(media.matches)
  const update = () => { matches.value = media.matches }
  media.addEventListener('change', update)
  onScopeDispose(() => media.removeEventListener('change', update))
  return matches
}

export const usePhone = () => useMediaQuery('(max-width: 767px)')
