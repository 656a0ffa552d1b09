import { answer, expect, expectAccessible, expectNoSideScroll, PASSWORD, signedInAs, test, themes, widths } from './support'

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
  await page.getByLabel('Email').fill('sponsor@accord.test')
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page).toHaveURL('/sponsor/wallet')
  await expect(page.getByRole('heading', { name: 'Wallet' })).toBeVisible()
})

test('a wrong password is told in place, and the fields stay', async ({ page }) => {
  await answer(page, '/api/v1/auth/login', { type: 'wrong-credentials', title: 'Email or password is wrong', status: 401, request_id: 'req_1' }, 401)
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

test('an address that has an account is told, and nothing is made', async ({ page }) => {
  await page.goto('/sign-up?role=influencer')
  await page.getByLabel('Your name').fill('Linh Đặng')
  await page.getByLabel('Email').fill('sponsor@accord.test')
  await page.getByRole('textbox', { name: 'Password' }).fill('a long sentence')
  await page.getByRole('button', { name: 'Create account' }).click()
  await expect(page.getByRole('alert')).toContainText('account')
  await expect(page.getByRole('heading', { name: 'Your account' })).toBeVisible()
})

test('only a path of this site may follow a sign-in', async ({ page }) => {
  await signedInAs(page, 'sponsor')
  await page.goto('/sign-in?next=//evil.example/x')
  await expect(page).toHaveURL('/sponsor')
})
