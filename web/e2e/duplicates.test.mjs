// Are duplicates looked for, told and undone; do the pages look right and hold no axe finding?
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { axeFindings, openEngine, shoot, signIn } from './browser.mjs'
import { openAt, setBrowser, sizes } from './stage.mjs'

const stage = setBrowser()

async function opened(t, path, { prepare = () => {}, on, width, scheme, ...options } = {}) {
  const engine = on ?? (await openEngine({ mockOnly: true, ...options }))
  if (!on) t.after(() => engine.stop())
  await signIn(stage.context, engine)
  await stage.context.request.get(`${engine.url}/api/linkage`)
  await prepare(engine)
  const page = await openAt(t, stage.context, engine.url + path, { width, scheme })
  await page.getByRole('heading', { level: 1 }).waitFor()
  return { engine, page }
}

test('a search is started, told how far it is, and what it found', async (t) => {
  const { page } = await opened(t, '/know/duplicates')
  await page.getByText('118 links made, ').waitFor()
  await page.getByRole('button', { name: 'Look for duplicates' }).click()
  const running = page.getByRole('region', { name: 'The search at work' })
  await running.waitFor()
  assert.ok(await page.getByRole('button', { name: 'Look for duplicates' }).isDisabled())
  await running.waitFor({ state: 'detached' })
  await page.getByText('2 links made, ').waitFor()
})

test('on the engine that is there: look, answer twenty pairs by keyboard, take all back', async (t) => {
  const engine = await openEngine()
  t.after(() => engine.stop())
  await signIn(stage.context, engine)
  if (!engine.isMock) await sendMistyped(engine)
  const { page } = await opened(t, '/know/duplicates', { on: engine })
  const n_before = (await runsOf(engine)).length
  await page.getByRole('button', { name: 'Look for duplicates' }).click()
  const isOver = async () => {
    const runs = await runsOf(engine)
    return runs.length > n_before && runs[0].state !== 'running'
  }
  await until(isOver, 'the search ends')
  const [run] = await runsOf(engine)
  assert.equal(run.state, 'done', run.message)
  await page.getByText('Done', { exact: true }).first().waitFor()
  await shoot(page, 'duplicates-done')

  const review = async () => (await get(engine, '/api/linkage')).review
  const before = await review()
  assert.ok(before.n_open > N_ANSWERED, `only ${before.n_open} pairs are open`)
  await page.goto(`${engine.url}/know/duplicates/review`)
  await page.getByRole('table').waitFor()
  await shoot(page, 'duplicates-twenty')
  for (let i = 0; i < N_ANSWERED; i += 1) {
    await page.getByText(new RegExp(`^${i} of \\d+ answered`)).waitFor()
    await page.keyboard.press('sdk'[i % 3])
  }
  await until(async () => (await review()).n_open === before.n_open - N_ANSWERED, 'all arrive')
  const then = await review()
  assert.deepEqual(
    [then.n_same - before.n_same, then.n_different - before.n_different],
    [Math.ceil(N_ANSWERED / 3), Math.ceil((N_ANSWERED - 1) / 3)],
  )
  assert.equal(await page.getByText(/did not count|has not arrived/).count(), 0)
  for (let i = 0; i < N_ANSWERED; i += 1) await page.keyboard.press('u')
  await until(async () => (await review()).n_open === before.n_open, 'all are open again')
  assert.deepEqual(await review(), before)
})

const N_ANSWERED = 20
const given = 'Anna Bruno Clara Dennis Elena Farid Greta Hannes Irina Jannik'.split(' ')
const family = 'Adelmann Bergstedt Czerny Dornbusch Eichhorn Feldkamp Grothe Hasselt'.split(' ')

/** Eighty people with a user id each, the first thirty of them twice, with a slip in the name. */
async function sendMistyped(engine) {
  const made = await stage.context.request.post(`${engine.url}/api/sources`, {
    headers: { 'x-rapport-csrf': '1' },
    data: { name: 'Two tills', kind: 'server' },
  })
  const { write_key } = await made.json()
  const people = Array.from({ length: 80 }, (_, i) => person(i))
  const twice = people.slice(0, 30).map((one) => ({ ...one, lastName: slipped(one.lastName) }))
  const batch = [...people, ...twice].map((traits, i) => ({
    ...{ type: 'identify', userId: `till-${i}`, messageId: `till-${i}`, traits },
  }))
  const sent = await stage.context.request.post(`${engine.url}/v1/batch`, {
    headers: { authorization: `Basic ${btoa(`${write_key}:`)}` },
    data: { batch },
  })
  assert.equal(sent.status(), 200, await sent.text())
  const isThere = async () => (await get(engine, '/api/customers?q=till-109')).items.length > 0
  await until(isThere, 'the last one is a customer')
}

