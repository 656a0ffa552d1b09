import type { RouteRecordRaw } from 'vue-router'

/** Pages of the admin, under /admin. Paths are relative; `meta.title` is a message key. */
export const adminRoutes: RouteRecordRaw[] = [
  { path: '', name: 'admin-home', component: () => import('./pages/HomePage.vue'), meta: { title: 'shell.nav.summary' } },
  { path: 'ad-requests', name: 'admin-ad-requests', component: () => import('@/features/ad-requests/pages/AdRequestsPage.vue'), meta: { title: 'ad_requests.title' } },
  { path: 'ad-requests/:id', name: 'admin-ad-request', component: () => import('@/features/ad-requests/pages/AdRequestPage.vue'), meta: { title: 'ad_requests.title', task: true } },
]
