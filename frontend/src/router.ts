import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import type { Role } from '@/api/types'
import { i18n } from '@/i18n'
import { adminRoutes } from '@/roles/admin/routes'
import { influencerRoutes } from '@/roles/influencer/routes'
import { publicRoutes } from '@/roles/public/routes'
import { sponsorRoutes } from '@/roles/sponsor/routes'
import { useSession } from '@/state/session'

declare module 'vue-router' {
  interface RouteMeta {
    /** Message key of the page's name, for the tab and the breadcrumb. */
    title?: string
    role?: Role
    guestOnly?: boolean
    /** A page with sticky actions of its own: no tab bar on a phone. */
    task?: boolean
  }
}

export const homeOf = (role: Role) => `/${role}`

const surface = (role: Role, children: RouteRecordRaw[]): RouteRecordRaw => ({
  path: `/${role}`,
  component: () => import('@/shell/AppShell.vue'),
  meta: { role },
  children: [...children, { path: ':rest(.*)*', component: () => import('@/shell/NotFoundPage.vue'), meta: { title: 'shell.not_found.title' } }],
})

const routes: RouteRecordRaw[] = [
  surface('admin', adminRoutes),
  surface('sponsor', sponsorRoutes),
  surface('influencer', influencerRoutes),
  { path: '/kit', component: () => import('@/features/kit/pages/KitPage.vue'), meta: { title: 'kit.title' } },
  {
    path: '/',
    component: () => import('@/shell/PublicShell.vue'),
    children: [...publicRoutes, { path: ':rest(.*)*', component: () => import('@/shell/NotFoundPage.vue'), meta: { title: 'shell.not_found.title' } }],
  },
]

export const router = createRouter({
  history: createWebHistory(),
  routes,
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? undefined : to.hash ? { el: to.hash } : { top: 0 }),
})

/** Anonymous → sign in and come back; someone else's surface → the own home. The server checks again. */
router.beforeEach(async (to) => {
  const session = useSession()
  if (!session.known && (to.meta.role || to.meta.guestOnly)) await session.load()
  if (to.meta.role && !session.me && session.unreachable) return true
  if (to.meta.role && !session.me) return { path: '/sign-in', query: { next: to.fullPath } }
  if (to.meta.role && session.role !== to.meta.role) return homeOf(session.role!)
  if (to.meta.guestOnly && session.me) return safeNext(to.query.next) ?? homeOf(session.me.role)
  return true
})

router.afterEach((to) => {
  const { t } = i18n.global
  document.title = to.meta.title ? `${t(to.meta.title)} · Accord` : 'Accord'
})

// After a deployment an open page asks for files that are gone: load the page anew, once.
router.onError((error, to) => {
  if (!/dynamically imported module|module script failed|Unable to preload/i.test(String(error))) return
  const key = 'accord.reloaded'
  if (sessionStorage.getItem(key) === to.fullPath) return
  sessionStorage.setItem(key, to.fullPath)
  location.assign(to.fullPath)
})

/** Only a path of this site may follow a sign-in. */
export function safeNext(next: unknown): string | null {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : null
}
