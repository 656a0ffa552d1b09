import type { IconName } from './icons'

/** A choice in a Select, Combobox, radio group, segmented control or filter. */
export interface Option<V extends string | number | boolean | null = string> {
  value: V
  label: string
  /** Second line or figure at the right. */
  hint?: string
  icon?: IconName
  disabled?: boolean
}

/** Found in the label, whatever the accents: "dang" finds "Đặng". */
export function matches(label: string, search: string): boolean {
  const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('đ', 'd').replaceAll('Đ', 'D').toLowerCase()
  return plain(label).includes(plain(search.trim()))
}