function person(i) {
  const two = (n) => String(n).padStart(2, '0')
  return {
    firstName: given[i % given.length],
    lastName: family[(i * 7 + Math.floor(i / 10)) % family.length],
    birthday: `19${60 + (i % 40)}-${two(1 + (i % 12))}-${two(1 + ((i * 5) % 28))}`,
    address: { postalCode: String(20_000 + i * 131), city: `Ort ${i % 9}` },
  }
}

const slipped = (name) => name.slice(0, 2) + name[3] + name[2] + name.slice(4)

async function get(engine, path) {
  const reply = await stage.context.request.get(engine.url + path)
  assert.equal(reply.status(), 200, path)
  return reply.json()
}

const runsOf = async (engine) => (await get(engine, '/api/linkage/runs')).items

async function until(check, what) {
  for (let i = 0; i < 600; i += 1) {
    if (await check()) return
    await new Promise((done) => setTimeout(done, 100))
  }
  assert.fail(what)
}

test('a search is stopped on demand', async (t) => {
  const { page } = await opened(t, '/know/duplicates')
  await page.getByRole('button', { name: 'Look for duplicates' }).click()
  await page.getByRole('button', { name: 'Stop' }).click()
  await page.getByText('The search is being stopped').waitFor()
  await page.getByText('Stopped', { exact: true }).waitFor()
})

test('a search is undone after its effect is told', async (t) => {
  const { page, engine } = await opened(t, '/know/duplicates')
  await page.getByRole('button', { name: 'Undo this search…' }).click()
  await page.getByText(/118 links of this search are withdrawn/).waitFor()
  await page.getByRole('button', { name: 'Undo this search', exact: true }).click()
  await page.getByText('Undone', { exact: true }).waitFor()
  assert.equal(engine.world.linkage.runs[0].n_withdrawn, 118)
})

test('two thresholds say what they mean before they are saved, and are taken back', async (t) => {
  const { page, engine } = await opened(t, '/know/duplicates?tab=settings')
  const link = page.getByRole('slider', { name: 'Link by itself from' })
  await link.focus()
  for (let i = 0; i < 4; i += 1) await page.keyboard.press('ArrowRight')
  await page.getByText(/about [\d,]+ fewer would be linked without being asked/).waitFor()
  await page.getByRole('button', { name: 'Save the settings' }).click()
  await page.getByText('The settings are saved').waitFor()
  assert.equal(engine.world.linkage.settings.link_at, 0.92)
  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await page.waitForFunction(() => document.querySelector('output')?.textContent === '90 %')
  assert.equal(engine.world.linkage.settings.link_at, 0.9)
})

test('what is compared can be added to; what is half said cannot be saved', async (t) => {
  const { page, engine } = await opened(t, '/know/duplicates?tab=settings')
  await page.getByRole('button', { name: 'Compare another field' }).click()
  await page.getByRole('textbox', { name: 'Name of the field' }).last().fill('postcode')
  const save = page.getByRole('button', { name: 'Save the settings' })
  assert.ok(await save.isDisabled())
  await page.getByText('At least one trait is needed').waitFor()
  await page.getByRole('textbox', { name: 'Traits of postcode' }).fill('address.zip, zip')
  await page.getByRole('button', { name: 'Compare town no more' }).click()
  await save.click()
  await page.getByText('The settings are saved').waitFor()
  const { fields } = engine.world.linkage.settings
  assert.deepEqual(fields.at(-1), {
    name: 'postcode',
    kind: 'text',
    traits: ['address.zip', 'zip'],
  })
  assert.ok(!fields.some((field) => field.name === 'town'))
})

test('who may not change anything sees everything, and is told who may', async (t) => {
  const { page } = await opened(t, '/know/duplicates?tab=settings', {
    prepare: ({ world }) => (world.user = { ...world.user, role: 'read_only' }),
  })
  await page.getByText(/This needs the role admin, marketer or sales/).waitFor()
  assert.ok(await page.getByRole('slider').first().isDisabled())
  assert.equal(await page.getByRole('button', { name: 'Save the settings' }).count(), 0)
  assert.ok(await page.getByRole('button', { name: 'Look for duplicates' }).isDisabled())
})

test('an engine that fails is told on every tab', async (t) => {
  const { page, engine } = await opened(t, '/know/duplicates', {
    prepare: ({ world }) => (world.fail = true),
  })
  await page.getByText('The search for duplicates could not be read').waitFor()
  engine.world.fail = false
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('118 links made, ').waitFor()
})

