// Can a person work the pairs by keyboard without ever waiting, and is no answer lost?
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openEngine, openPage, signIn } from './browser.mjs'
import { openAt, setBrowser } from './stage.mjs'

const stage = setBrowser()

/** A mock of its own for every test: answers change what is asked. */
async function sitting(
  t,
  { path = '/know/duplicates/review', prepare = () => {}, ...options } = {},
) {
  const engine = await stage.mockShop(t, options)
  await get(engine, '/api/linkage')
  await prepare(engine)
  const page = await openAt(t, stage.context, engine.url + path)
  await page.getByRole('heading', { level: 1 }).waitFor()
  return { engine, page }
}

async function get(engine, path) {
  const reply = await stage.context.request.get(engine.url + path)
  assert.equal(reply.status(), 200, path)
  return reply.json()
}

const reviewOf = async (engine) => (await get(engine, '/api/linkage')).review
const onTable = (page) => page.locator('main section[aria-label*=" and "]')
const nameOf = (page) => onTable(page).getAttribute('aria-label')
const answered = (page, words) => page.getByText(words).waitFor()
const noted = (page, words) => page.getByText(words).first().waitFor()

/** Presses a key, and returns once another pair is on the table. */
async function press(page, key) {
  const before = await nameOf(page)
  await page.keyboard.press(key)
  await page.waitForFunction(
    (name) => !document.querySelector(`main section[aria-label="${CSS.escape(name)}"]`),
    before,
  )
  return before
}

async function until(check, what) {
  for (let i = 0; i < 400; i += 1) {
    if (await check()) return
    await new Promise((done) => setTimeout(done, 50))
  }
  assert.fail(what)
}

/** Counts the calls of the API from now on: "POST /api/linkage/verdicts" and so on. */
function calls(page) {
  const all = []
  page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (pathname.startsWith('/api/')) all.push(`${request.method()} ${pathname}`)
  })
  return { all, of: (call) => all.filter((one) => one === call).length }
}

test('twenty pairs are answered by keyboard while the engine has not answered once', async (t) => {
  const { engine, page } = await sitting(t)
  await onTable(page).waitFor()
  let open
  const gate = new Promise((done) => (open = done))
  await page.route('**/api/linkage/verdicts', async (route) => {
    await gate
    await route.continue()
  })
  const made = calls(page)
  const seen = []
  for (let i = 0; i < 20; i += 1) seen.push(await press(page, 'sdk'[i % 3]))
  assert.equal(new Set(seen).size, 20, 'every pair was another one')
  await answered(page, /20 of 120 answered/)
  assert.deepEqual(made.all, ['POST /api/linkage/verdicts'], 'one call is on its way, no other')

  open()
  await until(async () => (await reviewOf(engine)).n_open === 100, 'all answers arrive')
  assert.equal(made.of('POST /api/linkage/verdicts'), 2, 'what gathered went together')
  assert.equal(made.of('GET /api/linkage/pairs'), 0, 'the pairs were there before')
  const { n_same, n_different, n_skipped } = await reviewOf(engine)
  assert.deepEqual([n_same, n_different, n_skipped], [7, 7, 6])
})

test('the next pairs are fetched before they are needed', async (t) => {
  const { page } = await sitting(t)
  await onTable(page).waitFor()
  const made = calls(page)
  for (let i = 0; i < 34; i += 1) await press(page, 'd')
  assert.equal(made.of('GET /api/linkage/pairs'), 0, 'more than enough lie ready')
  for (let i = 0; i < 26; i += 1) await press(page, 'd')
  await answered(page, /60 of 120 answered; /)
  await until(() => made.of('GET /api/linkage/pairs') === 1, 'more were asked for, once')
})

test('Undo brings the pair back and parts the two again', async (t) => {
  const { engine, page } = await sitting(t)
  await onTable(page).waitFor()
  const first = await press(page, 's')
  await until(async () => (await reviewOf(engine)).n_same === 1, 'it is the same person')
  const [pair] = (await get(engine, '/api/linkage/pairs?state=same')).items
  const merged = await get(engine, `/api/customers/${pair.b.customer_id}`)
  assert.equal(merged.canonical_id, pair.a.customer_id)
  await press(page, 'd')
  await page.keyboard.press('u')
  await page.keyboard.press('u')
  await page.locator(`main section[aria-label="${first}"]`).waitFor()
  await until(async () => (await reviewOf(engine)).n_open === 120, 'both are open again')
  const parted = await get(engine, `/api/customers/${pair.b.customer_id}`)
  assert.equal(parted.canonical_id, pair.b.customer_id)
})

