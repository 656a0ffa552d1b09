import { render, screen } from '@testing-library/vue'
import { describe, expect, it } from 'vitest'
import type { AdRequest } from '../types'
import PhoneActions from './PhoneActions.vue'

const eur = (amount: number) => ({ amount, currency: 'EUR' })
const open = (actions: string[], commission: unknown = null) => ({ status: 'proposed', actions, current_offer: { fee: eur(80_000), commission }, deliverables: [] }) as unknown as AdRequest
const shown = (adRequest: AdRequest, side: 'sponsor' | 'influencer') => { render(PhoneActions, { props: { adRequest, work: null, side } }) }

describe('what a phone keeps at its foot', () => {
  it('says nothing of accepting to whoever waits for the answer', () => {
    shown(open(['counter', 'withdraw']), 'influencer')
    expect(screen.getByRole('button', { name: 'Counter' })).toBeTruthy()
    expect(screen.queryByText(/Accept/)).toBeNull()
  })

  it('names what a sponsor would have held, with the cap of a commission', () => {
    shown(open(['counter', 'accept'], { rate: 8, cap: eur(20_000) }), 'sponsor')
    expect(screen.getByText('Accept: €1,000.00 is held from your wallet.')).toBeTruthy()
  })

  it('names the fee alone where there is no commission', () => {
    shown(open(['counter', 'accept']), 'sponsor')
    expect(screen.getByText('Accept: €800.00 is held from your wallet.')).toBeTruthy()
  })
})
