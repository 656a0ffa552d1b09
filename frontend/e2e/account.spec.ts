import { createHmac } from 'node:crypto'
import { type Page } from '@playwright/test'
import { arrive } from './journeys'
import { expect, expectAccessible, PASSWORD, test } from './support'

// Signing up, a lost password and a second factor, against the server; its mailbox page gives the mails.

/** Registers an influencer of one's own and stays signed in as them. */
async function register(page: Page, name: string, email: string) {
  await page.goto('/sign-up?role=influencer')
  await page.getByLabel('Your name').fill(name)
  await page.getByLabel('Email').fill(email)
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByRole('button', { name: 'Later' }).click()
  await expect(page.getByText(`We sent a link to ${email}.`)).toBeVisible()
}

async function signOut(page: Page, name: string) {
  await page.getByRole('button', { name: `Account of ${name}` }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(page.getByRole('button', { name: `Account of ${name}` })).toBeHidden()
}

async function enter(page: Page, email: string, password: string) {
  await page.goto('/sign-in')
  await page.getByLabel('Email', { exact: true }).fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** The path in the latest mail to an address that leads to `page`. */
async function linkTo(page: Page, email: string, path: string): Promise<string> {
  const link = page.locator(`article a[href^="${path}?token="]`)
  await expect(async () => {
    await page.goto('/mailbox')
    await page.getByRole('list', { name: 'Mailbox' }).getByRole('button', { name: email }).first().click()
    await expect(link).toBeVisible({ timeout: 3_000 })
  }).toPass()
  return (await link.getAttribute('href'))!
}

const step = () => Math.floor(Date.now() / 30_000)

/** The code that an authenticator app shows in a step of 30 seconds (RFC 6238). */
function codeOf(secret: string, at: number): string {
  const bits = [...secret].map((one) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(one).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(at))
  const digest = createHmac('sha1', key).update(counter).digest()
  const from = digest[digest.length - 1]! & 15
  return String((digest.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

test('an address is confirmed by the link that was mailed to it, once', async ({ page }) => {
  const email = `confirm-${Date.now()}@accord.test`
  await register(page, 'Ada Unsure', email)
  await page.goto('/influencer/settings')
  await expect(page.getByText('Not confirmed yet')).toBeVisible()
  const link = await linkTo(page, email, '/verify-email')
  await page.goto(link)
  await expect(page.getByRole('heading', { name: 'Your address is confirmed' })).toBeVisible()
  await page.goto('/influencer/settings')
  await expect(page.getByText('Confirmed', { exact: true })).toBeVisible()
  await page.goto(link)
  await expect(page.getByRole('heading', { name: 'This link does not work' })).toBeVisible()
})

test('a forgotten password is replaced by a mailed link, which works once and signs out everywhere', async ({ browser, baseURL, page }) => {
  const email = `reset-${Date.now()}@accord.test`
  const other = await arrive(browser, baseURL!)
  await register(other, 'Forgetful', email)

  await page.goto('/forgot-password')
  await page.getByLabel('Email').fill(email)
  await page.getByRole('button', { name: 'Send the link' }).click()
  await expect(page.getByRole('heading', { name: 'Look at your mail' })).toBeVisible()
  const link = await linkTo(page, email, '/reset-password')
  await page.goto(link)
  await page.getByRole('textbox', { name: 'New password' }).fill('a-wholly-new-password')
  await page.getByRole('button', { name: 'Set password' }).click()
  await expect(page.getByRole('heading', { name: 'Your password is set' })).toBeVisible()

  await other.goto('/influencer/settings')
  await expect(other).toHaveURL(/sign-in/)
  await enter(page, email, PASSWORD)
  await expect(page.getByRole('alert')).toBeVisible()
  await enter(page, email, 'a-wholly-new-password')
  await expect(page).toHaveURL('/influencer')

  await signOut(page, 'Forgetful')
  await page.goto(link)
  await page.getByRole('textbox', { name: 'New password' }).fill('another-new-password')
  await page.getByRole('button', { name: 'Set password' }).click()
  await expect(page.getByRole('alert')).toBeVisible()
})

test('a second factor is asked for once it is set up, takes no code twice, and a recovery code stands in', async ({ page }) => {
  const email = `factor-${Date.now()}@accord.test`
  await register(page, 'Careful', email)
  await page.goto('/influencer/settings')
  await page.getByRole('button', { name: 'Set up authenticator' }).click()
  const dialog = page.getByRole('dialog')
  const secret = await dialog.locator('.id-text').innerText()
  const used = step()
  await dialog.getByLabel('Code', { exact: true }).fill(codeOf(secret, used))
  await dialog.getByRole('button', { name: 'Switch on' }).click()
  const recovery = await dialog.getByRole('listitem').first().innerText()
  await dialog.getByLabel('I have kept them').check()
  await dialog.locator('footer').getByRole('button', { name: 'Close' }).click()
  await signOut(page, 'Careful')

  const field = page.getByLabel('Code from your authenticator app')
  const refusal = page.getByRole('alert').first()
  const send = async (code: string) => {
    await field.fill(code)
    await page.getByRole('button', { name: 'Sign in with code' }).click()
  }
  await enter(page, email, PASSWORD)
  await expect(field).toBeVisible()
  await expectAccessible(page)
  await send(codeOf(secret, used)) // seen over a shoulder
  await expect(refusal).toBeVisible()
  await expect(page).toHaveURL('/sign-in')
  await send(codeOf(secret, Math.max(step(), used + 1)))
  await expect(page).toHaveURL('/influencer')

  await signOut(page, 'Careful')
  await enter(page, email, PASSWORD)
  await send(recovery)
  await expect(page).toHaveURL('/influencer')
  await signOut(page, 'Careful')
  await enter(page, email, PASSWORD)
  await send(recovery)
  await expect(refusal).toBeVisible()
})
