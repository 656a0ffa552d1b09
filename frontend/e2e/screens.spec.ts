import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { APIRequestContext, Browser, Page } from '@playwright/test'
import { pagesOf, SCREENS, surfaces, type PageRoute, type Surface } from './routes'
import { accessProblems, complaintsOf, expect, PASSWORD, sideScroll, test as base, themes, widths } from './support'

const HEIGHT = { 1440: 900, 390: 844 }
const TALLEST = 6000
/** What the address of a page needs besides what stands in its route. */
const queries: Record<string, string> = {
  'public/reset-password': '?token=not-a-token', 'public/accept-invitation': '?token=not-a-token', 'public/verify-email': '?token=not-a-token',
}
/** Refused on purpose: the address carries no real token. */
const refused = new Set(['public/accept-invitation', 'public/verify-email'])
/** Jobs are called by names that look like message keys. */
const named = new Set(['admin/jobs'])
/** Faces of a page that have no route of their own. */
const faces: PageRoute[] = [
  { surface: 'public', path: '/nowhere', picture: 'public/not-found' },
  { surface: 'public', path: '/sign-up?role=influencer', picture: 'public/sign-up-account' },
  { surface: 'sponsor', path: '/sponsor/campaigns?view=board', picture: 'sponsor/campaigns-board' },
  { surface: 'sponsor', path: '/sponsor/campaigns?view=calendar', picture: 'sponsor/campaigns-calendar' },
  { surface: 'admin', path: '/admin/approvals?kind=campaign', picture: 'admin/approvals-campaigns' },
]
const picturesOf = (surface: Surface) => [...pagesOf(surface), ...faces.filter((face) => face.surface === surface)]
const fileOf = (picture: string, theme: string, width: number) => join(SCREENS, `${picture}-${theme}-${width}.png`)

interface Listed { id: string; status?: string; code?: string; name?: string; campaign?: { id: string }; influencer?: { slug: string; name: string }; sponsor?: { slug?: string } }
async function list(request: APIRequestContext, path: string): Promise<Listed[]> {
  const answer = await request.get(`/api/v1/${path}`)
  expect(answer.ok(), `${path}: ${answer.status()}`).toBe(true)
  return ((await answer.json()) as { items: Listed[] }).items
}

async function signIn(request: APIRequestContext, surface: Surface, email = `${surface}@accord.test`) {
  if (surface === 'public') return
  const answer = await request.post('/api/v1/auth/login', { data: { email, password: PASSWORD } })
  expect(answer.ok()).toBe(true)
}

/** Somebody who signed up just now and has nothing yet; an admin let them in where that is asked. Gives their address. */
async function newcomer(browser: Browser, baseURL: string, role: 'sponsor' | 'influencer'): Promise<string> {
  const context = await browser.newContext({ baseURL })
  const email = `new-${role}-${Date.now()}@accord.test`
  const answer = await context.request.post('/api/v1/auth/register', { data: { email, password: PASSWORD, role, name: `New ${role}` } })
  expect(answer.ok()).toBe(true)
  await signIn(context.request, 'admin')
  const [user] = await list(context.request, `admin/users?q=${email}`)
  if (user!.status === 'pending') expect((await post(context.request, 'admin/users/approvals', { ids: [user!.id], decision: 'approve', reason: '' })).ok()).toBe(true)
  await context.close()
  return email
}

async function post(request: APIRequestContext, path: string, data: object, headers: Record<string, string> = {}) {
  const { cookies } = await request.storageState()
  const token = cookies.find((cookie) => cookie.name.endsWith('csrf_access_token'))!.value
  return request.post(`/api/v1/${path}`, { headers: { 'X-CSRF-TOKEN': token, ...headers }, data })
}

/** The demo raises no flag; one warning stands for them. Sent twice, it is still one. */
async function flagSomebody(request: APIRequestContext) {
  const [user] = await list(request, 'admin/users?role=influencer&q=Milan')
  const data = { effect: 'warn', severity: 'low', reason: 'Two posts went out without saying that they are advertising.', evidence: [{ text: 'The post of the second hut night has no disclosure in its first line.', url: null }] }
  await post(request, `admin/users/${user!.id}/flag`, data, { 'Idempotency-Key': 'pictures-of-a-flag' })
}

/** A link of the demo, which only those who have it know of. */
async function anyLink(browser: Browser, baseURL: string): Promise<string> {
  const context = await browser.newContext({ baseURL })
  await signIn(context.request, 'influencer')
  const [link] = await list(context.request, 'influencer/links?status=active')
  await context.close()
  return link!.code!
}

/** A link by which anyone reads the demo's dashboard. */
async function anyShare(browser: Browser, baseURL: string): Promise<string> {
  const context = await browser.newContext({ baseURL })
  await signIn(context.request, 'sponsor')
  const [dashboard] = await list(context.request, 'sponsor/dashboards')
  const made = await post(context.request, `sponsor/dashboards/${dashboard!.id}/shares`, { name: 'Pictures', days: 1 })
  const { url } = (await made.json()) as { url: string }
  await context.close()
  return url.split('/').pop()!
}

