import {
  adminArchiveCampaign, adminCompleteCampaign, adminCreateCampaign, adminDeleteCampaign, adminDuplicateCampaign, adminEditCampaign,
  adminPauseCampaign, adminPublishCampaign, adminReadCampaign, adminResumeCampaign,
} from '@/api/generated'
import type { CampaignSurface } from '@/features/campaigns/surface'

const moves = {
  publish: adminPublishCampaign, resume: adminResumeCampaign, pause: adminPauseCampaign, complete: adminCompleteCampaign,
  archive: adminArchiveCampaign, duplicate: adminDuplicateCampaign,
}

/** Campaigns of all sponsors, written and moved by an admin in their place. */
export const adminCampaignSurface = (sponsor: CampaignSurface['sponsor'] = () => null): CampaignSurface => ({
  base: '/admin/campaigns',
  editPath: ({ id }) => `/admin/campaigns/${id}/edit`,
  brands: null,
  sponsor,
  read: (id, signal) => adminReadCampaign({ path: { campaign_id: id }, signal }),
  create: (body) => {
    const owner = sponsor()
    if (!owner) throw new Error('no sponsor is chosen')
    return adminCreateCampaign({ body: { ...body, sponsor_id: owner.id } })
  },
  edit: (id, body, etag) => adminEditCampaign({ path: { campaign_id: id }, body, headers: { 'If-Match': etag } }),
  act: async (act, id) => {
    const path = { campaign_id: id }
    return act === 'delete' ? adminDeleteCampaign({ path }) : moves[act]({ path })
  },
})
