import { readFileSync } from 'node:fs'
import { signIn } from './journeys'
import { expect, expectAccessible, test } from './support'

test('filters of a list are kept under a name, chosen again, opened first, and taken along as a file', async ({ browser, baseURL }) => {
  const name = `Sponsors ${Date.now()}`
  const page = await signIn(browser, baseURL!, 'admin@accord.test')
  const users = page.getByRole('table', { name: 'Users' })
  const roles = () => users.getByRole('row').filter({ hasText: /influencer/i })

  await test.step('the list is filtered, and kept so', async () => {
    await page.goto('/admin/users?role=sponsor')
    await expect(users).toBeVisible()
    await page.getByRole('button', { name: 'Views' }).click()
    await expectAccessible(page)
    await page.getByRole('menuitem', { name: 'Save this view…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Save this view' })
    await dialog.getByLabel('Name').fill(name)
    await dialog.getByRole('checkbox', { name: 'Open this list with it' }).click()
    await dialog.getByRole('button', { name: 'Save view' }).click()
    await expect(page.getByRole('button', { name })).toBeVisible()
  })

  await test.step('the list opens with it', async () => {
    await page.goto('/admin')
    await page.getByRole('link', { name: 'Users', exact: true }).click()
    await expect(page).toHaveURL(/users\?role=sponsor$/)
    await expect(users).toBeVisible()
    await expect(roles()).toHaveCount(0)
  })

  await test.step('the file holds what the list shows', async () => {
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Export CSV' }).click()])
    expect(file.suggestedFilename()).toMatch(/^users-\d{4}-\d{2}-\d{2}\.csv$/)
    const lines = readFileSync(await file.path(), 'utf8').trim().split('\r\n')
    expect(lines[0]).toContain('id,name,email')
    expect(lines.length).toBeGreaterThan(1)
    expect(lines.slice(1).every((line) => line.includes(',sponsor,'))).toBe(true)
  })

  await test.step('everything is one choice away, and so is the end of the view', async () => {
    await page.getByRole('button', { name }).click()
    await page.getByRole('menuitem', { name: 'Everything, without filters' }).click()
    await expect(page).toHaveURL(/users$/)
    await page.getByRole('button', { name: 'Views' }).click()
    await page.getByRole('menuitem', { name: 'Manage views…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Views of this list' })
    await expectAccessible(page)
    await dialog.getByRole('button', { name: `Delete ${name}` }).click()
    await expect(dialog.getByText(name)).toHaveCount(0)
  })
  await page.context().close()
})
