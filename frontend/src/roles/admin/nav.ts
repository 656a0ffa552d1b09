import type { RoleNav } from '../nav'

export const adminNav: RoleNav = {
  groups: [
    {
      items: [
        { label: 'shell.nav.summary', icon: 'home', to: '/admin', tab: true },
        { label: 'shell.nav.users', icon: 'community', to: '/admin/users' },
        { label: 'shell.nav.approvals', icon: 'check', to: '/admin/approvals', count: 'approvals', turn: true, tab: true },
        { label: 'shell.nav.campaigns', icon: 'campaign', to: '/admin/campaigns' },
        { label: 'shell.nav.ad_requests', icon: 'ad-request', to: '/admin/ad-requests' },
        { label: 'results.title', icon: 'line-chart', to: '/admin/results' },
        { label: 'links.title', icon: 'link', to: '/admin/links' },
        { label: 'shell.nav.flags', icon: 'warning', to: '/admin/flags', count: 'flags', turn: true, tab: true },
        { label: 'shell.nav.disputes', icon: 'dispute', to: '/admin/disputes', count: 'disputes', turn: true },
      ],
    },
    {
      label: 'shell.nav.operate',
      items: [
        { label: 'shell.nav.ledger', icon: 'ledger', to: '/admin/ledger' },
        { label: 'shell.nav.payouts', icon: 'send', to: '/admin/payouts' },
        { label: 'shell.nav.gateway_events', icon: 'inbox', to: '/admin/gateway-events' },
        { label: 'shell.nav.deposits', icon: 'wallet', to: '/admin/deposits' },
        { label: 'shell.nav.invoices', icon: 'document', to: '/admin/invoices' },
        { label: 'shell.nav.jobs', icon: 'sliders', to: '/admin/jobs', count: 'dead_letters', turn: true, tab: true },
        { label: 'shell.nav.audit', icon: 'audit', to: '/admin/audit' },
      ],
    },
  ],
  foot: [{ label: 'shell.nav.settings', icon: 'settings', to: '/admin/settings' }],
  also: [{ label: 'dashboards.title', icon: 'dashboard', to: '/admin/dashboards' }],
}
