import type { Page } from '@playwright/test'
import { confirm, publishCampaign, signIn } from './journeys'
import { expect, test } from './support'

const FEE = '431'

/** Until the worker has done its part, the page is looked at again. */
async function awaits(page: Page, what: () => Promise<boolean>) {
  await expect(async () => {
    if (await what()) return
    await page.reload()
    await expect.poll(what, { timeout: 5_000 }).toBe(true)
  }).toPass({ timeout: 90_000, intervals: [1_000, 2_000, 4_000] })
}

test('money goes from deposit to withdrawal paid', async ({ browser, baseURL }) => {
  test.setTimeout(300_000)
  const title = `Money ${Date.now()}`
  const sponsor = await signIn(browser, baseURL!, 'sponsor@accord.test')
  const influencer = await signIn(browser, baseURL!, 'influencer@accord.test')

  await test.step('the sponsor deposits on the pay page of the gateway and is told what came of it', async () => {
    await sponsor.goto('/sponsor/wallet')
    await sponsor.getByRole('button', { name: 'Deposit', exact: true }).first().click()
    const dialog = sponsor.getByRole('dialog')
    await dialog.getByLabel('Amount', { exact: true }).fill('500')
    await dialog.getByRole('button', { name: /^Deposit .*500\.00/ }).click()
    // The page is followed by itself when the gateway has it at once; else a link leads there.
    const page = sponsor.getByRole('heading', { name: /^Pay .*500\.00/ })
    const link = dialog.getByRole('link', { name: /gateway.s page/ })
    await expect(page.or(link)).toBeVisible()
    if (await link.isVisible()) await link.click()
    await expect(page).toBeVisible()
    await sponsor.getByRole('radio').first().check()
    await sponsor.getByRole('button', { name: 'Continue' }).click()
    await expect(sponsor).toHaveURL(/\/sponsor\/wallet/)
    await expect(sponsor.getByText(/500\.00 is in your wallet/).first()).toBeVisible({ timeout: 60_000 })
  })

  await test.step('they agree on a post whose fee may be withdrawn at once', async () => {
    await publishCampaign(sponsor, title, { budget: '1000', holdDays: '0' })
    await influencer.goto('/influencer/opportunities')
    await influencer.getByRole('searchbox').first().fill(title)
    await influencer.getByRole('link', { name: title }).first().click()
    await influencer.getByRole('button', { name: /show interest/i }).first().click()
    await influencer.getByLabel('Fee', { exact: true }).fill(FEE)
    await influencer.getByLabel('Deliverable 1').fill('One story')
    await influencer.getByRole('button', { name: /send|show interest|apply/i }).last().click()
    await expect(influencer).toHaveURL(/ad-requests\/adr_/)
  })
  const id = new URL(influencer.url()).pathname.split('/').pop()!

  await test.step('the fee is held at acceptance and released at completion', async () => {
    await sponsor.goto(`/sponsor/ad-requests/${id}`)
    await sponsor.getByRole('button', { name: 'Accept', exact: true }).click()
    await confirm(sponsor, new RegExp(`Accept and hold .*${FEE}\\.00`))
    await expect(sponsor.getByText('Accepted by both')).toBeVisible()
    await influencer.reload()
    await influencer.getByRole('button', { name: 'Submit draft' }).first().click()
    await influencer.getByRole('dialog').getByLabel('Caption or text').fill('Advertisement. One story.')
    await confirm(influencer, 'Submit draft')
    await sponsor.reload()
    await sponsor.getByRole('button', { name: 'Approve draft' }).click()
    await confirm(sponsor, 'Approve draft')
    await influencer.reload()
    await influencer.getByRole('button', { name: 'Give post URL' }).first().click()
    await influencer.getByRole('dialog').getByLabel('Address of the live post').fill('https://www.instagram.com/p/Money1/')
    await confirm(influencer, 'Publish at this address')
    await sponsor.reload()
    await sponsor.getByRole('button', { name: 'Confirm post' }).click()
    await confirm(sponsor, new RegExp(`Confirm and release .*${FEE}\\.00`))
    await expect(sponsor.getByText('Completed').first()).toBeVisible()
  })

  await test.step('the influencer says where to be paid, and withdraws', async () => {
    await influencer.goto('/influencer/earnings')
    await influencer.getByRole('button', { name: 'Add payout details' }).click()
    await influencer.getByRole('dialog').getByRole('radio', { name: /^Sandbox/ }).check()
    await confirm(influencer, 'Save payout details')
    await influencer.getByRole('button', { name: 'Withdraw' }).first().click()
    await influencer.getByRole('dialog').getByLabel('Amount', { exact: true }).fill(FEE)
    await confirm(influencer, new RegExp(`^Withdraw .*${FEE}\\.00`))
  })

  await test.step('it is paid, and all proofs of the ledger hold', async () => {
    const paid = influencer.getByRole('table', { name: 'Withdrawals' }).getByRole('row').filter({ hasText: `${FEE}.00` }).filter({ hasText: 'Paid' })
    await awaits(influencer, () => paid.first().isVisible())
    const admin = await signIn(browser, baseURL!, 'admin@accord.test')
    await admin.goto('/admin/payouts?status=paid')
    await admin.getByRole('row').filter({ hasText: `${FEE}.00` }).getByRole('link').first().click()
    await expect(admin.getByText('It is paid.')).toBeVisible()
    await admin.goto('/admin/ledger')
    await expect(admin.getByRole('heading', { name: 'All money is where it should be' })).toBeVisible()
  })
})
