export type Preset = 'this_month' | 'last_month' | 'this_year'
export interface Period {
  since: string
  until: string
}

const iso = (year: number, month: number, day: number) => {
  const at = new Date(Date.UTC(year, month, day))
  return at.toISOString().slice(0, 10)
}

/** The usual periods, in days of the reader's calendar, up to today at most. */
export function periodOf(preset: Preset, now: Date): Period {
  const [year, month] = [now.getFullYear(), now.getMonth()]
  const today = iso(year, month, now.getDate())
  if (preset === 'last_month') return { since: iso(year, month - 1, 1), until: iso(year, month, 0) }
  return { since: preset === 'this_year' ? iso(year, 0, 1) : iso(year, month, 1), until: today }
}

/** Where the same statement lies as a file. */
export function fileOf(role: 'sponsor' | 'influencer', kind: 'csv' | 'pdf', { since, until }: Period, currency: string): string {
  return `/api/v1/${role}/statement.${kind}?${new URLSearchParams({ since, until, currency }).toString()}`
}
