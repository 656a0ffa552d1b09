import { arrive, confirm, publishCampaign, signIn } from './journeys'
import { expect, PASSWORD, test } from './support'

test('admin approves a sponsor, assigns an influencer to a campaign, flags a user who is refused on the next click', async ({ browser, baseURL }) => {
  test.setTimeout(240_000)
  const stamp = Date.now()
  const name = `Northlight ${stamp}`
  const title = `Assigned ${stamp}`
  const admin = await signIn(browser, baseURL!, 'admin@accord.test')
  const sponsor = await arrive(browser, baseURL!)

  await test.step('a sponsor registers, and waits', async () => {
    await sponsor.goto('/sign-up?role=sponsor')
    await sponsor.getByLabel('Name of your brand or organisation').fill(name)
    await sponsor.getByLabel('Email').fill(`sponsor-${stamp}@accord.test`)
    await sponsor.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
    await sponsor.getByRole('button', { name: 'Create account' }).click()
    await sponsor.getByLabel('About you').fill('Lamps for huts.')
    await sponsor.getByLabel('Website').fill('https://northlight.example')
    await sponsor.getByRole('button', { name: 'Add' }).click()
    await sponsor.getByRole('option', { name: 'Outdoor' }).click()
    await sponsor.keyboard.press('Escape')
    await sponsor.getByRole('button', { name: 'Save and finish' }).click()
    await sponsor.getByRole('main').getByRole('link', { name: 'Go to your home' }).click()
    await expect(sponsor.getByText('Your account waits for approval.')).toBeVisible()
    for (const closed of ['/sponsor/wallet/statement', '/sponsor/wallet/invoices']) {
      await sponsor.goto(closed)
      await expect(sponsor.getByText('This opens once your account is approved')).toBeVisible()
    }
  })

  await test.step('the admin approves, and the sponsor may act from the next click on', async () => {
    await admin.goto('/admin/approvals')
    await admin.getByRole('button', { name: `Approve ${name}` }).click()
    await confirm(admin, 'Approve account')
    await expect(admin.getByText(`${name} may act now.`)).toBeVisible()
    await sponsor.reload()
    await expect(sponsor.getByText('Your account waits for approval.')).toBeHidden()
    await publishCampaign(sponsor, title, { budget: '3000' })
  })
  const campaign = new URL(sponsor.url()).pathname.split('/').pop()!

  await test.step('the admin proposes an influencer for the campaign', async () => {
    await admin.goto(`/admin/campaigns/${campaign}`)
    await admin.getByRole('button', { name: 'Assign influencer' }).click()
    const dialog = admin.getByRole('dialog', { name: 'Propose an influencer' })
    await dialog.getByRole('combobox', { name: 'Influencer' }).click()
    await admin.keyboard.type('Nora Olsen')
    await admin.getByRole('option', { name: /^Nora Olsen/ }).click()
    await dialog.getByLabel('Fee', { exact: true }).fill('500')
    await dialog.getByLabel('Deliverable 1').fill('One story')
    await dialog.getByRole('button', { name: /^Propose / }).click()
    await expect(admin).toHaveURL(/admin\/ad-requests\/adr_/)
  })
  const adRequest = new URL(admin.url()).pathname.split('/').pop()!

  await test.step('the sponsor is about to refuse it', async () => {
    await sponsor.goto(`/sponsor/ad-requests/${adRequest}`)
    await expect(sponsor.getByText('It goes to the influencer once you agree.')).toBeVisible()
    await sponsor.getByRole('button', { name: 'Reject', exact: true }).click()
    await expect(sponsor.getByRole('dialog')).toBeVisible()
  })

  await test.step('the admin flags the sponsor', async () => {
    await admin.goto('/admin/users')
    await admin.getByRole('searchbox').fill(name)
    await admin.getByRole('link', { name }).click()
    await admin.getByRole('button', { name: 'Flag', exact: true }).click()
    const dialog = admin.getByRole('dialog', { name: `Flag ${name}` })
    await dialog.getByRole('radio', { name: /^Suspend/ }).click()
    await dialog.getByLabel('Reason').fill('Invoices under a borrowed name.')
    await dialog.getByRole('button', { name: 'Flag and suspend' }).click()
    await expect(admin.getByText(`${name} is suspended from now on.`)).toBeVisible()
  })

  await test.step('the very next click is refused, and the sponsor is told why', async () => {
    const dialog = sponsor.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Reject offer' }).click()
    await expect(dialog.getByRole('alert')).toContainText('This account is suspended')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await sponsor.getByRole('link', { name: 'Read why and appeal' }).click()
    await expect(sponsor.getByText('Invoices under a borrowed name.')).toBeVisible()
    await sponsor.getByRole('button', { name: 'Appeal' }).click()
    await sponsor.getByRole('dialog').getByLabel('What should the admin know?').fill('The name is ours; the register says so.')
    await confirm(sponsor, 'Send appeal')
    await expect(sponsor.getByText('Another admin reads it and decides.')).toBeVisible()
  })

  await test.step('the admin lifts the flag, and the sponsor may act again', async () => {
    await admin.getByRole('button', { name: 'Lift flags' }).click()
    await confirm(admin, 'Lift 1 flag')
    await expect(admin.getByText(`All flags on ${name} are lifted.`)).toBeVisible()
    await sponsor.goto(`/sponsor/ad-requests/${adRequest}`)
    await expect(sponsor.getByText('Your account is suspended.')).toBeHidden()
    await sponsor.getByRole('button', { name: 'Reject', exact: true }).click()
    await confirm(sponsor, 'Reject offer')
    await expect(sponsor.getByText('Rejected').first()).toBeVisible()
  })
})
