import type { Role } from '@/api/types'

/** Kinds of news by what they are about, in the order of a page. A role is shown the kinds that can reach it. */
const GROUPS: Record<string, readonly string[]> = {
  agreements: [
    'offer_made', 'application_made', 'assignment_made', 'offer_countered', 'offer_extended', 'offer_accepted', 'offer_rejected', 'offer_withdrawn', 'offer_expired', 'terms_changed', 'message_posted', 'ratings_revealed',
  ],
  work: [
    'deliverable_due', 'submission_made', 'changes_requested', 'review_extended', 'content_approved', 'content_published', 'live_check_failed', 'deliverable_paid', 'cancellation_requested', 'deliverable_cancelled',
    'agreement_completed', 'agreement_cancelled', 'dispute_opened', 'dispute_answered', 'dispute_decided',
  ],
  links: ['link_made', 'link_broken', 'link_works', 'link_blocked', 'link_restored', 'domain_lost', 'domain_lapsed'],
  money: ['deposit_settled', 'deposit_declined', 'wallet_returned', 'withdrawal_paid', 'withdrawal_failed', 'withdrawal_refused', 'earnings_taken_back', 'order_edited'],
  campaigns: ['campaign_published', 'campaign_returned', 'campaign_ended'],
  queue: ['account_waiting', 'campaign_waiting', 'appeal_made', 'dispute_escalated', 'withdrawal_waiting', 'withdrawal_overdue'],
  other: ['member_joined', 'flag_lifted', 'job_done', 'job_failed', 'report_ready'],
}
const NOT_FOR: Record<Role, readonly string[]> = {
  sponsor: [...GROUPS.queue!, 'link_made', 'withdrawal_paid', 'withdrawal_failed', 'withdrawal_refused', 'earnings_taken_back', 'offer_made', 'changes_requested', 'content_approved', 'deliverable_paid'],
  influencer: [...GROUPS.queue!, ...GROUPS.campaigns!, 'domain_lost', 'domain_lapsed', 'deposit_settled', 'deposit_declined', 'wallet_returned', 'order_edited', 'member_joined', 'application_made', 'assignment_made', 'submission_made', 'content_published'],
  admin: [...GROUPS.agreements!, ...GROUPS.work!, ...GROUPS.links!, ...GROUPS.money!, 'campaign_published', 'campaign_returned', 'campaign_ended', 'member_joined', 'flag_lifted'],
}

/** The switches to show: what the server lets one switch, grouped; a kind that is new to the page stands under the last group. */
export function mailGroups(role: Role, switchable: readonly string[]): { group: string; kinds: string[] }[] {
  const known = new Set(Object.values(GROUPS).flat())
  const mine = switchable.filter((kind) => !NOT_FOR[role].includes(kind))
  return Object.entries(GROUPS)
    .map(([group, kinds]) => ({ group, kinds: [...kinds.filter((kind) => mine.includes(kind)), ...(group === 'other' ? mine.filter((kind) => !known.has(kind)) : [])] }))
    .filter(({ kinds }) => kinds.length > 0)
}
