import { computed, inject, provide, ref, type InjectionKey, type Ref } from 'vue'
import { adminNav } from '@/roles/admin/nav'
import { influencerNav } from '@/roles/influencer/nav'
import type { NavItem } from '@/roles/nav'
import { sponsorNav } from '@/roles/sponsor/nav'
import { useSession } from '@/state/session'

const navs = { admin: adminNav, sponsor: sponsorNav, influencer: influencerNav }
const key: InjectionKey<Ref<Record<string, number>>> = Symbol('nav counts')

/** The signed-in role's own way around. */
export function useNav() {
  const session = useSession()
  const nav = computed(() => navs[session.role ?? 'sponsor'])
  const items = computed<NavItem[]>(() => [...nav.value.groups.flatMap((group) => group.items), ...nav.value.foot])
  const tabs = computed(() => items.value.filter((item) => item.tab).slice(0, 4))
  const rest = computed(() => items.value.filter((item) => !tabs.value.includes(item)))
  return { nav, items, tabs, rest }
}

/** Figures beside the entries, by the names in `NavItem.count`. The frame sets them, so that they stand on every page. */
export function provideNavCounts() {
  const counts = ref<Record<string, number>>({})
  provide(key, counts)
  return counts
}
export const useNavCounts = () => inject(key, ref<Record<string, number>>({}))
