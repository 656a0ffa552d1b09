import { describe, expect, it } from 'vitest'
import { movesOf } from './moves'

const of = (status: 'pending' | 'active' | 'suspended' | 'rejected' | 'closed', own = 'usr_me') => movesOf({ id: 'usr_1', role: 'sponsor', status }, own)

describe('what an admin may do with an account', () => {
  it('follows its state', () => {
    expect(of('pending')).toEqual({ moves: ['approve', 'reject', 'close'], flag: true })
    expect(of('rejected').moves).toEqual(['approve', 'close'])
    expect(of('active').moves).toEqual(['close'])
    expect(of('closed')).toEqual({ moves: [], flag: false })
  })
  it('is nothing with their own', () => {
    expect(of('active', 'usr_1')).toEqual({ moves: [], flag: false })
  })
})
