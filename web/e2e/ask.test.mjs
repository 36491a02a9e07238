// Can somebody who never saw the page ask what customers do, in few clicks, and trust the answer?
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { asking, funnel, isFresh, named, quarter, steps, theAnswer } from './asking.mjs'
import { axeFindings, shoot } from './browser.mjs'
import { inFocus, setStage } from './stage.mjs'

const stage = setStage({ isSignedIn: true })
const { opened, mockShop } = stage

const order = { events: ['Order Completed'] }
const revenue = { of: 'property', path: 'revenue' }
const year = { kind: 'last', n: 12, grain: 'month', current: false }
const seen = { events: ['Page Viewed'] }
const byDevice = asking('retention', {
  ...{ period: { kind: 'last', n: 12, grain: 'week', current: false }, grain: 'week', n_spans: 8 },
  ...{ begin: seen, back: seen },
  breakdown: { by: { of: 'context', path: 'rapport.agent.device' }, n_groups: 6 },
})
const theNumber = (page) => theAnswer(page).getByRole('listitem').getByRole('button').first()

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
  const parts = ['Product Viewed', 'Order Completed', 'within 7 days', 'by channel of the visit']
  for (const part of parts) {
    assert.ok(asked.includes(part), `“${asked}” says ${part}`)
  }
  assert.match(asked, /last quarter\s+against the quarter before/)
  const said = await theAnswer(page).locator('p').first().innerText()
  assert.match(said, /\d+ of \d[\d,]* customers \(.+\s%\) went all the way/)
  assert.match(said, /In the period before/)
  const groups = named(page, 'region', 'By group').getByRole('row')
  await groups.getByText('direct', { exact: true }).waitFor()
  if (!stage.engine.isMock) {
    assert.equal(new URL(page.url()).searchParams.get('q').includes('"of":"channel"'), true)
  }
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

