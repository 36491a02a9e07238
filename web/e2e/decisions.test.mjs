// Can a person say who is one customer, see it everywhere, and take it back: by mouse and by keyboard?
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { axeFindings, openEngine, shoot, signIn } from './browser.mjs'
import { inFocus, setStage, sizes } from './stage.mjs'

const stage = setStage({ isSignedIn: true })
const { opened } = stage

async function get(path, on = stage.engine) {
  const reply = await stage.context.request.get(on.url + path)
  assert.equal(reply.status(), 200, path)
  return reply.json()
}

const customerOf = (id, on) => get(`/api/customers/${id}`, on)

/** Two who are known by name and address, the older id first. */
async function two(skip) {
  const { items } = await get('/api/customers?known=true&has_orders=true&limit=50')
  const known = items.filter((row) => row.name && row.email).slice(skip, skip + 2)
  assert.equal(known.length, 2, 'two customers with a name and an address')
  return known.sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** A customer with a link that holds them together, and that link. */
async function linked() {
  const { items } = await get('/api/customers?known=true&limit=50')
  for (const row of items) {
    const customer = await customerOf(row.id)
    const link = customer.links.find((one) => one.active)
    if (link && customer.identifiers.length <= 6) return { customer, link }
  }
  throw new Error('nobody has a link')
}

async function showProfile(page) {
  const tab = page.getByRole('tab', { name: 'Profile' })
  if (await tab.isVisible()) await tab.click()
  await page.getByRole('heading', { name: 'Identifiers' }).waitFor()
}

const dialogOf = (page) => page.getByRole('dialog')
const gone = (locator) => locator.waitFor({ state: 'detached' })

/** Whom the whole address finds; while it is typed, others are offered. */
const found = (page, customer) =>
  dialogOf(page).getByRole('option').filter({ hasText: customer.email })

async function chooseToMerge(page, customer) {
  await page.getByRole('button', { name: 'Merge with…' }).click()
  await dialogOf(page).getByRole('combobox').fill(customer.email)
  await found(page, customer).click()
  await dialogOf(page)
    .getByText(/2 customers become one/)
    .waitFor()
}

test('two customers are merged, the page follows, and Undo parts them again', async (t) => {
  const [older, younger] = await two(0)
  const page = await opened(t, `/know/customers/${younger.id}`)
  await chooseToMerge(page, older)
  const dialog = dialogOf(page)
  assert.equal(await dialog.getByRole('region', { name: 'Now' }).getByRole('article').count(), 2)
  assert.equal(await dialog.getByRole('region', { name: 'Then' }).getByRole('article').count(), 1)
  await dialog.getByLabel('Why').fill('met at the desk')
  await dialog.getByRole('button', { name: 'Merge these two' }).click()
  await page.waitForURL(`**/know/customers/${older.id}`)
  await gone(dialog)
  assert.equal((await customerOf(younger.id)).canonical_id, older.id)
  await page.getByRole('region', { name: 'Decisions' }).getByText('met at the desk').waitFor()

  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await page.waitForURL(`**/know/customers/${younger.id}`)
  await page.getByRole('heading', { level: 1, name: younger.name }).waitFor()
  assert.equal((await customerOf(younger.id)).canonical_id, younger.id)
  const decisions = page.getByRole('region', { name: 'Decisions' })
  await decisions.getByText('Took back: merged 2 customers').first().waitFor()
})

test('a link is withdrawn, stays to be seen, and is restored', async (t) => {
  const { customer, link } = await linked()
  const page = await opened(t, `/know/customers/${customer.id}`)
  await showProfile(page)
  const between = `the link between ${link.a.value} and ${link.b.value}`
  const identifiers = page.getByRole('region', { name: 'Identifiers' })
  await identifiers
    .getByRole('button', { name: `Withdraw… ${between}` })
    .first()
    .click()
  await dialogOf(page).getByRole('region', { name: 'Then' }).waitFor()
  await dialogOf(page).getByRole('button', { name: 'Withdraw the link' }).click()
  await page.getByText('The link is withdrawn').waitFor()
  const restore = identifiers.getByRole('button', { name: `Restore… ${between}` })
  await restore.waitFor()
  const now = await customerOf(customer.id)
  assert.ok(now.identifiers.length < customer.identifiers.length, 'somebody was parted')

  await restore.click()
  await dialogOf(page).getByRole('button', { name: 'Restore the link' }).click()
  await page.getByText('The link counts again').waitFor()
  await gone(restore)
  assert.deepEqual((await customerOf(customer.id)).identifiers.length, customer.identifiers.length)
})

test('an identifier of somebody else is parted, and the list of decisions takes it back', async (t) => {
  const { customer } = await linked()
  const { value } = customer.identifiers.at(-1)
  const page = await opened(t, `/know/customers/${customer.id}`)
  await showProfile(page)
  await page.getByRole('button', { name: `Somebody else… has ${value}` }).click()
  await dialogOf(page).getByText('moves here').first().waitFor()
  await dialogOf(page)
    .getByRole('button', { name: /^Part .* from / })
    .click()
  await gone(dialogOf(page))
  const parted = page.getByRole('button', { name: `Somebody else… has ${value}` })
  await gone(parted)
  // The customer is shown anew before the list of decisions is: the first in it may be an old one.
  await page.reload()
  await showProfile(page)
  const decisions = page.getByRole('region', { name: 'Decisions' })
  await decisions
    .getByRole('button', { name: /^Undo: withdrew/i })
    .first()
    .click()
  await dialogOf(page).getByText('moves here').first().waitFor()
  await dialogOf(page).getByRole('button', { name: 'Take it back' }).click()
  await gone(dialogOf(page))
  await decisions
    .getByText(/^Took back: withdrew/)
    .first()
    .waitFor()
  assert.equal((await customerOf(customer.id)).identifiers.length, customer.identifiers.length)
})

test('by keyboard alone: merged, and taken back from the list of decisions', async (t) => {
  const [older, younger] = await two(2)
  const page = await opened(t, `/know/customers/${older.id}`)
  await page.getByRole('region', { name: 'Decisions' }).waitFor()
  await tabTo(page, page.getByRole('button', { name: 'Merge with…' }))
  await page.keyboard.press('Enter')
  await inFocus(dialogOf(page).getByRole('combobox'))
  await page.keyboard.type(younger.email)
  await found(page, younger).waitFor()
  await gone(dialogOf(page).getByText('Searching…'))
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await dialogOf(page)
    .getByText(/2 customers become one/)
    .waitFor()
  await tabTo(page, dialogOf(page).getByLabel('Why'))
  await page.keyboard.type('by keyboard')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await gone(dialogOf(page))
  const decisions = page.getByRole('region', { name: 'Decisions' })
  const undo = decisions.getByRole('button', { name: 'Undo: Merged 2 customers…' }).first()
  await undo.waitFor()
  assert.equal((await customerOf(younger.id)).canonical_id, older.id)
  await tabTo(page, undo)
  await page.keyboard.press('Enter')
  const takeBack = dialogOf(page).getByRole('button', { name: 'Take it back' })
  await dialogOf(page).getByRole('region', { name: 'Then' }).waitFor()
  await tabTo(page, takeBack)
  await page.keyboard.press('Enter')
  await gone(dialogOf(page))
  await decisions
    .getByText(/^Took back: merged 2 customers/)
    .first()
    .waitFor()
  assert.equal((await customerOf(younger.id)).canonical_id, younger.id)
})

/** Walks there as a person without a mouse does. */
async function tabTo(page, target) {
  const isThere = () => target.evaluate((element) => element === document.activeElement)
  for (let i = 0; i < 400; i += 1) {
    if (await isThere()) return
    await page.keyboard.press('Tab')
  }
  assert.fail(`Tab does not reach ${target}`)
}

test('Escape leaves without deciding anything', async (t) => {
  const [older] = await two(0)
  const n_before = (await get('/api/decisions')).items.length
  const page = await opened(t, `/know/customers/${older.id}?merge=choose`)
  await dialogOf(page).getByRole('combobox').waitFor()
  await page.keyboard.press('Escape')
  await gone(dialogOf(page))
  assert.doesNotMatch(page.url(), /merge=/)
  assert.equal((await get('/api/decisions')).items.length, n_before)
})

test('a refusal stands in the dialog, with what was typed', async (t) => {
  const stubborn = await openEngine({ mockOnly: true })
  t.after(() => stubborn.stop())
  await signIn(stage.context, stubborn)
  stubborn.world.refusesDecisions = 'Somebody else is deciding about the same customers.'
  const page = await opened(t, '/know/customers/c_00001?merge=c_00002', { on: stubborn })
  await dialogOf(page)
    .getByText(/2 customers become one/)
    .waitFor()
  await dialogOf(page).getByLabel('Why').fill('the same person')
  await dialogOf(page).getByRole('button', { name: 'Merge these two' }).click()
  const alert = dialogOf(page).getByRole('alert')
  assert.match(await alert.textContent(), /Somebody else is deciding/)
  assert.equal(await dialogOf(page).getByLabel('Why').inputValue(), 'the same person')
})

test('an analyst sees who it is and why, and is told who may decide', async (t) => {
  const other = await openEngine({ mockOnly: true })
  t.after(() => other.stop())
  other.world.user = { ...other.world.user, role: 'analyst' }
  await signIn(stage.context, other)
  const page = await opened(t, '/know/customers/c_00001?merge=c_00002', { on: other })
  const merge = page.getByRole('button', { name: 'Merge with…' })
  assert.ok(await merge.isDisabled())
  assert.match(await merge.getAttribute('title'), /admin, marketer or sales/)
  assert.equal(await dialogOf(page).count(), 0, 'an address opens nothing that one may not do')
  await page.getByText(/but do not decide it/).waitFor()
  assert.equal(await page.getByRole('button', { name: /^(Withdraw|Somebody else)…/ }).count(), 0)
})

for (const { width, scheme } of sizes) {
  test(`deciding looks right and holds no axe finding, ${scheme}, ${width} px`, async (t) => {
    await signIn(stage.context, stage.engine)
    const [older, younger] = await two(0)
    const { customer, link } = await linked()
    const looks = {
      choose: [`/know/customers/${older.id}`, (page) => startChoosing(page, younger)],
      merge: [`/know/customers/${older.id}?merge=${younger.id}`, effectShown],
      withdraw: [`/know/customers/${customer.id}`, (page) => startToWithdraw(page, link)],
      links: [`/know/customers/${customer.id}`, pointAtLink],
      decisions: [`/know/customers/${older.id}`, decisionsShown],
    }
    for (const [name, [path, arrive]] of Object.entries(looks)) {
      await t.test(name, async (t) => {
        const page = await opened(t, path, { width, scheme })
        await arrive(page)
        await page.waitForTimeout(350)
        await shoot(page, `decide-${name}-${scheme}-${width}`)
        const wider = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        )
        assert.equal(wider, 0, 'the page scrolls sideways')
        assert.deepEqual(await axeFindings(page), [])
      })
    }
  })
}

