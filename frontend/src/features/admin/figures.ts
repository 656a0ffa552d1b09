import type { AdminSummaryRead, MoneySeries } from '@/api/generated'

type Days = AdminSummaryRead['sign_ups_by_day']

/** Sign-ups of the last seven days and of the seven before. */
export function weeksOf(days: Days): { week: number; before: number } {
  const sum = (part: Days) => part.reduce((total, day) => total + day.sponsor + day.influencer, 0)
  return { week: sum(days.slice(-7)), before: sum(days.slice(-14, -7)) }
}

/** On how many of the days with any movement more came in than went out. */
export function depositsAhead({ days }: MoneySeries): { ahead: number; moved: number } {
  const moved = days.filter((day) => day.deposited || day.paid_out)
  return { ahead: moved.filter((day) => day.deposited > day.paid_out).length, moved: moved.length }
}

/** Every state of the given order with its count, then whatever else there is. */
export function inOrder(counts: Record<string, number>, order: readonly string[]): { state: string; n: number }[] {
  const known = order.filter((state) => counts[state]).map((state) => ({ state, n: counts[state]! }))
  const others = Object.entries(counts).filter(([state, n]) => n > 0 && !order.includes(state)).map(([state, n]) => ({ state, n }))
  return [...known, ...others]
}
