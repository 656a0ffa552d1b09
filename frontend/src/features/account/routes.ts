import type { RouteRecordRaw } from 'vue-router'
import type { Role } from '@/api/types'

/** Where the own account lies: an admin's "settings" are the platform's. */
export const accountHome = (role: Role) => (role === 'admin' ? '/admin/account' : `/${role}/settings`)

/** Settings of the own account, the flags on it and the notifications, alike on every surface. */
export function accountRoutes(role: Role): RouteRecordRaw[] {
  const security = () => import('./pages/SecurityPage.vue')
  return [
    {
      path: role === 'admin' ? 'account' : 'settings',
      component: () => import('./pages/SettingsPage.vue'),
      children: [
        ...(role === 'sponsor'
          ? [
              { path: '', name: 'sponsor-settings', component: () => import('./pages/OrganisationPage.vue'), meta: { title: 'account.tabs.organisation' } },
              { path: 'team', name: 'sponsor-team', component: () => import('./pages/TeamPage.vue'), meta: { title: 'account.tabs.team' } },
              { path: 'domains', name: 'sponsor-domains', component: () => import('@/features/links/pages/DomainsPage.vue'), meta: { title: 'links.domains.title' } },
              { path: 'order-sources', name: 'sponsor-order-sources', component: () => import('@/features/orders/pages/OrderSourcesPage.vue'), meta: { title: 'orders.sources.title' } },
              { path: 'security', name: 'sponsor-security', component: security, meta: { title: 'account.tabs.security' } },
            ]
          : [{ path: '', name: `${role}-security`, component: security, meta: { title: 'account.tabs.security' } }]),
        { path: 'keys', name: `${role}-keys`, component: () => import('./pages/ApiKeysPage.vue'), meta: { title: 'account.tabs.keys' } },
        { path: 'preferences', name: `${role}-preferences`, component: () => import('./pages/PreferencesPage.vue'), meta: { title: 'account.tabs.preferences' } },
      ],
    },
    { path: 'appeals', name: `${role}-appeals`, component: () => import('@/features/appeals/pages/AppealsPage.vue'), meta: { title: 'appeals.title' } },
    { path: 'notifications', name: `${role}-notifications`, component: () => import('@/features/notifications/pages/NotificationsPage.vue'), meta: { title: 'shell.notifications.title' } },
  ]
}
