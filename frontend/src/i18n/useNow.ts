import { onScopeDispose, ref, type Ref } from 'vue'

const now = ref(new Date())
let users = 0
let timer: ReturnType<typeof setInterval> | undefined

/** One clock for the page: every relative time moves together, twice a minute. */
export function useNow(): Ref<Date> {
  if (users++ === 0) {
    now.value = new Date()
    timer = setInterval(() => { now.value = new Date() }, 30_000)
  }
  onScopeDispose(() => { if (--users === 0) clearInterval(timer) })
  return now
}
