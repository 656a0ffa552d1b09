import { useQueryClient } from '@tanstack/vue-query'
import { onScopeDispose, ref } from 'vue'
import { keys, type Domain } from '@/api/keys'

/** What news of a kind makes stale. */
const TOLD: Record<string, Domain[]> = {
  notification: ['notifications', 'home', 'links', 'ad-requests', 'messages', 'campaigns', 'wallet', 'earnings', 'withdrawals'],
  message: ['messages', 'ad-requests'],
  job: ['jobs'],
  report: ['reports', 'links'],
  order: ['orders', 'reports', 'links'],
}
const FIRST_TRY_MS = 15_000
const LONGEST_WAIT_MS = 300_000

/**
 * Hears what happens on the server while a page is open. The browser comes back by itself after a break; a server that refuses
 * is asked again after ever longer waits, and meanwhile queries poll as they always do.
 */
export function useLive() {
  const client = useQueryClient()
  const live = ref(false)
  let source: EventSource | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let wait = FIRST_TRY_MS
  /** Something may have happened that nobody told: a server that refused, a page out of sight. */
  let missed = false
  const stale = (domains: readonly Domain[]) => { for (const domain of domains) void client.invalidateQueries({ queryKey: keys.all(domain) }) }

  function listen() {
    if (typeof EventSource === 'undefined' || document.hidden) return
    source = new EventSource('/api/v1/account/events')
    source.addEventListener('open', () => {
      live.value = true
      wait = FIRST_TRY_MS
      if (missed) stale([...new Set(Object.values(TOLD).flat())])
      missed = false
    })
    source.addEventListener('error', () => {
      live.value = false
      if (source?.readyState !== EventSource.CLOSED) return
      stop()
      timer = setTimeout(listen, wait)
      wait = Math.min(wait * 2, LONGEST_WAIT_MS)
    })
    for (const [name, domains] of Object.entries(TOLD)) {
      source.addEventListener(name, () => stale(domains))
    }
  }
  function stop() {
    missed = true
    clearTimeout(timer)
    source?.close()
    source = null
    live.value = false
  }
  // A page out of sight gives its place to others.
  function onVisibility() {
    if (document.hidden) stop()
    else if (!source) listen()
  }
  document.addEventListener('visibilitychange', onVisibility)
  // The first paint comes first.
  timer = setTimeout(listen, 1500)
  onScopeDispose(() => {
    document.removeEventListener('visibilitychange', onVisibility)
    stop()
  })
  return { live }
}
