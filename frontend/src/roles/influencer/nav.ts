import type { RoleNav } from '../nav'

export const influencerNav: RoleNav = {
  groups: [
    {
      items: [
        { label: 'shell.nav.home', icon: 'home', to: '/influencer', count: 'turns', turn: true, tab: true },
        { label: 'shell.nav.opportunities', icon: 'search', to: '/influencer/opportunities', count: 'opportunities', tab: true, tabLabel: 'shell.nav.find' },
        { label: 'shell.nav.ad_requests', icon: 'ad-request', to: '/influencer/ad-requests', count: 'ad_requests', turn: true, tab: true, tabLabel: 'shell.nav.requests' },
        { label: 'shell.nav.calendar', icon: 'calendar', to: '/influencer/calendar' },
        { label: 'shell.nav.messages', icon: 'message', to: '/influencer/messages', count: 'messages', turn: true },
        { label: 'shell.nav.links', icon: 'link', to: '/influencer/links' },
        { label: 'shell.nav.earnings', icon: 'wallet', to: '/influencer/earnings', tab: true },
      ],
    },
    { label: 'shell.nav.you', items: [{ label: 'shell.nav.profile', icon: 'eye', to: '/influencer/profile' }] },
  ],
  foot: [{ label: 'shell.nav.settings', icon: 'settings', to: '/influencer/settings' }],
  also: [{ label: 'orders.title', icon: 'tag', to: '/influencer/links/orders' }],
}
