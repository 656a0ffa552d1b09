import type { RouteRecordRaw } from 'vue-router'

/** Pages of the sponsor, under /sponsor. Paths are relative; `meta.title` is a message key. */
export const sponsorRoutes: RouteRecordRaw[] = [
  { path: '', name: 'sponsor-home', component: () => import('./pages/HomePage.vue'), meta: { title: 'shell.nav.home' } },
]
