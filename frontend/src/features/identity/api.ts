import { api } from '@/api/client'
import type { InfluencerProfileUpdate, SponsorProfileUpdate } from '@/api/generated'
import type { Me, Role } from '@/api/types'

export interface Registration {
  email: string
  password: string
  role: Exclude<Role, 'admin'>
  name: string
}

/** What can be asked without being signed in. */
export const identityApi = {
  register: (body: Registration) => api.post<Me>('/api/v1/auth/register', body),
  requestReset: (email: string) => api.post<void>('/api/v1/auth/password-reset', { email }),
  confirmReset: (token: string, password: string) => api.post<void>('/api/v1/auth/password-reset/confirm', { token, password }),
  verifyEmail: (token: string) => api.post<void>('/api/v1/auth/verify-email', { token }),
  saveSponsor: (body: SponsorProfileUpdate) => api.patch<unknown>('/api/v1/sponsor/profile', body),
  saveInfluencer: (body: InfluencerProfileUpdate) => api.patch<unknown>('/api/v1/influencer/profile', body),
}
