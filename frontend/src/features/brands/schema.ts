import { z } from '@/forms/zod'

const address = z.union([z.literal(''), z.url({ protocol: /^https?$/, error: 'brands.errors.address' })], { error: 'brands.errors.address' })
const words = z.array(z.string().max(120, 'brands.errors.word')).max(100, 'brands.errors.many')

/** A brand and what tells it from other things of that name. Messages are keys. */
export const brandSchema = z.object({
  name: z.string().trim().min(1, 'brands.errors.name').max(120, 'brands.errors.long'),
  site: address,
  description: z.string().trim().max(2000, 'brands.errors.long'),
  aliases: words,
  keywords: words,
  exclusions: words,
  needs_context: z.boolean(),
}).superRefine((brand, context) => {
  if (brand.needs_context && brand.keywords.length === 0) context.addIssue({ code: 'custom', path: ['keywords'], message: 'brands.errors.context' })
})
export type BrandValues = z.input<typeof brandSchema>

export const productSchema = z.object({
  name: z.string().trim().min(1, 'brands.errors.product_name').max(120, 'brands.errors.long'),
  url: address,
  currency: z.string().length(3),
  price: z.number({ error: 'brands.errors.price' }).int().min(1, 'brands.errors.price').nullable(),
  aliases: words,
})
export type ProductValues = z.input<typeof productSchema>
