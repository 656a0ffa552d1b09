import { onScopeDispose, shallowRef, watchEffect } from 'vue'
import type { RouteLocationRaw } from 'vue-router'

export interface Crumb {
  label: string
  to?: RouteLocationRaw
}
export const crumbs = shallowRef<Crumb[] | null>(null)

/** A page's own trail, for what only its data knows: `useBreadcrumb(() => [{ label: t('…'), to: '/sponsor/campaigns' }, { label: campaign.title }])`. */
export function useBreadcrumb(trail: () => Crumb[]) {
  const stop = watchEffect(() => { crumbs.value = trail() })
  onScopeDispose(() => { stop(); crumbs.value = null })
}
