// Are relations shown, drawn and changed: households, referrals, accounts with their people?
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { axeFindings, shoot, signIn } from './browser.mjs'
import { setStage } from './stage.mjs'

const stage = setStage()
const { opened } = stage

const region = (page, name) => page.getByRole('region', { name, exact: true })

async function firstKnown(on) {
  const list = await stage.context.request.get(`${on.url}/api/customers?known=true&limit=1`)
  return (await list.json()).items[0]
}

test('relations are drawn, listed, and lead to the people by keyboard', async (t) => {
  const shop = await stage.mockShop(t)
  const known = await firstKnown(shop)
  const page = await opened(t, `/know/customers/${known.id}`, { on: shop })
  const relations = region(page, 'Relations')
  await relations.getByText('Referred by (1)').waitFor()
  await relations.getByText(/by code FRIEND-71, since/).waitFor()
  await relations.getByText(/Not known yet/).waitFor()
  const drawing = relations.getByRole('group', { name: 'The relations as a drawing' })
  const other = drawing.getByRole('link').first()
  await other.focus()
  assert.match(await other.getAttribute('aria-label'), /referred this customer/)
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => !url.pathname.endsWith(known.id))
})

test('influence says its number, its interval and who was left out', async (t) => {
  const shop = await stage.mockShop(t)
  const page = await opened(t, `/know/customers/${(await firstKnown(shop)).id}`, { on: shop })
  const relations = region(page, 'Relations')
  await relations.getByText('+1.0 to +6.4 with 95 % confidence').waitFor()
  await relations.getByRole('button', { name: /^Influence/ }).click()
  const drawer = page.getByRole('dialog', { name: 'Influence' })
  await drawer.getByText(/^People whom this customer referred/).waitFor()
  await drawer.getByText('1 person whose window is still open').waitFor()
  await page.keyboard.press('Escape')
  await relations.getByText(/people reached, one by one/).click()
  await relations
    .getByText(/comparable people did/)
    .first()
    .waitFor()
  await page.goto(`${shop.url}/know/influence`)
  await page.getByRole('grid', { name: 'Influence' }).waitFor()
  await page.getByRole('combobox', { name: 'How long an order counts' }).click()
  await page.getByRole('option', { name: '90 days' }).click()
  await page.waitForURL(/days=90/)
})

test('somebody is taken out of a household, and the way back is offered', async (t) => {
  const shop = await stage.mockShop(t)
  const page = await opened(t, `/know/customers/${(await firstKnown(shop)).id}`, { on: shop })
  const household = region(page, 'Household')
  await household.getByText(/Same surname at the same address/).waitFor()
  await household.getByRole('button', { name: /^Take out:/ }).click()
  await household.getByText(/^Taken out by/).waitFor()
  assert.equal(shop.world.movedOut.size, 1)
  await page.getByRole('button', { name: 'Undo' }).click()
  await household.getByRole('button', { name: /^Take out:/ }).waitFor()
  assert.equal(shop.world.movedOut.size, 0)
})

test('an account shows roles, and suggests members who can be added or put away', async (t) => {
  const shop = await stage.mockShop(t)
  const page = await opened(t, '/know/accounts/a_0001', { on: shop })
  await region(page, 'Customers').getByText('buyer').waitFor()
  await region(page, 'Customers')
    .getByText(/Head of Facilities/)
    .waitFor()
  const suggested = region(page, 'Suggested members')
  await suggested.getByText('Verified').waitFor()
  await suggested
    .getByRole('button', { name: /^Add as a member/ })
    .first()
    .click()
  await region(page, 'Customers').getByText('Added by ada@northlight.example').waitFor()
  await suggested
    .getByRole('button', { name: /^Not theirs/ })
    .first()
    .click()
  await suggested.getByText('Put away as no members').waitFor()
  await suggested.getByRole('button', { name: /^Suggest again/ }).click()
  await suggested.getByText('Put away as no members').waitFor({ state: 'detached' })
  const domains = region(page, 'Domains')
  await domains.getByLabel('Claim a domain').fill('nonsense')
  await domains.getByRole('button', { name: 'Claim it' }).click()
  await domains.getByText(/is no domain/).waitFor()
  await domains.getByLabel('Claim a domain').fill('gmail.com')
  await domains.getByRole('button', { name: 'Claim it' }).click()
  await domains.getByText('Free mail: suggests nobody').waitFor()
  await domains.getByRole('button', { name: 'Drop gmail.com' }).click()
  await domains.getByText('gmail.com').waitFor({ state: 'detached' })
  const traits = region(page, 'Traits')
  await traits.getByRole('button', { name: /employees/i }).click()
  await traits.getByRole('list', { name: 'Other values' }).getByText('180').waitFor()
})

