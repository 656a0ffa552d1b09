import type { Tone } from '@/ui/states'
import type { IconName } from '@/ui/icons'
import type { Deliverable } from './types'

type Check = NonNullable<Deliverable['check']>
export interface CheckLook { word: 'found' | 'missing' | 'missing_once' | 'not_checked'; tone: Tone; icon: IconName }
export interface DisclosureLook { word: 'found' | 'missing' | 'unknown'; tone: Tone; icon: IconName }

/** How the last look at a post is shown. What could not be learned is no alarm. */
export function checkLook(check: Check | null): CheckLook {
  if (!check || check.passed === null) return { word: 'not_checked', tone: 'neutral', icon: 'circle' }
  if (check.passed) return { word: 'found', tone: 'good', icon: 'check' }
  return check.again_at ? { word: 'missing_once', tone: 'wait', icon: 'warning' } : { word: 'missing', tone: 'bad', icon: 'warning' }
}

/** Whether the post says what it is; null where the campaign asks for no tag, or nothing was looked at. */
export function disclosureLook(check: Check | null, tags: string[]): DisclosureLook | null {
  if (!check || !check.passed || !tags.length) return null
  if (check.disclosure_found === null) return { word: 'unknown', tone: 'neutral', icon: 'circle' }
  return check.disclosure_found ? { word: 'found', tone: 'good', icon: 'check' } : { word: 'missing', tone: 'wait', icon: 'warning' }
}
