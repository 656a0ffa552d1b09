import { expect, expectAccessible, expectNoSideScroll, test, themes, widths } from './support'

for (const theme of themes) {
  for (const width of widths) {
    test(`the kit is accessible, ${theme} at ${width}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: theme })
      await page.setViewportSize({ width, height: 900 })
      await page.goto('/kit')
      await expect(page.locator('svg text').first()).toBeVisible()
      await expectAccessible(page)
      await expectNoSideScroll(page)
    })
  }
}

test.describe('with the keyboard alone', () => {
  test.beforeEach(async ({ page }) => { await page.goto('/kit') })

  test('a choice is made in a select', async ({ page }) => {
    const select = page.getByRole('combobox', { name: 'Hold period' })
    await select.focus()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('option', { name: '14 days' })).toBeVisible()
    await expectAccessible(page, '[role="listbox"]')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect(select).toContainText('14 days')
  })

  test('a choice is searched for', async ({ page }) => {
    await page.getByRole('combobox', { name: /^Language/ }).focus()
    await page.keyboard.press('Enter')
    await page.keyboard.type('viet')
    await expectAccessible(page, '.floating')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('combobox', { name: /^Language/ })).toContainText('Vietnamese')
  })

  test('a date is typed, and picked', async ({ page }) => {
    await page.getByRole('spinbutton', { name: /day/i }).first().focus()
    await page.keyboard.type('05')
    await expect(page.getByRole('spinbutton', { name: /day/i }).first()).toHaveText('05')
    await page.getByRole('button', { name: 'Open calendar' }).press('Enter')
    await expect(page.getByRole('application')).toBeVisible()
    await expectAccessible(page, '[data-reka-popper-content-wrapper]')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('spinbutton', { name: /day/i }).first()).toHaveText('06')
  })

  test('an amount is read in the reader’s notation', async ({ page }) => {
    const fee = page.getByLabel('Fee')
    await fee.fill('2500.5')
    await fee.blur()
    await expect(fee).toHaveValue('2,500.50')
  })

  test('a dialog holds the focus and gives it back', async ({ page }) => {
    const opener = page.getByRole('button', { name: 'Cancel and refund €900.00' }).last()
    await opener.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Cancel “Packing list, carousel”?' })
    await expect(dialog).toBeVisible()
    await expectAccessible(page, '[role="dialog"]')
    for (let step = 0; step < 6; step++) await page.keyboard.press('Tab')
    expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true)
    await page.keyboard.press('Escape')
    await expect(dialog).toBeHidden()
    await expect(opener).toBeFocused()
  })

  test('a toast can be undone', async ({ page }) => {
    await page.getByRole('button', { name: 'Show a toast' }).press('Enter')
    const toast = page.locator('[data-sonner-toast]')
    await expect(toast).toContainText('Undo, ')
    await toast.getByRole('button', { name: /^Undo/ }).press('Enter')
    await expect(toast).toBeHidden()
  })

  test('a chart shows its table', async ({ page }) => {
    const chart = page.getByRole('figure', { name: 'Six of ten beat the mean of phase 1' })
    await chart.getByRole('button', { name: 'Table' }).press('Enter')
    await expect(chart.getByRole('row', { name: 'Linh Đặng 41' })).toBeVisible()
    await expectAccessible(page)
  })

  test('a chart is saved as picture and as figures', async ({ page }) => {
    await page.getByRole('button', { name: 'Download: Six of ten beat the mean of phase 1' }).press('Enter')
    const [picture] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Picture (PNG)' }).press('Enter')])
    expect(picture.suggestedFilename()).toBe('chart.png')
    await page.getByRole('button', { name: 'Download: Six of ten beat the mean of phase 1' }).press('Enter')
    const [figures] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Figures (CSV)' }).press('Enter')])
    expect(figures.suggestedFilename()).toBe('chart.csv')
  })

  test('columns are chosen, and the choice stays', async ({ page }) => {
    const table = page.getByRole('table', { name: 'Influencers' }).last()
    await expect(table.getByRole('columnheader', { name: 'Updated' })).toBeVisible()
    await page.getByRole('button', { name: 'Columns' }).press('Enter')
    await page.getByRole('checkbox', { name: 'Updated' }).press('Space')
    await expectAccessible(page)
    await page.reload()
    await expect(table.getByRole('columnheader', { name: 'Updated' })).toHaveCount(0)
  })
})
