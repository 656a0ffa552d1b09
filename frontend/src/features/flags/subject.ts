import type { FlagRead } from '@/api/generated'

/** Where the flagged user or campaign is judged. */
export function subjectTo(flag: Pick<FlagRead, 'subject'>): string | undefined {
  if (!flag.subject) return undefined
  return flag.subject.type === 'campaign' ? `/admin/campaigns/${flag.subject.id}` : `/admin/users/${flag.subject.id}`
}

export const isUndecided = (flag: Pick<FlagRead, 'status'>) => flag.status === 'open' || flag.status === 'appealed'
/** An upheld flag stays in force and may still be lifted. */
export const isInForce = (flag: Pick<FlagRead, 'status'>) => flag.status !== 'lifted'

/** Nobody decides an appeal against their own flag or decision, while another admin may. */
export const isOwnAppeal = (flag: Pick<FlagRead, 'status' | 'raised_by' | 'decided_by'>, userId: string | undefined) =>
  flag.status === 'appealed' && userId !== undefined && (flag.raised_by === userId || flag.decided_by === userId)

/** The effects that each kind of subject may get, from the weakest; the API's own default comes first in a form. */
export const effectsFor = { user: ['warn', 'hide', 'hold_money', 'suspend'], campaign: ['warn', 'hide', 'suspend'] } as const
export type Effect = (typeof effectsFor)['user'][number]
export const usualEffect: Record<'user' | 'campaign', Effect> = { user: 'suspend', campaign: 'hide' }