/** Parameters for each page with some, from what the demo holds: all of one agreement, so that the pictures tell one story. */
async function parameters(browser: Browser, baseURL: string, request: APIRequestContext, surface: Surface): Promise<Record<string, Record<string, string>>> {
  if (surface === 'public') {
    const [campaign] = await list(request, 'public/campaigns')
    const influencers = await list(request, 'public/influencers?available=true&q=Linh')
    return { campaign: { id: campaign!.id }, sponsor: { slug: campaign!.sponsor!.slug! }, influencer: { slug: (influencers[0] as unknown as { slug: string }).slug }, 'link-terms': { code: await anyLink(browser, baseURL) }, 'shared-dashboard': { token: await anyShare(browser, baseURL) } }
  }
  const adRequests = await list(request, `${surface}/ad-requests?limit=100`)
  const adRequest = adRequests.find((one) => one.status === 'active' && one.influencer!.name === 'Linh Đặng')!
  const of = { 'ad-request': { id: adRequest.id }, campaign: { id: adRequest.campaign!.id }, 'campaign-report': { id: adRequest.campaign!.id }, messages: { id: adRequest.id } }
  const first = async (path: string) => ({ id: (await list(request, path))[0]!.id })
  const brought: Record<string, Record<string, string>> = surface === 'admin' ? { link: await first(`admin/links?ad_request_id=${adRequest.id}`) } : { link: await first(`${surface}/links?ad_request_id=${adRequest.id}`), order: await first(`${surface}/orders?ad_request_id=${adRequest.id}`) }
  if (surface === 'influencer') return { ...of, ...brought, opportunity: await first('public/campaigns'), invoice: await first('influencer/invoices') }
  const campaigns = await list(request, `${surface}/campaigns?limit=100`)
  const dashboard = await first(`${surface}/dashboards`)
  const written = { 'campaign-edit': { id: campaigns.find((one) => one.status === 'draft')!.id } }
  if (surface === 'admin') {
    await flagSomebody(request)
    const money = { payout: await first('admin/payouts'), 'payout-batch': await first('admin/payouts/batches'), deposit: await first('admin/deposits'), invoice: await first('admin/invoices') }
    return { ...of, ...written, ...money, ...brought, dashboard, user: await first('admin/users?q=Greta'), flag: await first('admin/flags') }
  }
  const part = { id: adRequest.campaign!.id }
  return {
    ...of, ...written, ...brought, 'campaign-applicants': part, 'campaign-ad-requests': part, 'campaign-tracking': part, 'campaign-dashboards': part, dashboard, 'dashboard-edit': dashboard, 'campaign-settings': part, influencer: { slug: adRequest.influencer!.slug }, brand: await first('sponsor/brands'), invoice: await first('sponsor/invoices'),
  }
}

function addressOf(page: PageRoute, values: Record<string, Record<string, string>>): string {
  const own = values[page.picture.split('/')[1]!]
  const path = page.path.replace(/\/:(\w+)(\?)?/g, (_, name: string, optional?: string) => {
    const value = own?.[name]
    expect(value ?? optional, `a value for :${name} of ${page.path}: name one in parameters()`).toBeDefined()
    return value ? `/${value}` : ''
  })
  return path + (queries[page.picture] ?? '')
}

/** Loaded, drawn, and at rest. */
async function quiet(page: Page) {
  await expect(page.locator('h1').first()).toBeVisible()
  await expect(page.getByRole('status', { name: 'Loading' })).toHaveCount(0)
  await page.evaluate(async () => {
    await document.fonts.ready
    await new Promise<void>((resolve) => {
      let timer = setTimeout(done, 400)
      const latest = setTimeout(done, 4000)
      const watcher = new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(done, 400) })
      watcher.observe(document.body, { subtree: true, childList: true, characterData: true })
      function done() { clearTimeout(latest); watcher.disconnect(); resolve() }
    })
  })
  await expect(page.getByRole('status', { name: 'Loading' })).toHaveCount(0)
}

const locale = fileURLToPath(new URL('../src/locales/en/', import.meta.url))
const namespaces = readdirSync(locale).filter((file) => file.endsWith('.json')).map((file) => file.replace('.json', ''))

/** Message keys, unfilled places and values that nobody formatted, as a reader would meet them. */
async function rawWords(page: Page, namespaces: readonly string[]): Promise<string[]> {
  return page.evaluate((names) => {
    const key = new RegExp(`(^|\\s)(${names.join('|') || '(?!)'})(\\.[a-z0-9_]+)+(\\s|$)`)
    const unformatted = /\bundefined\b|\bNaN\b|Invalid Date|\[object |\{[a-z_]+\}|\bnull\b/
    const texts: string[] = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) if (!walker.currentNode.parentElement?.closest('script, style')) texts.push(walker.currentNode.textContent ?? '')
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]')) {
      for (const name of ['aria-label', 'title', 'placeholder', 'alt']) texts.push(element.getAttribute(name) ?? '')
    }
    return [...new Set([document.title, ...texts].filter((text) => key.test(text) || unformatted.test(text)).map((text) => text.trim()))]
  }, namespaces)
}

