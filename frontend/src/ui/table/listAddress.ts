import type { Component, ComputedRef, InjectionKey } from 'vue'

/** What a list's page knows of its address: for views that are kept under names. */
export interface ListAddress {
  /** The filters, order and look that differ from the list's own, as the part behind the question mark. */
  present: ComputedRef<string>
  /** Once, and only where the page was opened by an address that asks for nothing: the list may choose how it opens. */
  takeOpening: () => boolean
  /** The same part of another address, with only what this list knows. */
  known: (query: string) => string
  /** Show the list as that part says; what it leaves out is as in the beginning. */
  apply: (query: string) => void
}

/** Given by `useUrlFilters` to every list below it. */
export const listAddressKey: InjectionKey<ListAddress> = Symbol('list address')
/** The menu of kept views (prop `list`), given by the app: a part of the kit asks the server for nothing. */
export const viewsMenuKey: InjectionKey<Component> = Symbol('views menu')
