import { arrive, signIn } from './journeys'
import { expect, expectAccessible, expectNoSideScroll, test } from './support'

test('a dashboard is made from a question, arranged by keyboard, shared, and opened to what lies behind', async ({ browser, baseURL }) => {
  test.setTimeout(240_000)
  const name = `Money ${Date.now()}`
  const sponsor = await signIn(browser, baseURL!, 'sponsor@accord.test')
  const panels = sponsor.getByRole('toolbar')

  await test.step('it starts from a question', async () => {
    await sponsor.goto('/sponsor/dashboards')
    await sponsor.getByRole('button', { name: 'New dashboard' }).click()
    await sponsor.getByRole('dialog').getByRole('link', { name: /What did I get for my money/ }).click()
    await expect(panels).toHaveCount(4)
    await sponsor.getByLabel('Name', { exact: true }).fill(name)
  })

  await test.step('a panel is added: fields are chosen, and charts that suit them are recommended', async () => {
    await sponsor.getByRole('button', { name: 'Add panel' }).click()
    const editor = sponsor.getByRole('dialog', { name: 'New panel' })
    await editor.getByRole('checkbox', { name: 'Counted clicks', exact: true }).check()
    await expect(editor.getByRole('radio', { name: /Figures/ })).toBeChecked()
    await editor.getByRole('searchbox', { name: 'Search fields' }).fill('influ')
    await editor.getByRole('checkbox', { name: 'Influencer', exact: true }).check()
    await expect(editor.getByRole('radio', { name: /^Bars/ })).toBeChecked()
    await editor.getByRole('searchbox', { name: 'Search fields' }).fill('week')
    await editor.getByRole('checkbox', { name: 'Week', exact: true }).check()
    await expect(editor.getByRole('radio', { name: /^Stacked bars/ })).toBeChecked()
    await editor.getByRole('radio', { name: /^Lines/ }).check()
    await expect(editor.getByRole('img', { name: /Counted clicks by/ })).toBeVisible()
    await expectAccessible(sponsor)
    await editor.getByLabel('Title', { exact: true }).fill('Clicks of each')
    await editor.getByRole('button', { name: 'Add to dashboard' }).click()
    await expect(panels).toHaveCount(5)
  })

  await test.step('it is arranged by the keyboard alone, and a step is taken back', async () => {
    const handle = sponsor.getByRole('button', { name: /^Arrange Clicks of each/ })
    await handle.focus()
    for (let at = 0; at < 4; at++) await sponsor.keyboard.press('ArrowLeft')
    await expect(panels.first()).toHaveAccessibleName('Clicks of each')
    await expect(handle).toBeFocused()
    await expect(sponsor.getByText('Clicks of each: place 1 of 5.')).toBeAttached()
    await sponsor.keyboard.press('Shift+ArrowRight')
    await expect(sponsor.getByText('Clicks of each: width 3 of 4, height 2 of 3.')).toBeAttached()
    await sponsor.keyboard.press('ArrowRight')
    await expect(panels.first()).not.toHaveAccessibleName('Clicks of each')
    await sponsor.getByRole('button', { name: 'Undo', exact: true }).click()
    await expect(panels.first()).toHaveAccessibleName('Clicks of each')
    await expectAccessible(sponsor)
  })

  await test.step('a panel is dragged to another place', async () => {
    await sponsor.getByRole('button', { name: /^Arrange Clicks of each/ }).dragTo(panels.nth(1))
    await expect(panels.nth(1)).toHaveAccessibleName('Clicks of each')
    await sponsor.getByRole('button', { name: 'Make Clicks of each narrower' }).click()
  })

  await test.step('what is not saved is asked about', async () => {
    sponsor.once('dialog', (dialog) => void dialog.dismiss())
    await sponsor.getByRole('link', { name: 'Cancel' }).click()
    await expect(panels).toHaveCount(5)
    await sponsor.getByRole('button', { name: 'Save' }).click()
    await expect(sponsor.getByRole('heading', { name, level: 1 })).toBeVisible()
    await expect(sponsor).toHaveURL(/dashboards\/dsh_/)
  })

  await test.step('a row opens what lies behind it, with the way onward', async () => {
    const panel = sponsor.getByRole('listitem').filter({ has: sponsor.getByRole('heading', { name: 'Clicks of each' }) })
    await panel.getByRole('button', { name: 'Table', exact: true }).click()
    await panel.getByRole('button', { name: /^Show what lies behind/ }).first().click()
    const behind = sponsor.getByRole('dialog', { name: 'What lies behind' })
    await expect(behind.getByRole('heading', { name: 'Clicks by reason' })).toBeVisible()
    await expectAccessible(sponsor)
    await behind.getByRole('link', { name: /^Link / }).first().click()
    await expect(sponsor).toHaveURL(/\/sponsor\/links\/lnk_/)
    await sponsor.goBack()
  })

  await test.step('a cell and a line open the same', async () => {
    await sponsor.goto('/sponsor/dashboards')
    await sponsor.getByRole('link', { name: 'What all campaigns brought' }).click()
    const heat = sponsor.getByRole('img', { name: /All clicks by influencer and click reason/ })
    await heat.scrollIntoViewIfNeeded()
    const behind = sponsor.getByRole('dialog', { name: 'What lies behind' })
    // The figure in a cell lies over it.
    await heat.locator('path').nth(4).click({ force: true })
    await expect(behind).toBeVisible()
    await sponsor.keyboard.press('Escape')
    await expect(behind).toBeHidden()
    await sponsor.getByRole('img', { name: 'Spend and net revenue by week' }).click()
    await expect(behind).toContainText('Week of')
    await sponsor.keyboard.press('Escape')
  })

  const address = await test.step('it is shared by a link that is seen once', async () => {
    await sponsor.getByRole('button', { name: 'Share', exact: true }).click()
    const dialog = sponsor.getByRole('dialog', { name: 'Share by link' })
    await dialog.getByLabel('For whom').fill('The board')
    await dialog.getByRole('button', { name: 'Make link' }).click()
    await expect(dialog.getByText('The board')).toBeVisible()
    await expectAccessible(sponsor)
    return dialog.locator('[data-share-url]').innerText()
  })

  const reader = await arrive(browser, baseURL!)
  await test.step('a stranger reads it, and can change nothing', async () => {
    await reader.goto(new URL(address).pathname)
    await expect(reader.getByRole('heading', { name: 'What all campaigns brought' })).toBeVisible()
    await expect(reader.getByText('Read only')).toBeVisible()
    await expect(reader.getByRole('heading', { name: 'Orders by week and influencer' })).toBeVisible()
    await expect(reader.getByRole('button', { name: /Edit|Share|lies behind/ })).toHaveCount(0)
    await expectAccessible(reader)
    await reader.setViewportSize({ width: 390, height: 844 })
    await expectNoSideScroll(reader)
  })

  await test.step('the link is revoked and leads nowhere', async () => {
    await sponsor.getByRole('button', { name: 'Revoke The board' }).click()
    await expect(sponsor.getByText('Nobody outside your team reads this dashboard.')).toBeVisible()
    await reader.reload()
    await expect(reader.getByText('This link leads to no dashboard')).toBeVisible()
  })
})
