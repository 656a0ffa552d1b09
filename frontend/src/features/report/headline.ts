import type { CampaignReportRead, ReportPhase } from '@/api/generated'

/** A sentence of the page: its message key and what stands in its gaps (rates are fractions). */
export interface Sentence { key: string; phase?: string; spend?: number; orders?: number; clicks?: number }

const way = (value: number) => (value > 0 ? 'more' : 'less')

/** The last phase in which something was counted, and the change that it brought. */
function last(phases: readonly ReportPhase[]): ReportPhase | undefined {
  return phases.filter(({ figures, change }) => change !== null && figures.clicks + figures.orders > 0).at(-1)
}

/** What the report says in one sentence. */
export function headlineOf({ phases, total }: Pick<CampaignReportRead, 'phases' | 'total'>): Sentence {
  const phase = last(phases)
  const spend = phase?.change?.spend?.value
  const orders = phase?.change?.orders?.value
  const clicks = phase?.change?.clicks?.value
  if (phase && spend && orders) return { key: `spend_${way(spend)}_orders_${way(orders)}`, phase: phase.name, spend: Math.abs(spend), orders: Math.abs(orders) }
  if (phase && orders) return { key: `orders_${way(orders)}`, phase: phase.name, orders: Math.abs(orders) }
  if (phase && clicks) return { key: `clicks_${way(clicks)}`, phase: phase.name, clicks: Math.abs(clicks) }
  return { key: total.orders ? 'orders_so_far' : total.clicks ? 'clicks_so_far' : 'posts_so_far' }
}
