import { z } from '@/forms/zod'

/** The server checks the same again; messages are keys. */
export const email = z.string().trim().pipe(z.email('identity.errors.email'))
export const newPassword = z.string().min(10, 'identity.errors.password_short').max(200)

export const signInSchema = z.object({ email, password: z.string().min(1, 'identity.errors.password_missing') })
export const otpSchema = z.object({ otp: z.string().trim().min(6, 'identity.errors.otp') })
export const forgotSchema = z.object({ email })
export const resetSchema = z.object({ password: newPassword })
export const accountSchema = z.object({ name: z.string().trim().min(1, 'identity.errors.name').max(120), email, password: newPassword })
export const profileSchema = z.object({
  bio: z.string().max(2000),
  site: z.union([z.literal(''), z.url({ protocol: /^https?$/, error: 'identity.errors.website' })], { error: 'identity.errors.website' }),
  niches: z.array(z.string()).max(10),
})
