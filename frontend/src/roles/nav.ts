import type { IconName } from '@/ui/icons'

export interface NavItem {
  /** Message key. */
  label: string
  icon: IconName
  to: string
  /** Name of a figure of the role's home summary, shown at the right. */
  count?: string
  /** The figure asks for something: in the accent. */
  turn?: boolean
  /** Shown in the tab bar of a phone. The others stand behind "More". */
  tab?: boolean
  /** A shorter word for the tab bar. */
  tabLabel?: string
}
export interface NavGroup {
  label?: string
  items: NavItem[]
}
export interface RoleNav {
  groups: NavGroup[]
  foot: NavItem[]
  /** Pages without an entry of their own that the command palette knows too. */
  also?: NavItem[]
}
