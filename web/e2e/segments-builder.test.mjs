// Is nothing lost while a definition is built, whichever of its faces one works on?
import assert from 'node:assert/strict'
import {
  building,
  button,
  conditions,
  did,
  mayWrite,
  size,
  sizeIsNot,
  test,
  theSize,
} from './segmenting.mjs'
import { inFocus, setStage } from './stage.mjs'

const stage = setStage({ isSignedIn: true })
const { opened, mockShop } = stage

const formulaIs = (page, wanted) =>
  page.waitForFunction(
    (text) => document.querySelector('.cm-content')?.textContent === text,
    wanted,
  )
const face = (page, name) => page.getByRole('button', { name, exact: true })

test('the draft is in the address: reload and back show it again', async (t) => {
  const page = await opened(t, building({ is: 'all', of: [did('Order Completed'), mayWrite] }))
  const before = page.url()
  const n = await size(page)
  await button(page, /^in the last 30 days/).click()
  await button(page, 'in the last 90 days').click()
  await page.waitForURL((url) => url.href !== before)
  await page.reload()
  await button(page, /^in the last 90 days/).waitFor()
  assert.ok((await size(page)) > n)
  await page.goBack()
  await button(page, /^in the last 30 days/).waitFor()
  assert.equal(await size(page), n)
  assert.equal(page.url(), before)
})

test('a link that was cut off says so, and a definition that is too long stays in the tab', async (t) => {
  const all = { is: 'all', of: [did('Order Completed'), mayWrite] }
  const page = await opened(t, building(all).slice(0, -30))
  await page.getByText('could not be read').waitFor()
  const of = Array.from({ length: 40 }, (_, i) => did(`An event of its own, number ${i}`))
  await page.goto(stage.engine.url + building({ is: 'any', of }))
  await button(page, 'What else to do with this condition, 1 of 40').click()
  await page.getByRole('menuitem', { name: 'Double it' }).click()
  await page.getByText('too long for a link').waitFor()
  assert.ok(page.url().length < 500, page.url())
  await page.reload()
  await button(page, 'What else to do with this condition, 41 of 41').waitFor()
})

test('sentence, formula and SQL are one draft, and nothing is lost between them', async (t) => {
  const category = { field: { of: 'property', path: 'category' }, view: 'whole' }
  const cameras = [{ ...category, op: 'is', values: ['Cameras'] }]
  const often = did('Order Completed', '90 days', 2)
  const events = { ...often.events, tests: cameras }
  const who = { is: 'all', of: [{ ...often, events }, mayWrite] }
  const page = await opened(t, building(who))
  const n = await size(page)
  await face(page, 'Formula').click()
  const editor = page.getByRole('textbox', { name: 'Formula' })
  await editor.waitFor()
  const formula =
    "times('Order Completed', last => '90 days', where => (category = 'Cameras')) >= 2 and consents('marketing', 'email')"
  await formulaIs(page, formula)
  // What is typed stays as it is typed, also once it is read.
  await page.getByRole('textbox', { name: 'Formula' }).click()
  await page.keyboard.press('Control+End')
  await page.keyboard.type(" or did('Email Opened'")
  await sizeIsNot(page, n)
  await page.keyboard.type(", last => '7 days')")
  await formulaIs(page, `${formula} or did('Email Opened', last => '7 days')`)
  await page.goBack()
  await button(page, /^at least 2 times/).waitFor()
  assert.equal(await size(page), n)
  await face(page, 'SQL').click()
  await page.getByLabel('SQL', { exact: true }).getByText('select customer_id').first().waitFor()
  await page.getByRole('link', { name: 'Open in SQL' }).waitFor()
  await face(page, 'Sentence').click()
  await button(page, /^at least 2 times/).waitFor()
  assert.equal(await size(page), n)
  assert.deepEqual(JSON.parse(new URL(page.url()).searchParams.get('d')).who, who)
})

