import { z } from '@/forms/zod'

/** A link; where it leads is checked by the server against the verified domains. Messages are keys. */
export const linkSchema = z.object({
  ad_request_id: z.string({ error: 'links.errors.agreement' }).min(1, 'links.errors.agreement'),
  target: z.url({ protocol: /^https?$/, error: 'links.errors.target' }).max(2000, 'links.errors.target'),
  expires_on: z.string().nullable(),
})
/** The same for no agreement: for whom, and of which brand. */
export const brandLinkSchema = linkSchema.omit({ ad_request_id: true }).extend({
  influencer_id: z.string().min(1, 'links.errors.agreement'),
  brand_id: z.string().min(1, 'links.errors.brand'),
})
export type BrandLinkValues = z.input<typeof brandLinkSchema>
export type LinkValues = z.input<typeof linkSchema>

/** A day until whose end a link leads, as the moment that the server keeps; the reader's midnight. */
export function endOf(day: string | null): string | null {
  if (!day) return null
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  return new Date(year, month - 1, date + 1).toISOString()
}

/** The last day on which a link leads, of the moment that the server keeps. */
export function dayOf(moment: string | null): string | null {
  if (!moment) return null
  const last = new Date(Date.parse(moment) - 1)
  return [last.getFullYear(), String(last.getMonth() + 1).padStart(2, '0'), String(last.getDate()).padStart(2, '0')].join('-')
}
