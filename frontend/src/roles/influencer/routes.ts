import type { RouteRecordRaw } from 'vue-router'

/** Pages of the influencer, under /influencer. Paths are relative; `meta.title` is a message key. */
export const influencerRoutes: RouteRecordRaw[] = [
  { path: '', name: 'influencer-home', component: () => import('./pages/HomePage.vue'), meta: { title: 'shell.nav.home' } },
  { path: 'ad-requests', name: 'influencer-ad-requests', component: () => import('@/features/ad-requests/pages/AdRequestsPage.vue'), meta: { title: 'ad_requests.title' } },
  { path: 'ad-requests/:id', name: 'influencer-ad-request', component: () => import('@/features/ad-requests/pages/AdRequestPage.vue'), meta: { title: 'ad_requests.title', task: true } },
]
