import type { SettingRead } from '@/api/generated'

export type Setting = SettingRead
export const groups = ['approval', 'money', 'offers', 'content', 'disputes', 'other'] as const
export type Group = (typeof groups)[number]

const places: [RegExp, Group][] = [
  [/_needs?_approval$/, 'approval'],
  [/fee|hold_days|refund|withdrawal|payout|currency/, 'money'],
  [/^offer_|^cancel_request/, 'offers'],
  [/^(review|changes|publish|confirm|overdue|first_reminder|last_reminder|live_checks)/, 'content'],
  [/^(dispute|appeal|rating)/, 'disputes'],
]
/** An option that is not known here yet still has its place. */
export const groupOf = (name: string): Group => places.find(([pattern]) => pattern.test(name))?.[1] ?? 'other'

export function grouped(settings: readonly Setting[]): { group: Group; settings: Setting[] }[] {
  return groups.map((group) => ({ group, settings: settings.filter((one) => groupOf(one.name) === group) })).filter((one) => one.settings.length > 0)
}

/** What is wrong with a typed figure: the same bounds as the server's. */
export function faultOf(setting: Pick<Setting, 'kind' | 'lowest' | 'highest'>, value: number | null): 'bounds' | 'whole' | null {
  const fault = setting.kind === 'whole_number' ? 'whole' : 'bounds'
  if (value === null || Number.isNaN(value)) return fault
  if (setting.kind === 'whole_number' && !Number.isInteger(value)) return fault
  if (setting.lowest !== null && value < setting.lowest) return fault
  if (setting.highest !== null && value > setting.highest) return fault
  return null
}