test('with few answers nobody claims to know how sure it is', async (t) => {
  const { page } = await opened(t, '/know/duplicates?tab=sure')
  await page.getByText(/^Not known yet: 0 answers of at least 10/).waitFor()
})

test('home tells that pairs wait, and leads there', async (t) => {
  const { page } = await opened(t, '/')
  await page.getByRole('link', { name: /120 pairs of customers may be one person/ }).click()
  await page.getByRole('heading', { level: 1, name: 'Are they the same person?' }).waitFor()
  await page.getByRole('table').waitFor()
})

test('before a file is imported it is said who of it is here already', async (t) => {
  const engine = await openEngine()
  t.after(() => engine.stop())
  const { page } = await opened(t, '/listen/imports/new', { on: engine })
  const known = await stage.context.request.get(
    `${engine.url}/api/customers?known=true&has_orders=true&limit=50`,
  )
  const { email } = (await known.json()).items.find((row) => row.email)
  const buffer = Buffer.from(`email,first name\n${email},Ann\nnew-${Date.now()}@a.example,Bo\n`)
  const file = { name: `guests-${Date.now()}.csv`, mimeType: 'text/csv', buffer }
  await page.locator('input[type=file]').setInputFiles(file)
  const here = page.getByRole('region', { name: 'Who is here already?' })
  await here.getByRole('button', { name: 'Compare with your customers' }).click()
  await here.getByText(/^Of [\d,]+ rows .*(is a customer|are customers) already/).waitFor()
  await shoot(page, 'duplicates-import-light-1440')
  assert.deepEqual(await axeFindings(page), [])
  await here.getByRole('tab', { name: /^Here already/ }).click()
  await here
    .getByText(/joins this customer/)
    .first()
    .waitFor()
})

const looks = {
  searches: ['/know/duplicates', (page) => page.getByText('118 links made').waitFor()],
  sure: [
    '/know/duplicates?tab=sure',
    (page) => page.getByText('Of 100 pairs about which it says').waitFor(),
    answeredEarlier,
  ],
  settings: ['/know/duplicates?tab=settings', (page) => page.getByRole('slider').first().waitFor()],
  review: ['/know/duplicates/review', firstAnswered],
  'review-numbers': [
    '/know/duplicates/review?numbers=shown&order=likely',
    (page) => page.getByText(/^m = /).first().waitFor(),
  ],
  many: ['/know/duplicates/review', manyShown],
  unsent: ['/know/duplicates/review', unsentShown],
  customer: [
    '/know/customers/c_00001',
    (page) => page.getByRole('region', { name: 'Possible duplicates' }).waitFor(),
  ],
}

/** Every other pair was answered, as its probability says. */
function answeredEarlier({ world }) {
  for (const [i, pair] of world.linkage.pairs.entries()) {
    if (i % 2 === 0) continue
    pair.state = ((i * 37) % 100) / 100 < pair.probability ? 'same' : 'different'
  }
}

async function firstAnswered(page) {
  await page.getByRole('table').waitFor()
  await page.keyboard.press('d')
  await page.getByRole('button', { name: /^Undo/ }).waitFor()
}

async function manyShown(page) {
  await page.getByRole('button', { name: 'Answer many at once…' }).click()
  await page.getByRole('dialog').getByRole('textbox').fill('90')
  await page.getByText(/If the probabilities are right/).waitFor()
}

async function unsentShown(page) {
  await page.getByRole('table').waitFor()
  await page.route('**/api/linkage/verdicts', (route) => route.abort())
  await page.keyboard.press('s')
  await page.getByText(/1 answer has not arrived yet/).waitFor()
}

for (const { width, scheme } of sizes) {
  test(`duplicates look right and hold no axe finding, ${scheme}, ${width} px`, async (t) => {
    const engine = await openEngine({ mockOnly: true })
    t.after(() => engine.stop())
    for (const [name, [path, arrive, prepare]] of Object.entries(looks)) {
      await t.test(name, async (t) => {
        const on = prepare ? undefined : engine
        const { page } = await opened(t, path, { on, prepare, width, scheme })
        await arrive(page)
        await page.waitForTimeout(350)
        await shoot(page, `duplicates-${name}-${scheme}-${width}`)
        const wider = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        )
        assert.equal(wider, 0, 'the page scrolls sideways')
        assert.deepEqual(await axeFindings(page), [])
      })
    }
    await t.test('nothing yet', async (t) => {
      const { page } = await opened(t, '/know/duplicates', { empty: true, width, scheme })
      await page.getByText('The searches will be listed here').waitFor()
      await shoot(page, `duplicates-nothing-${scheme}-${width}`)
      assert.deepEqual(await axeFindings(page), [])
    })
  })
}
