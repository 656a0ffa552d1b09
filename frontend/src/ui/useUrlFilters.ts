import { computed, getCurrentInstance, onScopeDispose, provide } from 'vue'
import { useRoute, useRouter, type LocationQuery, type LocationQueryRaw } from 'vue-router'
import { listAddressKey } from './table/listAddress'

type Value = string | string[] | number | boolean | null
export type FilterDefaults = Record<string, Value>

/** Reads one query parameter in the shape of its default; anything unreadable counts as the default. */
function read(query: LocationQuery, key: string, fallback: Value): Value {
  const raw = query[key]
  if (raw === undefined) return fallback
  const values = (Array.isArray(raw) ? raw : [raw]).filter((one): one is string => one !== null)
  if (Array.isArray(fallback)) return values
  const one = values[0] ?? ''
  if (typeof fallback === 'boolean') return one === 'true'
  if (typeof fallback === 'number') return one !== '' && Number.isFinite(Number(one)) ? Number(one) : fallback
  return one
}

function same(a: Value, b: Value): boolean {
  return Array.isArray(a) && Array.isArray(b) ? a.length === b.length && a.every((one, at) => one === b[at]) : a === b
}

/**
 * A list's filters, sort and view, kept in the address: `const { filters, set } = useUrlFilters({ status: [] as string[], q: '', sort: '-created_at' })`.
 * Only what differs from the defaults is written, so that a plain address stays plain. `momentary` names what no kept view
 * remembers: an open dialog, the month in sight.
 */
export function useUrlFilters<D extends FilterDefaults>(defaults: D, { momentary = [] }: { momentary?: readonly (keyof D & string)[] } = {}) {
  type Filters = { [K in keyof D]: D[K] extends boolean ? boolean : D[K] extends number ? number : D[K] extends string[] ? string[] : D[K] extends string ? string : D[K] | string }
  const route = useRoute()
  const router = useRouter()
  const filters = computed(
    () => Object.fromEntries(Object.entries(defaults).map(([key, fallback]) => [key, read(route.query, key, fallback)])) as Filters,
  )
  let pending: Partial<Filters> = {}
  // Somebody who already leaves for another page is not called back by a filter that was still being typed.
  let leaving = false
  const stops = [router.beforeEach((to) => { leaving = to.path !== route.path }), router.afterEach(() => { leaving = false })]
  onScopeDispose(() => { leaving = true; stops.forEach((stop) => stop()) })

  /** Changes made in the same moment are written together. */
  function set(change: Partial<Filters>) {
    const first = Object.keys(pending).length === 0
    pending = { ...pending, ...change }
    if (first) queueMicrotask(flush)
  }
  function flush() {
    if (leaving) return void (pending = {})
    const next: LocationQueryRaw = { ...route.query }
    for (const [key, value] of Object.entries(pending) as [string, Value][]) {
      if (value === null || same(value, defaults[key] ?? null)) delete next[key]
      else next[key] = Array.isArray(value) ? value : String(value)
    }
    pending = {}
    void router.replace({ query: next, hash: route.hash })
  }
  const clear = (keep: (keyof D)[] = ['sort', 'view']) =>
    set(Object.fromEntries(Object.entries(defaults).filter(([key]) => !keep.includes(key))) as Partial<Filters>)
  /** For v-model on one filter: `const q = field('q')`. */
  const field = <K extends keyof D & string>(key: K) =>
    computed<Filters[K]>({ get: () => filters.value[key], set: (value) => set({ [key]: value } as unknown as Partial<Filters>) })
  const active = computed(() => Object.keys(defaults).filter((key) => !['sort', 'view'].includes(key) && !same(filters.value[key] as Value, defaults[key]!)))
  /** The same, without empty ones: for the request. */
  const params = computed(
    () => Object.fromEntries(Object.entries(filters.value).filter(([key, value]) => key !== 'view' && value !== '' && value !== null && !(Array.isArray(value) && value.length === 0))) as Record<string, string | string[] | number | boolean>,
  )

  const kept = Object.keys(defaults).filter((key) => !momentary.includes(key))
  const written = (query: LocationQuery) => {
    const search = new URLSearchParams()
    for (const key of kept) {
      const value = read(query, key, defaults[key]!)
      if (value !== null && !same(value, defaults[key]!)) for (const one of Array.isArray(value) ? value : [String(value)]) search.append(key, one)
    }
    return search.toString()
  }
  const parsed = (query: string): LocationQuery => {
    const search = new URLSearchParams(query)
    return Object.fromEntries([...new Set(search.keys())].map((key) => [key, search.getAll(key)]))
  }
  const isBare = () => kept.every((key) => route.query[key] === undefined)
  let opening = isBare()
  if (getCurrentInstance()) {
    provide(listAddressKey, {
      present: computed(() => written(route.query)),
      takeOpening: () => {
        const may = opening && isBare()
        opening = false
        return may
      },
      known: (query) => written(parsed(query)),
      apply: (query) => set(Object.fromEntries(kept.map((key) => [key, read(parsed(query), key, defaults[key]!)])) as Partial<Filters>),
    })
  }
  return { filters, set, clear, field, active, params }
}
