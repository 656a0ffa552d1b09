import type { RouteRecordRaw } from 'vue-router'
import { accountRoutes } from '@/features/account/routes'

/** Pages of the admin, under /admin. Paths are relative; `meta.title` is a message key. */
export const adminRoutes: RouteRecordRaw[] = [
  {
    path: '',
    component: () => import('./AdminFrame.vue'),
    children: [
      { path: '', name: 'admin-home', component: () => import('@/features/admin/pages/SummaryPage.vue'), meta: { title: 'shell.nav.summary' } },
      { path: 'users', name: 'admin-users', component: () => import('@/features/users/pages/UsersPage.vue'), meta: { title: 'users.title' } },
      { path: 'users/:id', name: 'admin-user', component: () => import('@/features/users/pages/UserPage.vue'), meta: { title: 'users.title' } },
      { path: 'approvals', name: 'admin-approvals', component: () => import('@/features/approvals/pages/ApprovalsPage.vue'), meta: { title: 'approvals.title' } },
      { path: 'campaigns', name: 'admin-campaigns', component: () => import('@/features/admin/pages/AdminCampaignsPage.vue'), meta: { title: 'campaigns.title' } },
      { path: 'campaigns/new', name: 'admin-campaign-new', component: () => import('@/features/admin/pages/AdminCampaignWritePage.vue'), meta: { title: 'admin.campaigns.new', task: true } },
      { path: 'campaigns/:id', name: 'admin-campaign', component: () => import('@/features/admin/pages/AdminCampaignPage.vue'), meta: { title: 'campaigns.campaign' } },
      { path: 'campaigns/:id/edit', name: 'admin-campaign-edit', component: () => import('@/features/admin/pages/AdminCampaignWritePage.vue'), meta: { title: 'campaigns.wizard.edit', task: true } },
      { path: 'campaigns/:id/report', name: 'admin-campaign-report', component: () => import('@/features/report/pages/OwnReportPage.vue'), props: { role: 'admin' }, meta: { title: 'report.title' } },
      { path: 'results', name: 'admin-results', component: () => import('@/features/results/pages/AdminResultsPage.vue'), meta: { title: 'results.title' } },
      { path: 'links', name: 'admin-links', component: () => import('@/features/links/pages/AdminLinksPage.vue'), meta: { title: 'links.title' } },
      { path: 'links/:id', name: 'admin-link', component: () => import('@/features/links/pages/LinkPage.vue'), props: { role: 'admin' }, meta: { title: 'links.title' } },
      { path: 'ad-requests', name: 'admin-ad-requests', component: () => import('@/features/ad-requests/pages/AdRequestsPage.vue'), meta: { title: 'ad_requests.title' } },
      { path: 'ad-requests/:id', name: 'admin-ad-request', component: () => import('@/features/ad-requests/pages/AdRequestPage.vue'), meta: { title: 'ad_requests.title', task: true } },
      { path: 'flags', name: 'admin-flags', component: () => import('@/features/flags/pages/FlagsPage.vue'), meta: { title: 'flags.title' } },
      { path: 'flags/:id', name: 'admin-flag', component: () => import('@/features/flags/pages/FlagPage.vue'), meta: { title: 'flags.title' } },
      { path: 'disputes', name: 'admin-disputes', component: () => import('@/features/admin/pages/DisputesPage.vue'), meta: { title: 'admin.disputes.title' } },
      { path: 'ledger', name: 'admin-ledger', component: () => import('@/features/ledger/pages/LedgerPage.vue'), meta: { title: 'ledger.title' } },
      { path: 'ledger/statement', name: 'admin-statement-check', component: () => import('@/features/ledger/pages/StatementCheckPage.vue'), meta: { title: 'ledger.compare.title' } },
      { path: 'gateway-events', name: 'admin-gateway-events', component: () => import('@/features/gateway-events/pages/GatewayEventsPage.vue'), meta: { title: 'gateway_events.title' } },
      { path: 'payouts', name: 'admin-payouts', component: () => import('@/features/payouts/pages/PayoutsPage.vue'), meta: { title: 'payouts.title' } },
      { path: 'payouts/batches', name: 'admin-payout-batches', component: () => import('@/features/payouts/pages/PayoutBatchesPage.vue'), meta: { title: 'payouts.batches.title' } },
      { path: 'payouts/batches/:id', name: 'admin-payout-batch', component: () => import('@/features/payouts/pages/PayoutBatchPage.vue'), meta: { title: 'payouts.batches.batch' } },
      { path: 'payouts/:id', name: 'admin-payout', component: () => import('@/features/payouts/pages/PayoutPage.vue'), meta: { title: 'payouts.title' } },
      { path: 'deposits', name: 'admin-deposits', component: () => import('@/features/deposits/pages/DepositsPage.vue'), meta: { title: 'deposits.title' } },
      { path: 'deposits/:id', name: 'admin-deposit', component: () => import('@/features/deposits/pages/DepositPage.vue'), meta: { title: 'deposits.title' } },
      { path: 'invoices', name: 'admin-invoices', component: () => import('@/features/admin/pages/AdminInvoicesPage.vue'), meta: { title: 'admin.invoices.title' } },
      { path: 'invoices/:id', name: 'admin-invoice', component: () => import('@/features/admin/pages/AdminInvoicePage.vue'), meta: { title: 'admin.invoices.title' } },
      { path: 'jobs', name: 'admin-jobs', component: () => import('@/features/jobs/pages/JobsPage.vue'), meta: { title: 'jobs.title' } },
      { path: 'audit', name: 'admin-audit', component: () => import('@/features/audit/pages/AuditPage.vue'), meta: { title: 'audit.title' } },
      { path: 'settings', name: 'admin-settings', component: () => import('@/features/platform-settings/pages/SettingsPage.vue'), meta: { title: 'platform_settings.title' } },
      ...accountRoutes('admin'),
    ],
  },
]
