import { confirm, publishCampaign, signIn } from './journeys'
import { expect, test } from './support'

const PHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1'

test('a link is made, clicked and bought through, and its commission is seen by the influencer', async ({ browser, baseURL }) => {
  test.setTimeout(300_000)
  const title = `Links ${Date.now()}`
  const sponsor = await signIn(browser, baseURL!, 'sponsor@accord.test')
  const influencer = await signIn(browser, baseURL!, 'influencer@accord.test')

  let campaign = ''

  await test.step('they agree on a post with a commission', async () => {
    await publishCampaign(sponsor, title, { budget: '1000' })
    await influencer.goto('/influencer/opportunities')
    await influencer.getByRole('searchbox').first().fill(title)
    await influencer.getByRole('link', { name: title }).first().click()
    await influencer.getByRole('button', { name: /show interest/i }).first().click()
    await influencer.getByLabel('Fee', { exact: true }).fill('120')
    await influencer.getByRole('checkbox', { name: /commission/i }).check()
    await influencer.getByLabel('Deliverable 1').fill('One story')
    await influencer.getByRole('button', { name: /send|show interest|apply/i }).last().click()
    await expect(influencer).toHaveURL(/ad-requests\/adr_/)
    const id = new URL(influencer.url()).pathname.split('/').pop()!
    await sponsor.goto(`/sponsor/ad-requests/${id}`)
    await sponsor.getByRole('button', { name: 'Accept', exact: true }).click()
    await confirm(sponsor, /Accept and hold/)
    await expect(sponsor.getByText('Accepted by both')).toBeVisible()
  })

  await test.step('the sponsor makes a link to the shop', async () => {
    const me = (await (await sponsor.request.get('/api/v1/me')).json()) as { profile: { id: string } }
    await sponsor.goto('/sponsor/campaigns')
    await sponsor.getByRole('searchbox').first().fill(title)
    await sponsor.getByRole('link', { name: title }).first().click()
    await sponsor.getByRole('link', { name: 'Tracking' }).click()
    campaign = new URL(sponsor.url()).pathname.split('/')[3]!
    await sponsor.getByRole('button', { name: 'Add link' }).first().click()
    await sponsor.getByRole('dialog').getByLabel('Leads to').fill(`${baseURL}/sandbox/shop/${me.profile.id}`)
    await sponsor.getByRole('dialog').getByRole('button', { name: 'Add link' }).click()
    await expect(sponsor.getByRole('dialog')).toBeHidden()
    await expect(sponsor.getByRole('table', { name: 'Links' }).getByText('Active')).toBeVisible()
  })

  const address = await test.step('the influencer has the link with its QR code', async () => {
    await influencer.goto('/influencer/links')
    await influencer.getByRole('link', { name: 'Moraine Outdoor' }).first().click()
    await expect(influencer.getByRole('heading', { name: 'Link to Moraine Outdoor' })).toBeVisible()
    await influencer.getByRole('button', { name: 'QR code' }).click()
    await expect.poll(() => influencer.getByRole('img', { name: /QR code that leads to/ }).evaluate((picture: HTMLImageElement) => picture.naturalWidth)).toBeGreaterThan(100)
    const words = await influencer.getByRole('img', { name: /QR code that leads to/ }).getAttribute('alt')
    return words!.replace(/^.*leads to /, '')
  })

  const report = await test.step('the sponsor opens the report, in which nothing is ordered yet', async () => {
    const page = await sponsor.context().newPage()
    await page.goto(`/sponsor/campaigns/${campaign}/report`)
    // It hears of news a moment after it is drawn.
    const listening = page.waitForResponse((response) => response.url().endsWith('/account/events') && response.ok())
    await expect(page.getByText('Nothing to report yet')).toBeVisible()
    await listening
    await page.evaluate(() => { (window as unknown as { unloaded: boolean }).unloaded = false })
    return page
  })

  const number = await test.step('a visitor follows it and buys', async () => {
    const visitor = await (await browser.newContext({ userAgent: PHONE })).newPage()
    await visitor.goto(address)
    await expect(visitor).toHaveURL(/\/sandbox\/shop\/.*utm_source=.*accord_click=/)
    await visitor.getByRole('button', { name: 'Buy' }).click()
    await expect(visitor.getByRole('heading', { name: 'Thank you for your order' })).toBeVisible()
    return visitor.locator('code').innerText()
  })

  await test.step('the open report changes its figure by itself', async () => {
    await expect(report.getByRole('row', { name: /^Orders\b/ }).first().getByRole('cell').first()).toHaveText('1', { timeout: 15_000 })
    expect(await report.evaluate(() => (window as unknown as { unloaded?: boolean }).unloaded), 'it was not loaded anew').toBe(false)
    await report.close()
  })

  await test.step('the influencer sees the order, why it is theirs, and the commission', async () => {
    await influencer.goto('/influencer/links/orders')
    await influencer.getByRole('link', { name: number }).click()
    await expect(influencer.getByRole('heading', { name: 'Credited to you' })).toBeVisible()
    await expect(influencer.getByText('This touch decides.')).toBeVisible()
    await expect(influencer.getByText('It is in your earnings and can be withdrawn after the hold period.')).toBeVisible()
  })

  await test.step('the click is counted, and the sponsor sees what it brought', async () => {
    await sponsor.getByRole('table', { name: 'Links' }).getByRole('link').first().click()
    await expect(sponsor).toHaveURL(/\/sponsor\/links\/lnk_/)
    await expect(async () => {
      await sponsor.reload()
      await expect(sponsor.getByRole('heading', { name: 'How 1 request became 1 counted' })).toBeVisible({ timeout: 3_000 })
    }).toPass({ timeout: 90_000 })
    await sponsor.goto('/sponsor/orders')
    await sponsor.getByRole('link', { name: number }).click()
    await expect(sponsor.getByRole('heading', { name: /^Credited to / })).toBeVisible()
  })
})
