import type { RouteRecordRaw } from 'vue-router'
import { accountRoutes } from '@/features/account/routes'

/** Pages of the sponsor, under /sponsor. Paths are relative; `meta.title` is a message key. */
export const sponsorRoutes: RouteRecordRaw[] = [
  { path: '', name: 'sponsor-home', component: () => import('./pages/HomePage.vue'), meta: { title: 'shell.nav.home' } },
  { path: 'campaigns', name: 'sponsor-campaigns', component: () => import('@/features/campaigns/pages/CampaignsPage.vue'), meta: { title: 'campaigns.title' } },
  { path: 'campaigns/new', name: 'sponsor-campaign-new', component: () => import('@/features/campaigns/pages/CampaignWizardPage.vue'), meta: { title: 'campaigns.new', task: true } },
  { path: 'campaigns/:id/edit', name: 'sponsor-campaign-edit', component: () => import('@/features/campaigns/pages/CampaignWizardPage.vue'), meta: { title: 'campaigns.wizard.edit', task: true } },
  {
    path: 'campaigns/:id',
    component: () => import('@/features/campaigns/pages/CampaignPage.vue'),
    children: [
      { path: '', name: 'sponsor-campaign', component: () => import('@/features/campaigns/pages/CampaignOverviewPage.vue'), meta: { title: 'campaigns.campaign' } },
      { path: 'applicants', name: 'sponsor-campaign-applicants', component: () => import('@/features/campaigns/pages/CampaignApplicantsPage.vue'), meta: { title: 'campaigns.tabs.applicants' } },
      { path: 'ad-requests', name: 'sponsor-campaign-ad-requests', component: () => import('@/features/campaigns/pages/CampaignAdRequestsPage.vue'), meta: { title: 'campaigns.tabs.ad_requests' } },
      { path: 'tracking', name: 'sponsor-campaign-tracking', component: () => import('@/features/links/pages/CampaignTrackingPage.vue'), meta: { title: 'campaigns.tabs.tracking' } },
      { path: 'report', name: 'sponsor-campaign-report', component: () => import('@/features/report/pages/CampaignReportPage.vue'), meta: { title: 'report.title' } },
      { path: 'dashboards', name: 'sponsor-campaign-dashboards', component: () => import('@/features/dashboards/pages/DashboardsPage.vue'), meta: { title: 'dashboards.title' } },
      { path: 'settings', name: 'sponsor-campaign-settings', component: () => import('@/features/campaigns/pages/CampaignSettingsPage.vue'), meta: { title: 'campaigns.tabs.settings' } },
    ],
  },
  { path: 'discovery', name: 'sponsor-discovery', component: () => import('@/features/influencers/pages/DiscoveryPage.vue'), meta: { title: 'shell.nav.discovery' } },
  { path: 'influencers/:slug', name: 'sponsor-influencer', component: () => import('@/features/influencers/pages/InfluencerPage.vue'), meta: { title: 'influencers.columns.name' } },
  { path: 'ad-requests', name: 'sponsor-ad-requests', component: () => import('@/features/ad-requests/pages/AdRequestsPage.vue'), meta: { title: 'ad_requests.title' } },
  { path: 'ad-requests/:id', name: 'sponsor-ad-request', component: () => import('@/features/ad-requests/pages/AdRequestPage.vue'), meta: { title: 'ad_requests.title', task: true } },
  { path: 'messages/:id?', name: 'sponsor-messages', component: () => import('@/features/messages/pages/MessagesPage.vue'), meta: { title: 'messages.title' } },
  { path: 'brands', name: 'sponsor-brands', component: () => import('@/features/brands/pages/BrandsPage.vue'), meta: { title: 'brands.title' } },
  { path: 'brands/:id', name: 'sponsor-brand', component: () => import('@/features/brands/pages/BrandPage.vue'), meta: { title: 'brands.brand' } },
  { path: 'results', name: 'sponsor-results', component: () => import('@/features/results/pages/ResultsPage.vue'), meta: { title: 'results.title' } },
  { path: 'links', name: 'sponsor-links', component: () => import('@/features/links/pages/SponsorLinksPage.vue'), meta: { title: 'links.title' } },
  { path: 'links/:id', name: 'sponsor-link', component: () => import('@/features/links/pages/LinkPage.vue'), props: { role: 'sponsor' }, meta: { title: 'links.title' } },
  { path: 'orders', name: 'sponsor-orders', component: () => import('@/features/orders/pages/OrdersPage.vue'), meta: { title: 'orders.title' } },
  { path: 'orders/:id', name: 'sponsor-order', component: () => import('@/features/orders/pages/OrderPage.vue'), meta: { title: 'orders.title' } },
  { path: 'dashboards', name: 'sponsor-dashboards', component: () => import('@/features/dashboards/pages/DashboardsPage.vue'), meta: { title: 'dashboards.title' } },
  { path: 'dashboards/new', name: 'sponsor-dashboard-new', component: () => import('@/features/dashboards/pages/DashboardEditPage.vue'), meta: { title: 'dashboards.new', task: true } },
  { path: 'dashboards/:id', name: 'sponsor-dashboard', component: () => import('@/features/dashboards/pages/DashboardPage.vue'), meta: { title: 'dashboards.dashboard' } },
  { path: 'dashboards/:id/edit', name: 'sponsor-dashboard-edit', component: () => import('@/features/dashboards/pages/DashboardEditPage.vue'), meta: { title: 'dashboards.edit_title', task: true } },
  { path: 'wallet', name: 'sponsor-wallet', component: () => import('@/features/wallet/pages/WalletPage.vue'), meta: { title: 'wallet.title' } },
  { path: 'wallet/statement', name: 'sponsor-statement', component: () => import('@/features/statements/pages/StatementPage.vue'), props: { role: 'sponsor' }, meta: { title: 'statements.title' } },
  { path: 'wallet/invoices', name: 'sponsor-invoices', component: () => import('@/features/invoices/pages/InvoicesPage.vue'), props: { role: 'sponsor' }, meta: { title: 'invoices.title' } },
  { path: 'wallet/invoices/:id', name: 'sponsor-invoice', component: () => import('@/features/invoices/pages/InvoicePage.vue'), props: { role: 'sponsor' }, meta: { title: 'invoices.invoice' } },
  ...accountRoutes('sponsor'),
]