/** The whole page on one picture, with what sticks to the edges at the edges. */
async function take(page: Page, width: 1440 | 390, file: string) {
  const height = await page.evaluate(() => document.documentElement.scrollHeight)
  await page.setViewportSize({ width, height: Math.min(Math.max(height, HEIGHT[width]), TALLEST) })
  mkdirSync(dirname(file), { recursive: true })
  await page.screenshot({ path: file, animations: 'disabled' })
  await page.setViewportSize({ width, height: HEIGHT[width] })
}

/** Each picture's page is watched by itself, so that what is wrong names its page. */
const test = base.extend({ watch: async ({}, use) => { await use() } })

/** Pages that need nothing but the account. */
const openAtOnce = (surface: Surface) => pagesOf(surface).filter(({ path }) => !/:\w+(?!\w|\?)/.test(path))

/** Opens pages of a surface in turn, all of them or those of a newcomer; gives what is wrong with each, and keeps its picture where asked. */
async function visit(browser: Browser, baseURL: string, surface: Surface, theme: 'light' | 'dark', width: 1440 | 390, { pictures = false, email = '' } = {}): Promise<string[]> {
  const context = await browser.newContext({ baseURL, viewport: { width, height: HEIGHT[width] }, colorScheme: theme, reducedMotion: 'reduce', locale: 'en-GB', timezoneId: 'UTC' })
  await signIn(context.request, surface, email || undefined)
  const values = email ? {} : await parameters(browser, baseURL, context.request, surface)
  const page = await context.newPage()
  const complaints = complaintsOf(page, baseURL)
  const wrong: string[] = []
  for (const one of email ? openAtOnce(surface) : picturesOf(surface)) {
    await base.step(one.picture, async () => {
      const found: string[] = []
      await page.goto(addressOf(one, values))
      await quiet(page)
      if (pictures) await take(page, width, fileOf(one.picture, theme, width))
      if (await sideScroll(page) > 0) found.push('scrolls sideways')
      found.push(...(await rawWords(page, named.has(one.picture) ? [] : namespaces)).map((words) => `raw words: ${words}`))
      if ((theme === 'light') === (width === 1440)) found.push(...(await accessProblems(page)))
      found.push(...complaints.splice(0))
      if (!refused.has(one.picture) && await page.getByRole('alert').count()) found.push(`an error: ${await page.getByRole('alert').first().innerText()}`)
      wrong.push(...found.map((what) => `${one.picture}: ${what}`))
    })
  }
  await context.close()
  return wrong
}

for (const surface of surfaces) {
  test(`every page of the ${surface} opens, fits a phone and is accessible`, async ({ browser, baseURL }) => {
    test.setTimeout(900_000)
    expect(await visit(browser, baseURL!, surface, 'dark', 390)).toEqual([])
  })
  for (const theme of themes) {
    for (const width of widths) {
      test(`pictures of the ${surface} pages, ${theme} at ${width}`, { tag: '@screens' }, async ({ browser, baseURL }) => {
        test.setTimeout(900_000)
        expect(await visit(browser, baseURL!, surface, theme, width, { pictures: true })).toEqual([])
      })
    }
  }
}

for (const role of ['sponsor', 'influencer'] as const) {
  test(`every page of a new ${role} opens with nothing in it`, async ({ browser, baseURL }) => {
    test.setTimeout(300_000)
    expect(await visit(browser, baseURL!, role, 'light', 390, { email: await newcomer(browser, baseURL!, role) })).toEqual([])
  })
}

test('every page has its pictures, and no picture is of a page that is gone', () => {
  const wanted = surfaces.flatMap((surface) => picturesOf(surface).flatMap((one) => themes.flatMap((theme) => widths.map((width) => fileOf(one.picture, theme, width)))))
  expect(wanted.filter((file) => !existsSync(file)), 'make screens takes them').toEqual([])
  const taken = surfaces.flatMap((surface) => readdirSync(join(SCREENS, surface)).filter((file) => file.endsWith('.png')).map((file) => join(SCREENS, surface, file)))
  expect(taken.filter((file) => !wanted.includes(file)), 'delete them').toEqual([])
})

test('every page has a name, and no two share one', () => {
  const all = surfaces.flatMap(picturesOf).map((one) => one.picture)
  expect(all.filter((picture) => picture.endsWith('/'))).toEqual([])
  expect(all.filter((picture, at) => all.indexOf(picture) !== at)).toEqual([])
})