test('a formula that cannot be read is underlined, kept, and put right', async (t) => {
  const page = await opened(t, building(did('Order Completed'), { face: 'formula' }))
  const before = await size(page)
  const editor = page.getByRole('textbox', { name: 'Formula' })
  await editor.click()
  await page.keyboard.press('Control+End')
  await page.keyboard.insertText(" and in_segment('eu-resident')")
  await page.getByText('There is no segment “eu-resident”').waitFor()
  assert.equal(await page.locator('.cm-wrong').innerText(), "'eu-resident'")
  assert.equal(await size(page), before)
  await face(page, 'Sentence').click()
  await button(page, /^Formula not read yet/).click()
  await page.getByText('There is no segment “eu-resident”').waitFor()
  await button(page, 'Use “eu-residents”').click()
  await page.getByText('There is no segment').waitFor({ state: 'detached' })
  await page.waitForFunction((n) => {
    const said = document.querySelector('section[aria-label="Size"] [data-exact]')?.textContent
    return said && Number(said.replaceAll(',', '')) < n
  }, before)
  await face(page, 'Sentence').click()
  await conditions(page).getByText('“EU residents”').waitFor()
})

test('names are offered in a formula while they are typed', async (t) => {
  const page = await opened(t, '/decide/segments/new?face=formula')
  const editor = page.getByRole('textbox', { name: 'Formula' })
  await editor.click()
  await page.keyboard.press('Control+a')
  await page.keyboard.type("did('Order C")
  const offer = page.locator('.cm-tooltip-autocomplete li[aria-selected]')
  await offer.getByText('Order Completed').waitFor()
  // What is offered can be taken a moment after it is seen.
  await page.waitForTimeout(150)
  await page.keyboard.press('Enter')
  await page.keyboard.type(')')
  await face(page, 'Sentence').click()
  await button(page, /^Order Completed/).waitFor()
})

test('the size is told roughly at first, then exactly', async (t) => {
  const shop = await mockShop(t)
  let answer
  const wasSeen = new Promise((done) => (answer = done))
  const page = await opened(t, '/decide/segments', { on: shop })
  await page.route('**/api/segments/preview', async (route) => {
    if (!route.request().postDataJSON().rough) await wasSeen
    await route.continue().catch(() => {})
  })
  await page.goto(shop.url + building(did('Product Viewed')))
  await theSize(page)
    .getByText(/^about [\d,]+$/)
    .waitFor()
  await theSize(page)
    .getByText(/From a part of the customers: between [\d,]+ and [\d,]+/)
    .waitFor()
  answer()
  assert.ok((await size(page)) > 100)
  await theSize(page)
    .getByText(/Counted exactly/)
    .waitFor()
  await page.unrouteAll({ behavior: 'ignoreErrors' })
})

test('by keyboard alone: a condition is added, changed, grouped and left out', async (t) => {
  const page = await opened(t, '/decide/segments/new')
  const press = (key) => page.keyboard.press(key)
  await button(page, /^who… – Add a condition/).focus()
  await press('Enter')
  await inFocus(page.getByRole('combobox'))
  await page.keyboard.type('one thing after another')
  await press('Enter')
  await inFocus(page.getByRole('combobox', { name: 'Which event first' }))
  await page.keyboard.type('product viewed')
  await press('Enter')
  await inFocus(page.getByRole('combobox', { name: 'And then which event' }))
  await page.keyboard.type('product added')
  await press('Enter')
  await button(page, /^within 7 days/).focus()
  await press('Enter')
  await inFocus(page.getByLabel('How long', { exact: true }))
  await page.keyboard.type('1')
  await press('Home')
  await press('Delete')
  await press('Enter')
  await button(page, /^within 1 day/).waitFor()
  await button(page, 'What else to do with this condition, 1 of 1').focus()
  await press('Enter')
  await page.getByRole('menuitem', { name: 'Put it into a group: this or…' }).focus()
  await press('Enter')
  await button(page, /^at least one of these holds/).waitFor()
  assert.ok((await size(page)) > 0)
  await button(page, 'What else to do with this group, 1 of 1').focus()
  await press('Enter')
  await page.getByRole('menuitem', { name: 'Leave the group out' }).focus()
  await press('Enter')
  await page.getByText(/^Everybody\./).waitFor()
})
