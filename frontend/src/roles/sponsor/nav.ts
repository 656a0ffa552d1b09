import type { RoleNav } from '../nav'

export const sponsorNav: RoleNav = {
  groups: [
    {
      items: [
        { label: 'shell.nav.home', icon: 'home', to: '/sponsor', count: 'turns', turn: true, tab: true },
        { label: 'shell.nav.campaigns', icon: 'campaign', to: '/sponsor/campaigns', tab: true },
        { label: 'shell.nav.discovery', icon: 'search', to: '/sponsor/discovery', tab: true, tabLabel: 'shell.nav.find' },
        { label: 'shell.nav.ad_requests', icon: 'ad-request', to: '/sponsor/ad-requests', count: 'ad_requests', turn: true, tab: true, tabLabel: 'shell.nav.requests' },
        { label: 'shell.nav.messages', icon: 'message', to: '/sponsor/messages', count: 'messages', turn: true },
        { label: 'results.title', icon: 'line-chart', to: '/sponsor/results' },
        { label: 'links.title', icon: 'link', to: '/sponsor/links' },
        { label: 'orders.title', icon: 'tag', to: '/sponsor/orders' },
        { label: 'dashboards.title', icon: 'dashboard', to: '/sponsor/dashboards' },
        { label: 'shell.nav.wallet', icon: 'wallet', to: '/sponsor/wallet' },
        { label: 'sponsor.nav.brands', icon: 'brand', to: '/sponsor/brands' },
      ],
    },
  ],
  foot: [{ label: 'shell.nav.team', icon: 'settings', to: '/sponsor/settings' }],
  also: [
    { label: 'links.domains.title', icon: 'globe', to: '/sponsor/settings/domains' },
    { label: 'orders.sources.title', icon: 'webhook', to: '/sponsor/settings/order-sources' },
  ],
}