test('J and Enter leave a pair for later; it comes again at the end', async (t) => {
  const { page } = await sitting(t, { prepare: ({ world }) => keep(world, 3) })
  const made = calls(page)
  await onTable(page).waitFor()
  const first = await press(page, 'j')
  const second = await press(page, 'Enter')
  await press(page, 'd')
  assert.equal(await nameOf(page), first)
  await press(page, 's')
  assert.equal(await nameOf(page), second)
  await page.keyboard.press('k')
  await answered(page, /That was the last pair/)
  await page.getByText('1 the same person, 1 two people, 1 put aside').waitFor()
  await until(() => made.of('POST /api/linkage/verdicts') >= 2, 'answers are sent')
  await page.getByRole('link', { name: 'Look at the 1 pair put aside' }).click()
  await onTable(page).waitFor()
  assert.equal(await nameOf(page), second)
})

/** Leaves only the first `n` pairs of the queue. */
function keep(world, n) {
  const key = (pair) => Math.abs(pair.probability - 0.5)
  const sorted = [...world.linkage.pairs].sort((x, y) => key(x) - key(y))
  world.linkage.pairs = sorted.slice(0, n)
}

test('a key held down answers one pair, and keys meant for elsewhere none', async (t) => {
  const { page } = await sitting(t)
  await onTable(page).waitFor()
  for (let i = 0; i < 6; i += 1) await page.keyboard.down('s')
  await page.keyboard.up('s')
  await answered(page, /1 of 120 answered/)
  await page.getByRole('button', { name: 'Answer many at once…' }).click()
  await page.getByRole('dialog').getByRole('textbox').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keys' }).waitFor()
  await page.keyboard.press('d')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await answered(page, /1 of 120 answered/)
  await page.keyboard.press('g')
  await page.keyboard.press('s')
  await page.getByRole('heading', { level: 1, name: 'Sources' }).waitFor()
  await page.goBack()
  await answered(page, /0 of 119 answered/)
})

test('answers that do not arrive are kept, shown, survive a reload, and are sent again', async (t) => {
  const { engine, page } = await sitting(t)
  await onTable(page).waitFor()
  engine.world.failsVerdicts = true
  const seen = [await press(page, 's'), await press(page, 'd'), await press(page, 's')]
  await noted(page, /3 answers have not arrived yet\. The disk is full/)
  const made = calls(page)
  await page.reload()
  await onTable(page).waitFor()
  assert.ok(!seen.includes(await nameOf(page)), 'what is answered is not asked again')
  await noted(page, /3 answers have not arrived yet/)
  await until(() => made.of('POST /api/linkage/verdicts') >= 3, 'it is tried less and less often')
  engine.world.failsVerdicts = false
  await page.getByRole('button', { name: 'Send now' }).click()
  await page.getByText(/have not arrived yet/).waitFor({ state: 'detached' })
  const { n_same, n_different } = await reviewOf(engine)
  assert.deepEqual([n_same, n_different], [2, 1])
})

test('answers of one who went are not sent in the name of the next one', async (t) => {
  const { engine, page } = await sitting(t)
  await onTable(page).waitFor()
  engine.world.failsVerdicts = true
  await press(page, 's')
  await noted(page, /1 answer has not arrived yet/)
  const made = calls(page)
  engine.world.user = { ...engine.world.user, id: 'u_0009', name: 'Bo' }
  engine.world.failsVerdicts = false
  await page.goto(`${engine.url}/know/duplicates/review`)
  await onTable(page).waitFor()
  await page.waitForTimeout(1_500)
  assert.equal(made.of('POST /api/linkage/verdicts'), 0)
  engine.world.user = { ...engine.world.user, id: 'u_0001', name: 'Ada Lindqvist' }
  await page.reload()
  await until(
    async () => (await reviewOf(engine)).n_same === 1,
    'it is sent for the one who said it',
  )
})

test('an answer that the engine does not take is told with its reason', async (t) => {
  const { engine, page } = await sitting(t)
  await onTable(page).waitFor()
  const mine = await nameOf(page)
  for (const pair of engine.world.linkage.pairs) pair.state = 'different'
  await press(page, 's')
  const alert = page.getByRole('alert').filter({ hasText: '1 answer did not count' })
  await alert.waitFor()
  assert.match(
    await alert.textContent(),
    new RegExp(`${mine.slice(0, 8)}.*said that they are two people`),
  )
  await alert.getByRole('button', { name: 'Understood' }).click()
  await alert.waitFor({ state: 'detached' })
})

