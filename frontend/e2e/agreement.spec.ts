import { confirm, publishCampaign, signIn } from './journeys'
import { expect, test } from './support'

test('sponsor publishes, influencer applies, they counter twice, accept, submit, change, approve, publish, confirm, rate', async ({ browser, baseURL }) => {
  test.setTimeout(240_000)
  const title = `Journey ${Date.now()}`
  const sponsor = await signIn(browser, baseURL!, 'sponsor@accord.test')
  const influencer = await signIn(browser, baseURL!, 'influencer@accord.test')

  await test.step('the sponsor writes and publishes a campaign', async () => {
    await publishCampaign(sponsor, title, { budget: '3000' })
  })

  await test.step('the influencer finds it and shows interest', async () => {
    await influencer.goto('/influencer/opportunities')
    await influencer.getByRole('searchbox').first().fill(title)
    await influencer.getByRole('link', { name: title }).first().click()
    await influencer.getByRole('button', { name: /show interest/i }).first().click()
    await influencer.getByLabel('Fee', { exact: true }).fill('800')
    await influencer.getByLabel('Deliverable 1').fill('Hut evening, one reel')
    await influencer.getByLabel('Message').fill('I know the hut.')
    await influencer.getByRole('button', { name: /send|show interest|apply/i }).last().click()
    await expect(influencer).toHaveURL(/ad-requests\/adr_/)
  })
  const id = new URL(influencer.url()).pathname.split('/').pop()!

  await test.step('they counter twice', async () => {
    await sponsor.goto(`/sponsor/ad-requests/${id}`)
    await sponsor.getByRole('button', { name: 'Counter' }).click()
    await sponsor.getByRole('dialog').getByLabel('Fee', { exact: true }).fill('700')
    await sponsor.getByRole('dialog').getByLabel('Message').fill('We can do 700.')
    await sponsor.getByRole('button', { name: 'Send counter-offer' }).click()
    await expect(sponsor.getByRole('dialog')).toBeHidden()
    await influencer.reload()
    await expect(influencer.getByText('We can do 700.').first()).toBeVisible()
    await influencer.getByRole('button', { name: 'Counter' }).click()
    await influencer.getByRole('dialog').getByLabel('Fee', { exact: true }).fill('750')
    await influencer.getByRole('button', { name: 'Send counter-offer' }).click()
    await expect(influencer.getByRole('dialog')).toBeHidden()
  })

  await test.step('the sponsor accepts, and the fee is held', async () => {
    await sponsor.reload()
    await expect(sponsor.locator('del', { hasText: '700.00' })).toBeVisible()
    await expect(sponsor.locator('ins', { hasText: '750.00' })).toBeVisible()
    await sponsor.getByRole('button', { name: 'Accept', exact: true }).click()
    await confirm(sponsor, /Accept and hold .*750\.00/)
    await expect(sponsor.getByText('Accepted by both')).toBeVisible()
    await expect(sponsor.getByText('€750.00').first()).toBeVisible()
  })

  await test.step('the influencer submits, the sponsor asks for changes, the influencer submits again', async () => {
    await influencer.reload()
    await influencer.getByRole('button', { name: 'Submit draft' }).first().click()
    await influencer.getByRole('dialog').getByLabel('Caption or text').fill('An evening at the hut.')
    await confirm(influencer, 'Submit draft')
    await sponsor.reload()
    await sponsor.getByRole('button', { name: 'Ask for changes' }).click()
    await sponsor.getByRole('dialog').getByLabel('What should change').fill('Say that it is an advertisement.')
    await confirm(sponsor, 'Ask for changes')
    await influencer.reload()
    await expect(influencer.getByText('Say that it is an advertisement.').first()).toBeVisible()
    await influencer.getByRole('button', { name: 'Submit draft' }).first().click()
    await influencer.getByRole('dialog').getByLabel('Caption or text').fill('Advertisement. An evening at the hut.')
    await confirm(influencer, 'Submit draft')
  })

  await test.step('the sponsor approves, the influencer publishes, the sponsor confirms', async () => {
    await sponsor.reload()
    await sponsor.getByRole('button', { name: 'Approve draft' }).click()
    await confirm(sponsor, 'Approve draft')
    await influencer.reload()
    await influencer.getByRole('button', { name: 'Give post URL' }).first().click()
    await influencer.getByRole('dialog').getByLabel('Address of the live post').fill('https://photos.example/p/Journey1/')
    await confirm(influencer, 'Publish at this address')
    await sponsor.reload()
    await sponsor.getByRole('button', { name: 'Confirm post' }).click()
    await confirm(sponsor, /Confirm and release .*750\.00/)
    await expect(sponsor.getByText('Completed').first()).toBeVisible()
  })

  await test.step('both rate, and see each other’s stars only then', async () => {
    await sponsor.getByRole('radio', { name: '5 stars' }).click()
    await sponsor.getByLabel('In a sentence').fill('On time.')
    await sponsor.getByRole('button', { name: 'Send rating' }).click()
    await expect(sponsor.getByText(/hidden until both are in/)).toBeVisible()
    await influencer.reload()
    await expect(influencer.getByText('On time.')).toBeHidden()
    await influencer.getByRole('radio', { name: '4 stars' }).click()
    await influencer.getByLabel('In a sentence').fill('Clear brief.')
    await influencer.getByRole('button', { name: 'Send rating' }).click()
    await expect(influencer.getByText('On time.')).toBeVisible()
    await sponsor.reload()
    await expect(sponsor.getByText('Clear brief.')).toBeVisible()
  })
})
