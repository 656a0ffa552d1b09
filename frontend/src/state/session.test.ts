import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { useSession } from './session'

const me = { id: 'usr_1', role: 'sponsor', name: 'Ann' }
const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })
const sent: Request[] = []
let logout = () => new Response(null, { status: 204 })

beforeEach(() => {
  setActivePinia(createPinia())
  sent.length = 0
  document.cookie = 'csrf_access_token=a; path=/'
  document.cookie = 'csrf_refresh_token=r; path=/'
  vi.stubGlobal('fetch', async (request: Request) => {
    sent.push(request)
    return request.url.endsWith('/auth/logout') ? logout() : json(me)
  })
})

describe('signing out', () => {
  it('is proved by the refresh cookie, which lives longer than the access token', async () => {
    const session = useSession()
    await session.load()
    await session.signOut()
    expect(sent.at(-1)!.headers.get('X-CSRF-TOKEN')).toBe('r')
    expect(session.signedIn).toBe(false)
  })

  it('is not claimed while the server has not ended the session', async () => {
    logout = () => json({ type: 'unavailable', title: 'Later' }, 503)
    const session = useSession()
    await session.load()
    await expect(session.signOut()).rejects.toMatchObject({ status: 503 })
    expect(session.signedIn).toBe(true)
  })
})
