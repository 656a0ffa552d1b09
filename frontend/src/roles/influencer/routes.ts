import type { RouteRecordRaw } from 'vue-router'
import { accountRoutes } from '@/features/account/routes'

/** Pages of the influencer, under /influencer. Paths are relative; `meta.title` is a message key. */
export const influencerRoutes: RouteRecordRaw[] = [
  { path: '', name: 'influencer-home', component: () => import('./pages/HomePage.vue'), meta: { title: 'shell.nav.home' } },
  { path: 'opportunities', name: 'influencer-opportunities', component: () => import('@/features/opportunities/pages/OpportunitiesPage.vue'), meta: { title: 'opportunities.title' } },
  { path: 'opportunities/:id', name: 'influencer-opportunity', component: () => import('@/features/opportunities/pages/OpportunityPage.vue'), meta: { title: 'directory.campaign' } },
  { path: 'campaigns/:id/report', name: 'influencer-campaign-report', component: () => import('@/features/report/pages/OwnReportPage.vue'), props: { role: 'influencer' }, meta: { title: 'report.title' } },
  { path: 'ad-requests', name: 'influencer-ad-requests', component: () => import('@/features/ad-requests/pages/AdRequestsPage.vue'), meta: { title: 'ad_requests.title' } },
  { path: 'ad-requests/:id', name: 'influencer-ad-request', component: () => import('@/features/ad-requests/pages/AdRequestPage.vue'), meta: { title: 'ad_requests.title', task: true } },
  { path: 'calendar', name: 'influencer-calendar', component: () => import('@/features/ad-requests/pages/CalendarPage.vue'), meta: { title: 'calendar.title' } },
  { path: 'messages/:id?', name: 'influencer-messages', component: () => import('@/features/messages/pages/MessagesPage.vue'), meta: { title: 'messages.title' } },
  { path: 'links', name: 'influencer-links', component: () => import('@/features/links/pages/LinksPage.vue'), meta: { title: 'links.mine' } },
  { path: 'links/orders', name: 'influencer-orders', component: () => import('@/features/orders/pages/OwnOrdersPage.vue'), meta: { title: 'orders.title' } },
  { path: 'links/orders/:id', name: 'influencer-order', component: () => import('@/features/orders/pages/OwnOrderPage.vue'), meta: { title: 'orders.title' } },
  { path: 'links/:id', name: 'influencer-link', component: () => import('@/features/links/pages/LinkPage.vue'), props: { role: 'influencer' }, meta: { title: 'links.title' } },
  { path: 'earnings', name: 'influencer-earnings', component: () => import('@/features/earnings/pages/EarningsPage.vue'), meta: { title: 'earnings.title' } },
  { path: 'earnings/statement', name: 'influencer-statement', component: () => import('@/features/statements/pages/StatementPage.vue'), props: { role: 'influencer' }, meta: { title: 'statements.title' } },
  { path: 'earnings/invoices', name: 'influencer-invoices', component: () => import('@/features/invoices/pages/InvoicesPage.vue'), props: { role: 'influencer' }, meta: { title: 'invoices.title' } },
  { path: 'earnings/invoices/:id', name: 'influencer-invoice', component: () => import('@/features/invoices/pages/InvoicePage.vue'), props: { role: 'influencer' }, meta: { title: 'invoices.invoice' } },
  { path: 'profile', name: 'influencer-profile', component: () => import('@/features/influencers/pages/ProfileEditorPage.vue'), meta: { title: 'profile_editor.title' } },
  ...accountRoutes('influencer'),
]
