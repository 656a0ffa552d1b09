import { fireEvent, render, screen, waitFor } from '@testing-library/vue'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import SignUpProfile from './SignUpProfile.vue'

const sent: { path: string; body: Record<string, unknown> }[] = []
beforeEach(() => {
  sent.length = 0
  vi.stubGlobal('fetch', async (request: Request) => {
    sent.push({ path: new URL(request.url).pathname, body: await request.json() })
    return new Response('{}', { status: 200, headers: { 'Content-Type': 'application/json' } })
  })
})
const save = async () => { await fireEvent.click(screen.getByRole('button', { name: 'Save and finish' })) }

describe('the second step of signing up', () => {
  it('sends a sponsor’s words under the names that the profile has', async () => {
    const { emitted } = render(SignUpProfile, { props: { role: 'sponsor' } })
    await fireEvent.update(screen.getByLabelText(/About you/), 'Kettles.')
    await fireEvent.update(screen.getByLabelText(/Website/), 'https://kettle.example')
    await save()
    await waitFor(() => expect(emitted().done).toHaveLength(1))
    expect(sent).toEqual([{ path: '/api/v1/sponsor/profile', body: { description: 'Kettles.', site: 'https://kettle.example', industry: '' } }])
  })

  it('lets a sponsor finish with nothing written', async () => {
    const { emitted } = render(SignUpProfile, { props: { role: 'sponsor' } })
    await save()
    await waitFor(() => expect(emitted().done).toHaveLength(1))
    expect(sent[0]!.body).toEqual({ description: '', site: '', industry: '' })
  })

  it('keeps back an address that no browser would open', async () => {
    render(SignUpProfile, { props: { role: 'sponsor' } })
    await fireEvent.update(screen.getByLabelText(/Website/), 'javascript:alert(1)')
    await save()
    expect(await screen.findByText('Write a full address, like https://example.com.')).toBeTruthy()
    expect(sent).toEqual([])
  })

  it('sends an influencer’s bio and niches', async () => {
    const { emitted } = render(SignUpProfile, { props: { role: 'influencer' } })
    await fireEvent.update(screen.getByLabelText(/About you/), 'I cook.')
    await save()
    await waitFor(() => expect(emitted().done).toHaveLength(1))
    expect(sent).toEqual([{ path: '/api/v1/influencer/profile', body: { bio: 'I cook.', niches: [] } }])
  })
})
