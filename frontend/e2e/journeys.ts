import { type Browser, type Page } from '@playwright/test'
import { expect, PASSWORD } from './support'

/** A browser of its own for each person, so that three can be at it at once. */
export async function arrive(browser: Browser, baseURL: string): Promise<Page> {
  const context = await browser.newContext({ baseURL, viewport: { width: 1440, height: 1000 } })
  return context.newPage()
}

export async function signIn(browser: Browser, baseURL: string, email: string): Promise<Page> {
  const page = await arrive(browser, baseURL)
  await page.goto('/sign-in')
  await page.getByLabel('Email', { exact: true }).fill(email)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).not.toHaveURL(/sign-in/)
  return page
}

/** Types a day into a date field, part by part, in the order of the reader's locale. */
export async function typeDay(page: Page, label: string, day: Date, nth = 0) {
  const group = page.getByRole('group', { name: label }).nth(nth)
  const parts: Record<string, string> = {
    day: String(day.getDate()).padStart(2, '0'),
    month: String(day.getMonth() + 1).padStart(2, '0'),
    year: String(day.getFullYear()),
  }
  for (const part of await group.getByRole('spinbutton').all()) {
    const name = (await part.getAttribute('data-reka-date-field-segment')) ?? ''
    await part.click()
    await page.keyboard.type(parts[name]!)
  }
}

export const inDays = (days: number) => new Date(Date.now() + days * 86_400_000)

/** The dialog that asks once; its button says the deed. */
export async function confirm(page: Page, deed: string | RegExp) {
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: deed }).click()
  await expect(dialog).toBeHidden()
}

/** Through the five steps of the wizard, to a campaign that takes proposals. */
export async function publishCampaign(page: Page, title: string, { budget, holdDays }: { budget: string; holdDays?: string }) {
  await page.goto('/sponsor/campaigns/new')
  await page.getByLabel('Campaign title').fill(title)
  await page.getByRole('textbox', { name: 'Description' }).fill('One evening at the **hut**, told in your words.')
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByLabel('Budget', { exact: true }).fill(budget)
  await typeDay(page, 'First day', inDays(1))
  await typeDay(page, 'Last day', inDays(60))
  if (holdDays !== undefined) await page.getByLabel('Hold after release').fill(holdDays)
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByRole('button', { name: 'Publish' }).last().click()
  await confirm(page, 'Publish campaign')
  await expect(page.getByRole('heading', { name: title })).toBeVisible()
}
