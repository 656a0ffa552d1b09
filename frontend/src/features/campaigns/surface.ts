import { inject, provide, type InjectionKey } from 'vue'
import {
  sponsorArchiveCampaign, sponsorCompleteCampaign, sponsorCreateCampaign, sponsorDeleteCampaign, sponsorDuplicateCampaign, sponsorEditCampaign,
  sponsorPauseCampaign, sponsorPublishCampaign, sponsorReadCampaign, sponsorResumeCampaign, type CampaignCreate, type CampaignUpdate,
} from '@/api/generated'
import type { Act, Campaign } from './types'

/** From where campaigns are written and moved: by a sponsor their own, by an admin those of any sponsor. */
export interface CampaignSurface {
  /** Below which the pages lie. */
  base: string
  /** Where a brief that was published is changed. */
  editPath: (campaign: { id: string; status: string }) => string
  /** Where brands are managed, if the surface has a page for it. */
  brands: string | null
  /** For whom a new campaign is written, where that is not the one who writes. */
  sponsor: () => { id: string; name: string; currency: string } | null
  read: (id: string, signal: AbortSignal) => Promise<Campaign>
  create: (body: CampaignCreate) => Promise<Campaign>
  edit: (id: string, body: CampaignUpdate, etag: string) => Promise<Campaign>
  act: (act: Act, id: string) => Promise<Campaign | void>
}

const moves = {
  publish: sponsorPublishCampaign, resume: sponsorResumeCampaign, pause: sponsorPauseCampaign, complete: sponsorCompleteCampaign,
  archive: sponsorArchiveCampaign, duplicate: sponsorDuplicateCampaign,
}
export const sponsorSurface: CampaignSurface = {
  base: '/sponsor/campaigns',
  editPath: ({ id, status }) => `/sponsor/campaigns/${id}/${status === 'draft' ? 'edit' : 'settings'}`,
  brands: '/sponsor/brands',
  sponsor: () => null,
  read: (id, signal) => sponsorReadCampaign({ path: { campaign_id: id }, signal }),
  create: (body) => sponsorCreateCampaign({ body }),
  edit: (id, body, etag) => sponsorEditCampaign({ path: { campaign_id: id }, body, headers: { 'If-Match': etag } }),
  act: async (act, id) => {
    const path = { campaign_id: id }
    return act === 'delete' ? sponsorDeleteCampaign({ path }) : moves[act]({ path })
  },
}

const key: InjectionKey<CampaignSurface> = Symbol('campaign surface')
export const provideCampaignSurface = (surface: CampaignSurface) => provide(key, surface)
export const useCampaignSurface = (): CampaignSurface => inject(key, sponsorSurface)
