import type { RouteRecordRaw } from 'vue-router'

/** Pages of the influencer, under /influencer. Paths are relative; `meta.title` is a message key. */
export const influencerRoutes: RouteRecordRaw[] = [
  { path: '', name: 'influencer-home', component: () => import('./pages/HomePage.vue'), meta: { title: 'shell.nav.home' } },
]
