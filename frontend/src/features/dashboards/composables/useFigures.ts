import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import {
  adminReadPanelFigures, adminReadPanelPoint, publicReadSharedFigures, sponsorPreviewFigures, sponsorPreviewPoint, sponsorReadPanelFigures, sponsorReadPanelPoint, type SponsorPreviewFiguresData,
} from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import type { DashboardRole, Panel, Period } from '../types'

/** Where a panel's figures come from: a kept panel, one that somebody shared, or one that is still worked on. */
export type Source =
  | { kind: 'kept'; role: DashboardRole; id: string; panel: string; version: number }
  | { kind: 'shared'; token: string; panel: string }
  | { kind: 'draft'; campaign: string | null; period: Period; panel: Pick<Panel, 'dimensions' | 'measures' | 'filters'> }

const AGAIN_MS = 60_000
const figuresOf = { admin: adminReadPanelFigures, sponsor: sponsorReadPanelFigures }
const pointOf = { admin: adminReadPanelPoint, sponsor: sponsorReadPanelPoint }

type Asked = NonNullable<SponsorPreviewFiguresData['query']>
function asked({ campaign, period, panel }: Extract<Source, { kind: 'draft' }>): Asked {
  return {
    campaign_id: campaign ?? undefined, dimension: panel.dimensions as Asked['dimension'], measure: panel.measures as Asked['measure'], filter: panel.filters.flatMap(({ field, values }) => values.map((value) => `${field}:${value ?? ''}`)),
    last_days: period.last_days ?? undefined, since: period.since ?? undefined, until: period.until ?? undefined,
  }
}

function read(source: Source, signal: AbortSignal) {
  if (source.kind === 'kept') return figuresOf[source.role]({ path: { dashboard_id: source.id, panel_id: source.panel }, signal })
  if (source.kind === 'shared') return publicReadSharedFigures({ path: { token: source.token, panel_id: source.panel }, signal })
  return sponsorPreviewFigures({ query: asked(source), signal })
}

/** What a panel shows. It is of the reports' domain: news of the server make it stale at once; without them it is asked for again each minute. */
export function useFigures(source: MaybeRefOrGetter<Source>) {
  const query = useQuery({
    queryKey: computed(() => { const now = toValue(source); return keys.part('reports', now.kind === 'draft' ? (now.campaign ?? '') : now.panel, 'panel', { ...now }) }),
    queryFn: ({ signal }) => read(toValue(source), signal),
    refetchInterval: AGAIN_MS,
    placeholderData: keepPreviousData,
    enabled: computed(() => { const now = toValue(source); return now.kind !== 'draft' || now.panel.measures.length > 0 }),
  })
  return {
    figures: computed(() => query.data.value ?? null),
    error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)),
    retry: () => void query.refetch(),
  }
}

/** What lies behind a point: `point` holds the value of each dimension. */
export function usePoint(source: Exclude<Source, { kind: 'shared' }>, point: readonly (string | null)[]) {
  const key = point.map((value) => value ?? '')
  const query = useQuery({
    queryKey: keys.part('reports', source.kind === 'kept' ? source.panel : (source.campaign ?? ''), 'point', { ...source, key }),
    queryFn: ({ signal }) => (source.kind === 'kept' ? pointOf[source.role]({ path: { dashboard_id: source.id, panel_id: source.panel }, query: { key }, signal }) : sponsorPreviewPoint({ query: { ...asked(source), key }, signal })),
  })
  return {
    found: computed(() => query.data.value ?? null),
    error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)),
    retry: () => void query.refetch(),
  }
}