test('the list of free mail is saved and can be undone', async (t) => {
  const shop = await stage.mockShop(t)
  const page = await opened(t, '/settings/accounts', { on: shop })
  await page.getByLabel('More domains of free mail').fill('campus.example')
  await page.getByRole('button', { name: 'Save the settings' }).click()
  await page.getByText(/^Version 1, changed by/).waitFor()
  assert.deepEqual(shop.world.accountSettings.free_mail_added, ['campus.example'])
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText(/^Version 2, changed by/).waitFor()
})

test('who has no relations is told how they come about; who may not change sees why', async (t) => {
  const shop = await stage.mockShop(t, { customers: 40 })
  shop.world.user = { ...shop.world.user, role: 'read_only' }
  const list = await stage.context.request.get(`${shop.url}/api/customers?known=true&limit=9`)
  const third = (await list.json()).items[2]
  const page = await opened(t, `/know/customers/${third.id}`, { on: shop })
  await region(page, 'Relations')
    .getByText(/Relations appear with events/)
    .waitFor()
  await page.goto(`${shop.url}/know/accounts/a_0001`)
  const add = page.getByRole('button', { name: /^Add as a member/ }).first()
  assert.ok(await add.isDisabled())
  assert.match(await add.getAttribute('title'), /This needs the role/)
})

test('relations are clean, wide and narrow, light and dark', async (t) => {
  const shop = await stage.mockShop(t)
  const known = await firstKnown(shop)
  for (const [width, scheme] of [
    [1440, 'light'],
    [1440, 'dark'],
    [390, 'light'],
    [390, 'dark'],
  ]) {
    const page = await opened(t, `/know/customers/${known.id}`, { on: shop, width, scheme })
    const tab = page.getByRole('tab', { name: 'Profile' })
    await page.getByRole('heading', { level: 1 }).waitFor()
    if (await tab.isVisible()) await tab.click()
    const relations = region(page, 'Relations')
    await relations.getByText('Referred by (1)').waitFor()
    await relations.evaluate((element) => element.scrollIntoView())
    await page.waitForTimeout(350)
    await shoot(page, `relations-${scheme}-${width}`)
    assert.deepEqual(await axeFindings(page), [], `relations ${scheme} ${width}`)
    await page.goto(`${shop.url}/know/accounts/a_0001`)
    await region(page, 'Suggested members').waitFor()
    await page.waitForTimeout(350)
    await shoot(page, `account-${scheme}-${width}`)
    assert.deepEqual(await axeFindings(page), [], `account ${scheme} ${width}`)
    await page.goto(`${shop.url}/know/influence`)
    await page.getByText(/reached too few people/).waitFor()
    await shoot(page, `influence-${scheme}-${width}`)
    assert.deepEqual(await axeFindings(page), [], `influence ${scheme} ${width}`)
  }
})

test('a real referral is found from both ends', async (t) => {
  await signIn(stage.context, stage.engine)
  if (stage.engine.isMock) return t.skip('needs the real engine')
  const sources = await (await stage.context.request.get(`${stage.engine.url}/api/sources`)).json()
  const source = sources.items.find((one) => one.write_key && one.kind !== 'import')
  const say = (events) =>
    stage.context.request.post(`${stage.engine.url}/v1/batch`, {
      headers: { authorization: `Basic ${Buffer.from(`${source.write_key}:`).toString('base64')}` },
      data: { batch: events },
    })
  const tag = Date.now().toString(36)
  const address = { street: 'Storgata 5', postalCode: `0${tag}` }
  const reply = await say([
    {
      type: 'identify',
      userId: `ann-${tag}`,
      traits: { name: 'Ann Ødegård', referral_code: `A-${tag}`, address },
    },
    { type: 'identify', userId: `ben-${tag}`, traits: { name: 'Ben Ødegård', address } },
    {
      type: 'track',
      userId: `ben-${tag}`,
      event: 'Signed Up',
      properties: { referral_code: `a-${tag}` },
    },
  ])
  assert.ok(reply.ok(), String(reply.status()))
  let found
  for (let n = 0; n < 50 && !found?.ok(); n += 1) {
    await new Promise((done) => setTimeout(done, 200))
    found = await stage.context.request.get(
      `${stage.engine.url}/api/lookup?kind=user_id&value=ben-${tag}`,
    )
  }
  const { customer_id } = await found.json()
  const page = await opened(t, `/know/customers/${customer_id}`)
  const relations = region(page, 'Relations')
  await relations.getByText('Referred by (1)').waitFor()
  await relations.getByRole('link', { name: 'Ann Ødegård', exact: true }).first().waitFor()
  const household = region(page, 'Household')
  await household.getByRole('button', { name: 'Take out: Ann Ødegård' }).click()
  await household.getByText(/^Taken out by/).waitFor()
  assert.deepEqual(await axeFindings(page), [])
})
