import { computed, ref, watch } from 'vue'

export interface Column<Row> {
  id: string
  /** The head, translated: with the unit, "Spend, €". */
  label: string
  align?: 'left' | 'right'
  /** The server can sort by this: its name in `?sort=`. */
  sort?: string
  /** The first direction of a click; figures and dates start with the largest. */
  sortFirst?: 'asc' | 'desc'
  /** Shown text; a slot `cell-<id>` may draw it instead. */
  text?: (row: Row) => string | number | null | undefined
  /** 12 px second line. */
  sub?: (row: Row) => string | null | undefined
  /** Cannot be hidden, weight 500. */
  primary?: boolean
  /** Hidden until chosen. */
  optional?: boolean
  /** A Tailwind width such as `w-32`. */
  width?: string
  /** Where it stands in the two-line row of a phone: left, under it, right, right below. Default: under it; 'hide' leaves it out. */
  phone?: 'title' | 'sub' | 'end' | 'end-sub' | 'hide'
}

/** Which columns show, kept on this device under the table's id. */
export function useColumnChoice<Row>(tableId: string, columns: () => readonly Column<Row>[]) {
  const key = `accord.columns.${tableId}`
  const read = (): string[] | null => {
    try { return JSON.parse(localStorage.getItem(key) ?? 'null') as string[] | null } catch { return null }
  }
  const hidden = ref<string[]>(read() ?? columns().filter((column) => column.optional).map((column) => column.id))
  watch(hidden, (ids) => localStorage.setItem(key, JSON.stringify(ids)))
  const shown = computed(() => columns().filter((column) => column.primary || !hidden.value.includes(column.id)))
  function toggle(id: string, on: boolean) {
    hidden.value = on ? hidden.value.filter((one) => one !== id) : [...hidden.value, id]
  }
  return { hidden, shown, toggle }
}

/** `-created_at` is descending. A click goes first direction → other → none. */
export function nextSort<Row>(current: string | undefined, column: Column<Row>): string | undefined {
  const asc = column.sort!
  const desc = `-${asc}`
  const first = column.sortFirst === 'desc' ? desc : asc
  const second = first === asc ? desc : asc
  if (current === first) return second
  if (current === second) return undefined
  return first
}

export const sortState = (current: string | undefined, name: string | undefined) =>
  !name ? undefined : current === name ? 'ascending' : current === `-${name}` ? 'descending' : 'none'