async function startChoosing(page, customer) {
  await page.getByRole('button', { name: 'Merge with…' }).click()
  await dialogOf(page).getByRole('combobox').fill(customer.email.slice(0, 4))
  await dialogOf(page).getByRole('option').first().waitFor()
}

const effectShown = (page) =>
  dialogOf(page)
    .getByText(/2 customers become one/)
    .waitFor()

async function startToWithdraw(page, link) {
  await showProfile(page)
  const between = `the link between ${link.a.value} and ${link.b.value}`
  await page
    .getByRole('button', { name: `Withdraw… ${between}` })
    .first()
    .click()
  await dialogOf(page).getByRole('region', { name: 'Then' }).waitFor()
}

async function pointAtLink(page) {
  await showProfile(page)
  const drawing = page.getByRole('group', { name: 'The links as a drawing' })
  await drawing.scrollIntoViewIfNeeded()
  await drawing
    .getByRole('img', { name: /Followed: / })
    .first()
    .focus()
  await drawing.getByText(/^Followed: |^Not followed: |^Withdrawn: /).waitFor()
}

async function decisionsShown(page) {
  await showProfile(page)
  const decisions = page.getByRole('region', { name: 'Decisions' })
  await decisions
    .getByText(/merged 2 customers/i)
    .first()
    .waitFor()
  await decisions.scrollIntoViewIfNeeded()
}
