import { signIn } from './journeys'
import { expect, expectAccessible, expectNoSideScroll, signedInAs, test, themes, widths } from './support'

for (const role of ['admin', 'sponsor', 'influencer'] as const) {
  for (const theme of themes) {
    test(`the frame of the ${role} is accessible, ${theme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: theme })
      await signedInAs(page, role)
      for (const width of widths) {
        await page.setViewportSize({ width, height: 900 })
        await page.goto(`/${role}/nothing-here`)
        await expect(page.locator('h1')).toBeVisible()
        await expectAccessible(page)
        await expectNoSideScroll(page)
      }
    })
  }
}

test('someone else’s surface leads home', async ({ browser, baseURL }) => {
  const page = await signIn(browser, baseURL!, 'influencer@accord.test')
  await page.goto('/admin/ledger')
  await expect(page).toHaveURL('/influencer')
})

test('Ctrl K jumps to a page', async ({ page }) => {
  await signedInAs(page, 'sponsor')
  await page.goto('/sponsor/nothing-here')
  await expect(page.locator('h1')).toBeVisible()
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog')).toBeVisible()
  await expectAccessible(page)
  await page.keyboard.type('wall')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL('/sponsor/wallet')
})

test('the theme is chosen, kept, and there before the first paint', async ({ page }) => {
  await signedInAs(page, 'sponsor')
  await page.goto('/sponsor/nothing-here')
  await page.getByRole('button', { name: 'Account of Greta Holm' }).click()
  await expectAccessible(page)
  await page.getByRole('menuitem', { name: 'Dark' }).click()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page.route('**/assets/index-*.js', (route) => route.abort())
  await page.goto('/sponsor/nothing-here', { waitUntil: 'commit' })
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
})

test('a phone has a tab bar, and the rest behind More', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await signedInAs(page, 'influencer')
  await page.goto('/influencer/nothing-here')
  const bar = page.getByRole('navigation', { name: 'Main' })
  await expect(bar.getByRole('link')).toHaveCount(4)
  await bar.getByRole('button', { name: 'More' }).click()
  await expectAccessible(page)
  await page.getByRole('menuitem', { name: 'Calendar' }).click()
  await expect(page).toHaveURL('/influencer/calendar')
})

test('a member of a suspended team reads why nothing can be done', async ({ page }) => {
  await signedInAs(page, 'sponsor', { team_suspended: true })
  await page.goto('/sponsor/brands')
  await expect(page.getByText('Your team is suspended.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'New brand' })).toHaveCount(0)
})

test('a suspended account says what still works', async ({ page }) => {
  await signedInAs(page, 'sponsor', { status: 'suspended' })
  await page.goto('/sponsor/nothing-here')
  await expect(page.getByText('Your account is suspended.')).toBeVisible()
  await expectAccessible(page)
})

test('a lost connection is told', async ({ page, context }) => {
  await signedInAs(page, 'sponsor')
  await page.goto('/sponsor/nothing-here')
  await expect(page.locator('h1')).toBeVisible()
  await context.setOffline(true)
  await expect(page.getByText('No connection.')).toBeVisible()
  await context.setOffline(false)
  await expect(page.getByText('No connection.')).toBeHidden()
})

test('a server that does not answer is not taken for a sign-out', async ({ page }) => {
  await page.addInitScript(() => { document.cookie = 'csrf_access_token=test; path=/' })
  let up = false
  await page.route('**/api/v1/**', (route) => (up ? route.fulfill({ json: { items: [], next: null } }) : route.abort()))
  await page.goto('/sponsor/nothing-here')
  await expect(page.getByRole('heading', { name: 'Accord cannot be reached' })).toBeVisible()
  await expectAccessible(page)
  up = true
  await page.route('**/api/v1/me', (route) => route.fulfill({ json: { id: 'usr_1', email: 'g@x.example', role: 'sponsor', status: 'active', name: 'Greta Holm', profile: null } }))
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('heading', { name: 'There is nothing here' })).toBeVisible()
  await expect(page).toHaveURL('/sponsor/nothing-here')
})
