import type { RouteRecordRaw } from 'vue-router'

/** Pages of the admin, under /admin. Paths are relative; `meta.title` is a message key. */
export const adminRoutes: RouteRecordRaw[] = [
  { path: '', name: 'admin-home', component: () => import('./pages/HomePage.vue'), meta: { title: 'shell.nav.summary' } },
]
