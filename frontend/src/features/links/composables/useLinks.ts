import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import {
  adminBlockLink, adminListLinks, adminReadLink, adminReadLinkClicks, adminRestoreLink, influencerListLinks, influencerReadLink, influencerReadLinkClicks, sponsorAddCoupon, sponsorEditLink, sponsorEndLink, sponsorListLinks, sponsorMakeBrandLink, sponsorMakeLink, sponsorPauseLink, sponsorReadLink, sponsorReadLinkClicks,
  sponsorResumeLink, sponsorSwitchCoupon, type BrandLinkCreate, type LinkClicks, type LinkCreate, type LinkRead, type LinkUpdate, type AdminListLinksData,
} from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import { usePagedQuery } from '@/api/usePagedQuery'

export type TrackedLink = LinkRead
export type LinkRole = 'sponsor' | 'influencer' | 'admin'
export type LinkAct = LinkRead['actions'][number]
export type LinkFilters = Omit<NonNullable<AdminListLinksData['query']>, 'cursor'>
export type { LinkClicks }

const lists = { admin: adminListLinks, sponsor: sponsorListLinks, influencer: influencerListLinks }
const reads = { admin: adminReadLink, sponsor: sponsorReadLink, influencer: influencerReadLink }
const clicks = { admin: adminReadLinkClicks, sponsor: sponsorReadLinkClicks, influencer: influencerReadLinkClicks }
const holds = { block: adminBlockLink, restore: adminRestoreLink }
const acts = { pause: sponsorPauseLink, resume: sponsorResumeLink, end: sponsorEndLink }

/** What an admin may do with a link: block it, or let a blocked one lead on. */
export const holdOf = (link: TrackedLink) => (link.blocked_at ? 'restore' : 'block')

/** Tracking links of the own side, the newest first. */
export function useLinks(role: LinkRole, filters: MaybeRefOrGetter<LinkFilters>) {
  return usePagedQuery<TrackedLink>({
    queryKey: computed(() => keys.list('links', { ...toValue(filters) })),
    queryFn: ({ cursor, signal }) => lists[role]({ query: { ...toValue(filters), cursor }, signal }),
  })
}

/** One link with what it brought. */
export function useLink(role: LinkRole, id: MaybeRefOrGetter<string>) {
  const query = useQuery({ queryKey: computed(() => keys.detail('links', toValue(id))), queryFn: ({ signal }) => reads[role]({ path: { link_id: toValue(id) }, signal }) })
  return { link: query.data, loading: query.isPending, error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)), retry: () => void query.refetch() }
}

/** The clicks of a link by day and by reason, over so many days. */
export function useClicks(role: LinkRole, id: MaybeRefOrGetter<string>, days: MaybeRefOrGetter<number>) {
  const query = useQuery({
    queryKey: computed(() => keys.part('links', toValue(id), 'clicks', { days: toValue(days) })),
    queryFn: ({ signal }) => clicks[role]({ path: { link_id: toValue(id) }, query: { days: toValue(days) }, signal }),
    placeholderData: (before) => before,
  })
  return { clicks: query.data, loading: query.isPending, error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)), retry: () => void query.refetch() }
}

/** Making and changing links; every change makes the lists stale. */
export function useLinkChanges() {
  const client = useQueryClient()
  const changed = (link: TrackedLink) => {
    client.setQueryData(keys.detail('links', link.id), link)
    void client.invalidateQueries({ queryKey: keys.lists('links') })
  }
  return {
    make: useMutation({ mutationFn: ({ adRequestId, body }: { adRequestId: string; body: LinkCreate }) => sponsorMakeLink({ path: { ad_request_id: adRequestId }, body }), onSuccess: changed }),
    makeForBrand: useMutation({ mutationFn: (body: BrandLinkCreate) => sponsorMakeBrandLink({ body }), onSuccess: changed }),
    edit: useMutation({ mutationFn: ({ id, body }: { id: string; body: LinkUpdate }) => sponsorEditLink({ path: { link_id: id }, body }), onSuccess: changed }),
    act: useMutation({ mutationFn: ({ id, act }: { id: string; act: LinkAct }) => acts[act]({ path: { link_id: id } }), onSuccess: changed }),
    hold: useMutation({ mutationFn: ({ link, reason }: { link: TrackedLink; reason: string }) => holds[holdOf(link)]({ path: { link_id: link.id }, body: { reason } }), onSuccess: changed }),
    addCoupon: useMutation({ mutationFn: ({ id, code }: { id: string; code: string | null }) => sponsorAddCoupon({ path: { link_id: id }, body: { code } }), onSuccess: changed }),
    switchCoupon: useMutation({ mutationFn: ({ id, couponId, active }: { id: string; couponId: string; active: boolean }) => sponsorSwitchCoupon({ path: { link_id: id, coupon_id: couponId }, body: { active } }), onSuccess: changed }),
  }
}