test('all likely pairs are answered at once, after it is said how many would be wrong', async (t) => {
  const { engine, page } = await sitting(t)
  await onTable(page).waitFor()
  await page.getByRole('button', { name: 'Answer many at once…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox').fill('95')
  const n = engine.world.linkage.pairs.filter((pair) => pair.probability >= 0.95).length
  assert.ok(n > 1, 'the mock has likely pairs')
  await dialog
    .getByText(/If the probabilities are right, (less than|about) .* of them (is|are) wrong/)
    .waitFor()
  await dialog.getByRole('button', { name: `Say “same person” to ${n} pairs` }).click()
  await until(async () => (await reviewOf(engine)).n_same === n, 'all are answered')
  await answered(page, new RegExp(`${n} of 120 answered`))
  await page.getByText(`${n} pairs answered: the same person`).waitFor()
  await page.keyboard.press('u')
  await until(async () => (await reviewOf(engine)).n_open === 120, 'all are open again')
  await answered(page, /0 of 120 answered/)
})

test('a threshold that is none is said in place', async (t) => {
  const { page } = await sitting(t)
  await page.getByRole('button', { name: 'Answer many at once…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox').fill('12')
  await dialog.getByText('A number from 50 to 100').waitFor()
  await dialog.getByRole('textbox').fill('100')
  await dialog.getByText(/No pair is that likely/).waitFor()
})

test('the numbers are one key away, and stand in the address', async (t) => {
  const { page } = await sitting(t)
  await onTable(page).waitFor()
  assert.equal(await page.getByText(/times likelier if/).count(), 0)
  await page.keyboard.press('n')
  await page
    .getByText(/times likelier if/)
    .first()
    .waitFor()
  await page.getByText(/^m = /).first().waitFor()
  assert.match(page.url(), /numbers=shown/)
})

test('before the first search, and after the last pair, it says what comes next', async (t) => {
  const { page } = await sitting(t, { empty: true })
  await page.getByText('Nobody has looked for duplicates yet').waitFor()
  await page.getByRole('link', { name: 'Look for duplicates' }).click()
  await page.waitForURL('**/know/duplicates')

  const other = await sitting(t, { prepare: ({ world }) => keep(world, 0) })
  await other.page.getByText('No pair waits for an answer').waitFor()
})

test('an engine that fails is told, and asked again on demand', async (t) => {
  const { engine, page } = await sitting(t, { prepare: ({ world }) => (world.fail = true) })
  await page.getByRole('alert').getByText('The pairs could not be read').waitFor()
  engine.world.fail = false
  await page.getByRole('button', { name: 'Try again' }).click()
  await onTable(page).waitFor()
})

test('an analyst looks, and is told who may answer', async (t) => {
  const { engine, page } = await sitting(t, {
    prepare: ({ world }) => (world.user = { ...world.user, role: 'analyst' }),
  })
  await onTable(page).waitFor()
  await page.getByText(/This needs the role admin, marketer or sales/).waitFor()
  assert.ok(await page.getByRole('button', { name: /^Same person/ }).isDisabled())
  await page.keyboard.press('s')
  await answered(page, /0 of 120 answered/)
  assert.equal((await reviewOf(engine)).n_open, 120)
})

test('from the page of a customer one comes to the pair, and to the merge', async (t) => {
  const engine = await openEngine({ mockOnly: true })
  t.after(() => engine.stop())
  await signIn(stage.context, engine)
  const [pair] = (await get(engine, '/api/linkage/pairs?limit=1')).items
  const { page } = await openPage(stage.context)
  t.after(() => page.close())
  await page.goto(`${engine.url}/know/customers/${pair.a.customer_id}`)
  const possible = page.getByRole('region', { name: 'Possible duplicates' })
  await possible.getByRole('link', { name: /^Merge…/ }).click()
  await page
    .getByRole('dialog')
    .getByText(/2 customers become one/)
    .waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await possible.getByRole('link', { name: /^Compare/ }).click()
  await page.waitForURL(`**/know/duplicates/review?pair=${pair.id}`)
  await onTable(page).waitFor()
  assert.match(await nameOf(page), new RegExp(pair.b.name.slice(0, 6)))
})