test('a question is asked once, whether the page was there before it or not', async (t) => {
  const page = await opened(t, '/ask/boards')
  await page.waitForLoadState('networkidle')
  const asked = []
  page.on('request', (one) => one.url().includes('/api/insights/') && asked.push(one.url()))
  await page.evaluate((to) => history.pushState({}, '', to), funnel)
  await isFresh(page)
  assert.equal(asked.length, 1, asked.join(' '))
  await page.reload()
  await isFresh(page)
  assert.equal(asked.length, 2, asked.join(' '))
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

/** What Enter would choose. */
const active = (page, name) => page.getByRole('option', { name }).and(page.locator('[data-active]'))

test('by keyboard: another event, a condition, a number of the table', async (t) => {
  const page = await opened(t, asking('trend', null, { look: 'table' }))
  await isFresh(page)
  await page.getByRole('button', { name: /^any event/ }).focus()
  await page.keyboard.press('Enter')
  await inFocus(page.getByRole('combobox'))
  await page.keyboard.type('product view')
  await active(page, /^Product Viewed/).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: /^Product Viewed/ }).waitFor()
  await isFresh(page)
  await page.getByRole('button', { name: /^where…/ }).focus()
  await page.keyboard.press('Enter')
  await inFocus(page.getByRole('combobox'))
  await page.keyboard.type('category')
  await active(page, /^category/).waitFor()
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

test('retention by group: a group shows its cohorts, and a number of theirs its customers', async (t) => {
  const page = await opened(t, byDevice)
  await isFresh(page)
  const table = named(page, 'region', 'Who came back')
  const rows = await table.getByRole('row').count()
  const group = table.getByRole('button', { name: /mobile, its cohorts/ })
  await group.focus()
  await page.keyboard.press('Enter')
  await table.getByRole('button', { name: /mobile, its cohorts/, expanded: true }).waitFor()
  const after = await table.getByRole('row').count()
  assert.ok(after >= rows + 8, `${rows} rows, then ${after}`)
  await table.getByRole('row').nth(3).getByRole('button').first().click()
  await named(page, 'list', 'Customers behind this number').waitFor()
  assert.match(await page.getByRole('dialog').innerText(), /^mobile, began/i)
})

const before = { period: year, compare: 'previous' }
const weekly = { period: { ...quarter, n: 12, grain: 'week' }, compare: 'previous', grain: 'week' }

/** Where a number of customers of the period before stands. */
const thens = [
  ['a step of a funnel', funnel, (page) => theAnswer(page).locator('ol li').last(), /^[\d,]+$/],
  [
    'a beginning of retention',
    asking('retention', { ...weekly, n_spans: 6, begin: seen, back: seen }),
    (page) => named(page, 'row', /^period before/),
    /^[\d,]+$/,
  ],
  [
    'a square of recency and frequency',
    asking('rfm', { ...before, events: order }),
    (page) => theAnswer(page).getByRole('cell').getByText('before'),
    /^[\d,]+$/,
  ],
  [
    'a number of active days',
    asking('stickiness', weekly, { look: 'table' }),
    (page) => named(page, 'row', /^before:/).last(),
    /^[\d,]+$/,
  ],
]

for (const [what, path, place, number] of thens) {
  test(`behind ${what} of the period before are as many customers as it says`, async (t) => {
    const page = await opened(t, path)
    await isFresh(page)
    const button = place(page).getByRole('button', { name: number }).last()
    const n = await button.innerText()
    await button.click()
    await named(page, 'list', 'Customers behind this number').waitFor()
    const drawer = await page.getByRole('dialog').innerText()
    assert.match(drawer, /period before|before:|began/i)
    if (stage.engine.isMock) return
    assert.match(drawer, new RegExp(`^${n} customers?[.;]`, 'm'))
  })
}

test('scores are cut at values of one’s own, and kept in the address', async (t) => {
  const page = await opened(t, asking('rfm', { period: year, events: order, money: revenue }))
  await isFresh(page)
  await named(page, 'button', /Change how scores are cut/).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Days since the last time').fill('90, 30')
  await dialog.getByText('Each number larger than the one before').waitFor()
  assert.equal(await dialog.getByRole('button', { name: 'Cut them here' }).isDisabled(), true)
  await dialog.getByLabel('Days since the last time').fill('30, 90')
  await dialog.getByLabel('How many times').fill('1')
  await dialog.getByRole('button', { name: 'Cut them here' }).click()
  await named(page, 'rowheader', 'up to 30 days ago').waitFor()
  await named(page, 'columnheader', 'once').waitFor()
  await page.reload()
  await named(page, 'rowheader', 'over 90 days ago').waitFor()
})

test('only customers with a trait: in the sentence, in the words, in the answer', async (t) => {
  const page = await opened(t, asking('trend', null, { look: 'number' }))
  await isFresh(page)
  const all = Number((await theNumber(page).innerText()).replaceAll(',', ''))
  await named(page, 'button', /Only customers where…/).click()
  await named(page, 'option', /^plan/).click()
  await named(page, 'listbox', 'Which values').getByRole('option').first().click()
  await named(page, 'button', 'Take this value').click()
  await named(page, 'button', /^plan is .+ – Change this condition/).waitFor()
  await isFresh(page)
  assert.match(decodeURIComponent(page.url()), /"who":\[\{"trait":"plan"/)
  if (stage.engine.isMock) return
  const some = Number((await theNumber(page).innerText()).replaceAll(',', ''))
  assert.ok(some > 0 && some < all, `${some} of ${all}`)
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
  let answer
  const wasSeen = new Promise((done) => (answer = done))
  await page.route('**/api/insights/funnel', async (route) => {
    await wasSeen
    await route.continue().catch(() => {})
  })
  await page.getByRole('button', { name: /within 7 days/ }).click()
  await page.getByRole('button', { name: 'within 30 days' }).click()
  await page.locator('section[aria-busy="true"] [data-old]').waitFor()
  await page.getByText('Still counting').waitFor()
  answer()
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
