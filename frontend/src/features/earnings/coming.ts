import type { EarningsBalanceRead, UpcomingRead } from '@/api/generated'

/** What is held in three parts, which always sum to it: within seven days, contested (without a date), and later. */
export function heldSplit({ held, held_soon: soon, contested }: Pick<EarningsBalanceRead, 'held' | 'held_soon' | 'contested'>): { soon: number; later: number; contested: number } {
  return { soon, contested, later: Math.max(0, held - soon - contested) }
}

export const nextMoney = (upcoming: readonly UpcomingRead[]) => [...upcoming].sort((a, b) => a.available_at.localeCompare(b.available_at))[0] ?? null
