// Can somebody who never saw the page ask what customers do, in few clicks, and trust the answer?
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { asking, funnel, isFresh, named, quarter, steps, theAnswer } from './asking.mjs'
import { axeFindings, shoot } from './browser.mjs'
import { setStage } from './stage.mjs'

const stage = setStage({ isSignedIn: true })
const { opened, mockShop } = stage

const CLICKS_MAX = 12
const SECONDS_MAX = 60

/** A page whose clicks are counted. */
function counting() {
  let n = 0
  return {
    click: async (locator) => {
      n += 1
      await locator.click()
    },
    n: () => n,
  }
}

test('from product viewed to order, by channel, against the quarter before: at most 12 clicks', async (t) => {
  const page = await opened(t, '/')
  const by = counting()
  const begun = Date.now()
  await by.click(named(page, 'link', 'Insights').first())
  await by.click(page.getByRole('button', { name: 'Funnel', exact: true }))
  await by.click(named(page, 'option', /^Product Viewed/))
  await by.click(named(page, 'option', /^Order Completed/))
  await by.click(named(page, 'button', /all together/))
  await by.click(named(page, 'option', /^Channel/))
  await by.click(named(page, 'button', /^last 30 days/))
  await by.click(named(page, 'button', 'last quarter against the quarter before'))
  await isFresh(page)

  const asked = await named(page, 'region', 'The question').innerText()
  for (const part of ['Product Viewed', 'Order Completed', 'within 7 days', 'by channel']) {
    assert.ok(asked.includes(part), `“${asked}” says ${part}`)
  }
  assert.match(asked, /last quarter\s+against the quarter before/)
  const said = await theAnswer(page).locator('p').first().innerText()
  assert.match(said, /\d+ of \d[\d,]* customers \(.+ %\) went all the way/)
  assert.match(said, /In the period before/)
  await shoot(page, 'ask-twelve-clicks')

  const [, count] = /([\d,]+) customers? stopped/.exec(await theAnswer(page).innerText())
  await by.click(named(page, 'button', /stopped here/))
  const list = named(page, 'list', 'Customers behind this number')
  await list.getByRole('link').first().waitFor()
  if (!stage.engine.isMock) {
    const drawer = await page.getByRole('dialog').innerText()
    assert.ok(drawer.includes(`${count} customer`), drawer)
    const dropped = Number(count.replaceAll(',', ''))
    assert.equal(await list.getByRole('listitem').count(), Math.min(50, dropped))
  }
  await by.click(named(page, 'button', 'Close the list of customers'))
  await by.click(named(page, 'button', 'Explain, SQL'))
  const sql = await page.getByRole('dialog').locator('pre').innerText()
  assert.match(sql, /^(with|select)/i)
  await by.click(page.getByRole('dialog').getByRole('button', { name: 'Copy SQL' }))
  const seconds = (Date.now() - begun) / 1000
  t.diagnostic(`${by.n()} clicks, ${seconds.toFixed(1)} s`)
  assert.ok(by.n() <= CLICKS_MAX, `${by.n()} clicks`)
  assert.ok(seconds < SECONDS_MAX, `${seconds} s`)
})

test('the question is in the address: reload and back ask it again', async (t) => {
  const page = await opened(t, funnel)
  await isFresh(page)
  const before = page.url()
  await page.getByRole('button', { name: /within 7 days/ }).click()
  await page.getByRole('button', { name: 'within 30 days' }).click()
  await page.waitForURL((url) => url.href !== before)
  await page.reload()
  await page.getByRole('button', { name: /within 30 days/ }).waitFor()
  await page.goBack()
  await page.getByRole('button', { name: /within 7 days/ }).waitFor()
  assert.equal(page.url(), before)
})

test('a link that was cut off says so and shows the usual first question', async (t) => {
  const page = await opened(t, funnel.slice(0, -30))
  await page.getByText('could not be read').waitFor()
  await page.getByText('Choose what customers do first.').waitFor()
})

