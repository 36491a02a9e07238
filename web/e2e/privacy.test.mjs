// Can a request be answered from its first word to its proof: entered, exported, suspended, erased?
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { axeFindings, openEngine, shoot, signIn } from './browser.mjs'
import { setStage, sizes } from './stage.mjs'

const stage = setStage({ isSignedIn: true })
const { opened } = stage

async function get(path, on = stage.engine) {
  const reply = await stage.context.request.get(on.url + path)
  return { status: reply.status(), body: await reply.json().catch(() => null) }
}

/** Somebody with a name, and not the first: other tests like the first. */
async function somebody(skip, on = stage.engine) {
  const { body } = await get('/api/customers?known=true&limit=50', on)
  const named = body.items.filter((row) => row.name && row.email && row.name.length < 40)
  assert.ok(named.length > skip, 'a customer with a name')
  return named[named.length - 1 - skip]
}

const dialogOf = (page) => page.getByRole('dialog')
const choose = async (page, item) => {
  await page.getByRole('button', { name: 'Privacy', exact: true }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

test('a request is entered, extended, refused with a reason and opened again', async (t) => {
  const page = await opened(t, '/privacy')
  await page.getByRole('button', { name: 'Enter a request' }).click()
  const form = page.getByRole('dialog', { name: 'Enter a request' })
  await form.getByRole('radio', { name: 'Wants something corrected' }).check()
  const contact = `letter-${Date.now()}@post.example`
  await form.getByLabel('Where does the answer go?').fill(contact)
  await form.getByLabel('Note').fill('the street is spelt wrongly')
  await form.getByRole('button', { name: 'Enter the request' }).click()
  const drawer = page.getByRole('dialog', { name: /^Request q_/ })
  await drawer.getByText(/days left/).waitFor()
  await drawer.getByText('It takes longer than 30 days').click()
  await drawer.getByLabel('Why it takes longer').fill('three systems to look through')
  await drawer.getByRole('button', { name: 'Extend to 90 days' }).click()
  await drawer.getByText(/extended: three systems/).waitFor()
  assert.ok(await drawer.getByRole('button', { name: 'Refuse it' }).isDisabled(), 'no reason yet')
  await drawer.getByLabel('What was done, or why not').fill('it is not theirs')
  await drawer.getByRole('button', { name: 'Refuse it' }).click()
  await drawer.getByRole('button', { name: 'Open it again' }).click()
  await drawer.getByRole('button', { name: 'It is answered' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: contact }).waitFor()
})

test('a customer is suspended, shown so everywhere, and resumed', async (t) => {
  const customer = await somebody(0)
  const page = await opened(t, `/know/customers/${customer.id}`)
  await choose(page, 'Suspend…')
  await dialogOf(page).getByLabel('Why').fill('contests an order')
  await dialogOf(page).getByRole('button', { name: 'Suspend this customer' }).click()
  await page.getByText('contests an order').waitFor()
  await page.goto(`${stage.engine.url}/privacy/suspended`)
  const line = page.getByRole('listitem').filter({ hasText: 'contests an order' })
  await line.getByRole('button', { name: `Resume ${customer.name}` }).click()
  await line.waitFor({ state: 'detached' })
  await page.goto(`${stage.engine.url}/know/customers/${customer.id}`)
  await page.getByRole('heading', { level: 1, name: customer.name }).waitFor()
  assert.equal(await page.getByText('is suspended').count(), 0)
})

test('what is known is exported as a page and as data', async (t) => {
  const customer = await somebody(1)
  const page = await opened(t, `/know/customers/${customer.id}`)
  await choose(page, 'Export what is known…')
  const download = page.waitForEvent('download')
  await dialogOf(page).getByRole('link', { name: 'Download the data' }).click()
  assert.match((await download).suggestedFilename(), /^customer-.*\.json$/)
  const href = await dialogOf(page).getByRole('link', { name: 'Look at it' }).getAttribute('href')
  const reply = await stage.context.request.get(stage.engine.url + href)
  assert.equal(reply.status(), 200)
  assert.match(reply.headers()['content-type'], /text\/html/)
})

test('a customer is erased: preview, typed number, steps, certificate, tombstones', async (t) => {
  const customer = await somebody(2)
  const page = await opened(t, `/know/customers/${customer.id}`)
  await choose(page, 'Erase…')
  const dialog = dialogOf(page)
  await dialog.getByText(/are deleted everywhere/).waitFor()
  const act = dialog.getByRole('button', { name: 'Erase this customer' })
  assert.ok(await act.isDisabled(), 'the number is not typed yet')
  await dialog.getByLabel(`Type ${customer.id} to confirm`).fill(customer.id)
  await act.click()
  await page.waitForURL('**/privacy/erasures/p_*')
  await page.getByText('Erased', { exact: true }).waitFor({ timeout: 60_000 })
  assert.equal((await get(`/api/customers/${customer.id}`)).status, 404)
  await page.getByRole('link', { name: 'See the certificate' }).click()
  await page.getByText(/nothing was found\.$/).waitFor()
  await page.goto(`${stage.engine.url}/privacy/erasures`)
  await page.getByLabel('Value').fill(customer.email)
  await page.getByRole('button', { name: 'Look', exact: true }).click()
  await page.getByText(/^Yes: erased/).waitFor()
  await page.getByRole('link', { name: `Customer ${customer.id}` }).click()
  await page.getByRole('button', { name: 'Let them come back…' }).click()
  await page.getByRole('button', { name: 'Let them come back', exact: true }).click()
  await page
    .getByText(/is taken as of somebody new/)
    .first()
    .waitFor()
})

test('an erasure is ordered by keyboard alone, from the request that asks for it', async (t) => {
  const shop = await stage.mockShop(t)
  const page = await opened(t, '/privacy?kind=erasure', { on: shop })
  await page.getByRole('list', { name: 'Requests' }).getByRole('button').first().focus()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Erase this customer…' }).focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: /^Erase / })
  const field = dialog.getByLabel(/^Type c_\d+ to confirm$/)
  await field.focus()
  const [request] = shop.world.requests
  await page.keyboard.type(request.customer_id)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/privacy/erasures/p_*')
  await page.getByRole('heading', { level: 1, name: 'Erasure p_0960' }).waitFor()
  await page.getByText('Files of the history').waitFor()
  assert.equal(request.erasure_id, 'p_0960', 'the request is answered by it')
  assert.equal(request.status, 'done')
})

test('retention says what would go before it goes, and refuses a stale change', async (t) => {
  const shop = await stage.mockShop(t)
  const page = await opened(t, '/privacy/retention', { on: shop })
  await page.getByText('every event is kept for ever').waitFor()
  await page.getByRole('button', { name: 'Add a rule' }).click()
  await page.getByLabel('Kept for, in days').fill('90')
  await page.getByRole('button', { name: /^Put them in force and delete [\d,]+ events$/ }).click()
  await page.getByText(/^Version 1, changed/).waitFor()
  assert.deepEqual(shop.world.retention.rules, [{ kind: 'page', name: null, days: 90 }])
  shop.world.retention.version = 9
  await page.getByLabel('Kept for, in days').fill('400')
  await page.getByRole('button', { name: /^Put them in force/ }).click()
  await page.getByText(/changed by somebody else meanwhile/).waitFor()
  assert.equal(await page.getByLabel('Kept for, in days').inputValue(), '400')
})

test('consent is told with its evidence', async (t) => {
  const shop = await stage.mockShop(t)
  const page = await opened(t, '/privacy/consent', { on: shop })
  const card = page.getByRole('listitem', { name: 'Marketing by e-mail' })
  await card.getByText(/agreed; .* confirmed that it was they\.$/).waitFor()
  await card.getByText('The evidence: texts and sources').click()
  await card.getByRole('row', { name: /2026-01/ }).waitFor()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download as CSV' }).click()
  assert.match((await download).suggestedFilename(), /^consent-.*\.csv$/)
})

test('sales may handle requests but not erase; analysts see why not', async (t) => {
  const shop = await stage.mockShop(t)
  shop.world.user = { ...shop.world.user, role: 'sales' }
  const customer = await somebody(0, shop)
  const page = await opened(t, `/know/customers/${customer.id}`, { on: shop })
  await page.getByRole('button', { name: 'Privacy', exact: true }).click()
  const erase = page.getByRole('menuitem', { name: 'Erase…' })
  assert.ok(await erase.isDisabled())
  assert.match(await erase.getAttribute('title'), /needs the role admin/)
  await page.goto(`${shop.url}/privacy/retention`)
  await page.getByText(/needs the role admin/).waitFor()
  assert.equal(await page.getByRole('button', { name: 'Add a rule' }).count(), 0)
  shop.world.user = { ...shop.world.user, role: 'analyst' }
  await page.goto(`${shop.url}/privacy`)
  await page.getByText('This needs the role admin, marketer or sales').waitFor()
})

const parts = [
  ['requests', '/privacy'],
  ['erasures', '/privacy/erasures'],
  ['suspended', '/privacy/suspended'],
  ['consent', '/privacy/consent'],
  ['retention', '/privacy/retention'],
]

test('an empty engine teaches, a failing one explains', async (t) => {
  const empty = await openEngine({ mockOnly: true, empty: true })
  t.after(() => empty.stop())
  await signIn(stage.context, empty)
  const page = await opened(t, '/privacy', { on: empty })
  await page.getByText('Nothing to answer').waitFor()
  await page.goto(`${empty.url}/privacy/erasures`)
  await page.getByText('Erasures will be listed here').waitFor()
  await page.goto(`${empty.url}/privacy/suspended`)
  await page.getByText('Suspended customers will be listed here').waitFor()
  await page.goto(`${empty.url}/privacy/consent`)
  await page.getByText('Consents will be counted here').waitFor()
  empty.world.fail = true
  for (const [, path] of parts) {
    await page.goto(empty.url + path)
    await page.getByText('The disk is full').first().waitFor()
    await page.getByRole('button', { name: 'Try again' }).first().waitFor()
  }
})

for (const { width, scheme } of sizes) {
  test(`the privacy centre, ${scheme}, ${width} px`, async (t) => {
    const shop = await stage.mockShop(t)
    const page = await opened(t, '/privacy', { on: shop, width, scheme })
    const look = async (name) => {
      await page.waitForTimeout(400)
      await shoot(page, `privacy-${name}-${scheme}-${width}`)
      const wider = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      assert.equal(wider, 0, `${name} scrolls sideways`)
      assert.deepEqual(await axeFindings(page), [], name)
    }
    await page.getByRole('list', { name: 'Requests' }).waitFor()
    await look('requests')
    await page.getByRole('list', { name: 'Requests' }).getByRole('button').first().click()
    await page.getByRole('button', { name: 'It is answered' }).waitFor()
    await look('request')
    await page.goto(`${shop.url}/privacy?new=1`)
    await page.getByRole('button', { name: 'Enter the request' }).waitFor()
    await look('request-new')
    const customer = await somebody(0, shop)
    await page.goto(`${shop.url}/know/customers/${customer.id}`)
    await choose(page, 'Suspend…')
    await look('suspend')
    await dialogOf(page).getByLabel('Why').fill('contests an order')
    await dialogOf(page).getByRole('button', { name: 'Suspend this customer' }).click()
    await page.getByText('contests an order').waitFor()
    await look('customer-suspended')
    await choose(page, 'Export what is known…')
    await look('export')
    await page.keyboard.press('Escape')
    await choose(page, 'Erase…')
    await dialogOf(page)
      .getByText(/are deleted everywhere/)
      .waitFor()
    await look('erase')
    await dialogOf(page)
      .getByLabel(/^Type /)
      .fill(customer.id)
    await dialogOf(page).getByRole('button', { name: 'Erase this customer' }).click()
    await page.waitForURL('**/privacy/erasures/p_*')
    await page.getByRole('progressbar').waitFor()
    await look('erasing')
    shop.world.erasures_stand = false
    await page.getByText('Erased', { exact: true }).waitFor()
    await look('erased')
    await page.getByRole('link', { name: 'See the certificate' }).click()
    await page.getByText(/nothing was found\.$/).waitFor()
    await look('certificate')
    for (const [name, path] of parts.slice(1)) {
      await page.goto(shop.url + path)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await look(name)
    }
    await page.getByRole('button', { name: 'Add a rule' }).click()
    await page.getByRole('button', { name: /^Put them in force/ }).waitFor()
    await look('retention-effect')
  })
}
