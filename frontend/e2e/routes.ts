import { fileURLToPath } from 'node:url'
import type { RouteRecordRaw } from 'vue-router'
import { adminRoutes } from '../src/roles/admin/routes'
import { influencerRoutes } from '../src/roles/influencer/routes'
import { publicRoutes } from '../src/roles/public/routes'
import { sponsorRoutes } from '../src/roles/sponsor/routes'

export const surfaces = ['public', 'sponsor', 'influencer', 'admin'] as const
export type Surface = (typeof surfaces)[number]
const tables: Record<Surface, RouteRecordRaw[]> = { public: publicRoutes, sponsor: sponsorRoutes, influencer: influencerRoutes, admin: adminRoutes }

/** A page as the router knows it: `/sponsor/campaigns/:id`, pictured as `sponsor/campaign`. */
export interface PageRoute { surface: Surface; path: string; picture: string }

function leaves(records: readonly RouteRecordRaw[], base: string): { path: string; name: string }[] {
  return records.flatMap((record) => {
    const path = record.path ? `${base}/${record.path}`.replace('//', '/') : base
    if (record.children) return leaves(record.children, path)
    return [{ path: path || '/', name: String(record.name ?? '') }]
  })
}

/** Every page of a surface, from the router's own tables: a new page is in here without anybody thinking of it. */
export const pagesOf = (surface: Surface): PageRoute[] =>
  leaves(tables[surface], surface === 'public' ? '' : `/${surface}`).map(({ path, name }) => ({ surface, path, picture: `${surface}/${name.replace(new RegExp(`^${surface}-`), '')}` }))

export const SCREENS = fileURLToPath(new URL('../../docs/screens/', import.meta.url))
