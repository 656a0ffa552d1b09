import AxeBuilder from '@axe-core/playwright'
import { expect, test as base, type Page } from '@playwright/test'

/** Of everybody in the demo. */
export const PASSWORD = 'accord-demo-1'
export const themes = ['light', 'dark'] as const
export const widths = [1440, 390] as const

/** What a page does that no page may: errors in the console, requests that leave this site. Fills itself. */
export function complaintsOf(page: Page, baseURL: string): string[] {
  const wrong: string[] = []
  page.on('console', (message) => {
    // The browser itself reports every refused request as an error; what the page makes of it is tested elsewhere.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) wrong.push(message.text())
  })
  page.on('pageerror', (error) => wrong.push(String(error)))
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    if (protocol.startsWith('http') && origin !== new URL(baseURL).origin) wrong.push(`asked ${request.url()}`)
  })
  return wrong
}

/** Every test fails on an error in the console, a broken policy and a request that leaves this site. */
export const test = base.extend<{ watch: void }>({
  watch: [
    async ({ page, baseURL }, use) => {
      const wrong = complaintsOf(page, baseURL!)
      await use()
      expect(wrong).toEqual([])
    },
    { auto: true },
  ],
})
export { expect }

export async function expectAccessible(page: Page, part?: string) {
  expect(await accessProblems(page, part)).toEqual([])
}

/** What axe finds, a line for each rule. */
export async function accessProblems(page: Page, part?: string): Promise<string[]> {
  const builder = new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
  if (part) builder.include(part)
  // What floats stands beside the landmarks, as the menu and list patterns want it.
  if (await page.locator('[data-reka-popper-content-wrapper], [data-sonner-toast]').count()) builder.disableRules(['region'])
  const { violations } = await builder.analyze()
  return violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`)
}

export const sideScroll = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)

export async function expectNoSideScroll(page: Page) {
  expect(await sideScroll(page)).toBeLessThanOrEqual(0)
}

/** Answers of the API for tests of the page alone. */
export async function answer(page: Page, path: string, body: unknown, status = 200) {
  await page.route(`**${path}`, (route) => route.fulfill({ status, json: body, headers: status >= 400 ? { 'Content-Type': 'application/problem+json' } : {} }))
}

/** Signs in for real as somebody of the demo; `standing` replaces a part of what the server says of the account. */
export async function signedInAs(page: Page, role: 'admin' | 'sponsor' | 'influencer', standing?: { status?: string; team_suspended?: boolean }) {
  const answered = await page.request.post('/api/v1/auth/login', { data: { email: `${role}@accord.test`, password: PASSWORD } })
  expect(answered.ok()).toBe(true)
  if (!standing) return
  await page.route('**/api/v1/me', async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, json: { ...(await response.json()), ...standing } })
  })
}