test('a question that is too long for a link stays in the tab', async (t) => {
  const values = Array.from({ length: 350 }, (_, at) => `value number ${at}`)
  const tests = [{ field: { of: 'property', path: 'currency' }, op: 'is_not', values }]
  const page = await opened(
    t,
    asking('funnel', { steps: [{ ...steps[0], tests }, steps[1]], period: quarter }),
  )
  await isFresh(page)
  await page.getByRole('button', { name: /all together/ }).click()
  await page.getByRole('option', { name: /^Channel/ }).click()
  await page.getByText('too long for a link').waitFor()
  assert.ok(page.url().length < 500, page.url())
  await page.reload()
  await page.getByRole('button', { name: /by channel/ }).waitFor()
  await isFresh(page)
})

test('by keyboard: another event, a condition, a number of the table', async (t) => {
  const page = await opened(t, asking('trend', null, { look: 'table' }))
  await isFresh(page)
  await page.getByRole('button', { name: /^any event/ }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('combobox').waitFor()
  await page.keyboard.type('product view')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: /^Product Viewed/ }).waitFor()
  await isFresh(page)
  await page.getByRole('button', { name: /^where…/ }).focus()
  await page.keyboard.press('Enter')
  await page.keyboard.type('category')
  await page.getByRole('option', { name: /^category/ }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('group', { name: 'How it is compared' }).waitFor()
  await page.keyboard.press('Escape')
  await page
    .getByRole('row', { name: /The whole period/ })
    .getByRole('button')
    .focus()
  await page.keyboard.press('Enter')
  await named(page, 'list', 'Customers behind this number').waitFor()
})

test('a click in the chart opens who is behind it; picture, numbers and SQL are files', async (t) => {
  const page = await opened(t, asking('trend', null, { look: 'line' }))
  await page.locator('[data-chart=drawn]').waitFor()
  const chart = await page.locator('[data-chart=drawn]').boundingBox()
  await page.mouse.click(chart.x + chart.width / 2, chart.y + chart.height / 2)
  await page.getByRole('dialog').getByRole('link').first().waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  const saved = async (name) => {
    await page.getByRole('button', { name: 'Export' }).click()
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name }).click(),
    ])
    return readFile(await file.path())
  }
  const png = await saved('Picture (PNG)')
  assert.equal(png.subarray(1, 4).toString(), 'PNG')
  assert.ok(png.length > 10_000, `${png.length} bytes`)
  const csv = (await saved('Numbers (CSV)')).toString().split('\r\n')
  assert.equal(csv[0], 'day,begins_at,is_whole,line,value,low,high,n')
  assert.equal(csv.length, 32)
  assert.match((await saved('Question (SQL)')).toString(), /from events/i)
})

test('while the next answer is on its way the old one stays, and a long wait is said', async (t) => {
  const shop = await mockShop(t)
  const page = await opened(t, funnel, { on: shop })
  await isFresh(page)
  await page.route('**/api/insights/funnel', async (route) => {
    await new Promise((done) => setTimeout(done, 3_500))
    await route.continue().catch(() => {})
  })
  await page.getByRole('button', { name: /within 7 days/ }).click()
  await page.getByRole('button', { name: 'within 30 days' }).click()
  await page.locator('section[aria-busy="true"] [data-old]').waitFor()
  await page.getByText('Still counting').waitFor()
  await isFresh(page)
  await page.unrouteAll({ behavior: 'ignoreErrors' })
})

test('nothing there yet, and an engine that fails', async (t) => {
  const bare = await mockShop(t, { empty: true })
  const empty = await opened(t, '/ask/insights', { on: bare })
  await empty.getByRole('heading', { name: 'There is nothing to ask about yet' }).waitFor()
  assert.deepEqual(await axeFindings(empty), [])
  const broken = await mockShop(t)
  broken.world.fail = true
  const failing = await opened(t, funnel, { on: broken })
  const alert = failing.getByRole('alert').first()
  await alert.waitFor()
  assert.match(await alert.textContent(), /The disk is full/)
})
