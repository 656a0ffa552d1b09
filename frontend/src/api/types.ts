/** Shapes that every part of the API shares. */
export interface Money {
  /** Minor units, by the currency's own exponent. */
  amount: number
  currency: string
}

export interface Page<T> {
  items: T[]
  next: string | null
  total?: number | null
}

export type Role = 'admin' | 'sponsor' | 'influencer'
export type UserStatus = 'pending' | 'active' | 'suspended' | 'closed'

export interface Me {
  id: string
  email: string
  role: Role
  status: UserStatus
  name: string
  totp_enabled?: boolean
  /** No owner of the team may act: its members read and no more. */
  team_suspended?: boolean
  profile: Record<string, unknown> | null
}
