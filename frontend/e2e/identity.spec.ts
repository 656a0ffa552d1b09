import { answer, expect, expectAccessible, expectNoSideScroll, signedInAs, test, themes, widths } from './support'

const pages = ['/', '/sign-in', '/sign-up', '/sign-up?role=influencer', '/forgot-password', '/reset-password?token=x', '/nowhere']
for (const theme of themes) {
  for (const width of widths) {
    test(`public pages are accessible, ${theme} at ${width}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: theme })
      await page.setViewportSize({ width, height: 900 })
      for (const path of pages) {
        await page.goto(path)
        await expect(page.locator('h1')).toBeVisible()
        await expectAccessible(page)
        await expectNoSideScroll(page)
      }
    })
  }
}

test('signing in leads to where one wanted to go', async ({ page }) => {
  await page.goto('/sponsor/wallet')
  await expect(page).toHaveURL('/sign-in?next=/sponsor/wallet')
  await signedInAs(page, 'sponsor')
  await page.evaluate(() => { document.cookie = 'csrf_access_token=test; path=/' })
  await page.getByLabel('Email').fill('greta@moraine.example')
  await page.getByRole('textbox', { name: 'Password' }).fill('correct horse battery')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page).toHaveURL('/sponsor/wallet')
})

test('a wrong password is told in place, and the fields stay', async ({ page }) => {
  await answer(page, '/api/v1/auth/login', { type: 'wrong-credentials', title: 'E-mail or password is wrong', status: 401, request_id: 'req_1' }, 401)
  await page.goto('/sign-in')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByText('Write a full address')).toBeVisible()
  await expectAccessible(page)
  await page.getByLabel('Email').fill('greta@moraine.example')
  await page.getByRole('textbox', { name: 'Password' }).fill('wrong')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('alert')).toContainText('wrong')
  await expect(page.getByRole('alert')).toContainText('req_1')
  await expect(page.getByLabel('Email')).toHaveValue('greta@moraine.example')
})

test('a second factor is asked for only when it is needed', async ({ page }) => {
  let tries = 0
  await page.route('**/api/v1/auth/login', async (route) => {
    tries++
    const { otp } = route.request().postDataJSON() as { otp?: string }
    await (otp ? route.fulfill({ json: {}, headers: { 'Set-Cookie': 'csrf_access_token=test; Path=/' } }) : route.fulfill({ status: 401, json: { type: 'otp-required' }, headers: { 'Content-Type': 'application/problem+json' } }))
  })
  await answer(page, '/api/v1/me', { id: 'usr_1', email: 'ida@accord.example', role: 'admin', status: 'active', name: 'Ida Brandt', profile: null })
  await page.goto('/sign-in')
  await page.getByLabel('Email').fill('ida@accord.example')
  await page.getByRole('textbox', { name: 'Password' }).fill('correct horse battery')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByLabel('Code from your authenticator app').fill('123456')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Sign in with code' }).click()
  await expect(page).toHaveURL('/admin')
  expect(tries).toBe(2)
})

test('the server’s words land on the field', async ({ page }) => {
  await answer(page, '/api/v1/auth/register', { type: 'invalid', title: 'x', status: 422, errors: { email: ['There is an account with this address.'] } }, 422)
  await page.goto('/sign-up?role=influencer')
  await page.getByLabel('Your name').fill('Linh Đặng')
  await page.getByLabel('Email').fill('linh@example.com')
  await page.getByRole('textbox', { name: 'Password' }).fill('a long sentence')
  await page.getByRole('button', { name: 'Create account' }).click()
  await expect(page.getByText('There is an account with this address.')).toBeVisible()
  await expect(page.getByLabel('Email')).toBeFocused()
})

test('only a path of this site may follow a sign-in', async ({ page }) => {
  await signedInAs(page, 'sponsor')
  await page.goto('/sign-in?next=//evil.example/x')
  await expect(page).toHaveURL('/sponsor')
})
