// Can a marketer say which customers they mean, see how many that are, and keep it under a name?
import assert from 'node:assert/strict'
import { axeFindings, shoot } from './browser.mjs'
import {
  add,
  building,
  button,
  conditions,
  did,
  isCounted,
  mayWrite,
  option,
  size,
  sizeIs,
  test,
  theSize,
} from './segmenting.mjs'
import { inFocus, setStage, sizes } from './stage.mjs'

const stage = setStage({ isSignedIn: true })
const { opened, mockShop } = stage

const SECONDS_MAX = 60

async function get(path) {
  const reply = await stage.context.request.get(stage.engine.url + path)
  assert.equal(reply.status(), 200, path)
  return reply.json()
}

test('lapsing regulars, from the list to a segment with a name', async (t) => {
  const page = await opened(t, '/')
  const begun = Date.now()
  await page.getByRole('link', { name: 'Segments' }).first().click()
  await button(page, 'New segment').click()
  await add(page, /^Order Completed/)
  await button(page, /^at least once – Change how many/).click()
  await button(page, 'at least 3 times').click()
  await button(page, /^in the last 30 days – Change when/).click()
  await button(page, 'from … to … ago').click()
  await button(page, 'Take this time').click()
  const before = await size(page)
  await add(page, 'They did not do something')
  await option(page, /^Order Completed/).click()
  await conditions(page).getByText('do not have').waitFor()
  const regulars = await get('/api/segments/lapsing-regulars')
  await sizeIs(page, regulars.n)
  assert.ok(before > regulars.n, `${before} before, ${regulars.n} then`)
  const name = `Lapsing ${Date.now()}`
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByText(`${regulars.n} customers will be in it.`).waitFor()
  await button(page, 'Make the segment').click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
  const seconds = (Date.now() - begun) / 1000
  t.diagnostic(`${seconds.toFixed(1)} s`)
  assert.ok(seconds < SECONDS_MAX, `${seconds} s`)
  const members = page.getByRole('list', { name: 'Customers in this segment' })
  assert.equal(await members.getByRole('listitem').count(), Math.min(20, regulars.n))
  const main = await page.getByRole('main').innerText()
  assert.match(main, /at least 3 times from 180 days to 30 days ago and do not have/)
})

test('new buyers without a second order, with consent: from a template', async (t) => {
  const page = await opened(t, '/decide/segments')
  const begun = Date.now()
  await page.getByRole('link', { name: 'Begin with it: New buyers without a second order' }).click()
  assert.ok((await size(page)) > 0)
  const said = await conditions(page).innerText()
  for (const part of ['first had', 'at most 14 days ago', 'exactly once', 'by e-mail']) {
    assert.ok(said.includes(part), `“${said}” says ${part}`)
  }
  await button(page, 'Make the segment').click()
  await page.getByRole('list', { name: 'Customers in this segment' }).waitFor()
  assert.ok((Date.now() - begun) / 1000 < SECONDS_MAX)
})

test('holds a camera but no doorbell', async (t) => {
  const page = await opened(t, '/decide/segments/new')
  await add(page, 'They hold a product')
  await page.getByLabel('Products of category').fill('Cameras')
  await button(page, 'Take this').click()
  const cameras = await size(page)
  await add(page, 'They hold a product')
  await page.getByLabel('Products of category').fill('Doorbells')
  await button(page, 'Take this').click()
  const menu = button(page, 'What else to do with this condition, 2 of 2')
  await menu.click()
  await page.getByRole('menuitem', { name: 'Turn it into its contrary' }).click()
  await conditions(page).getByText('do not hold').waitFor()
  const { n } = await get('/api/segments/camera-no-doorbell')
  await sizeIs(page, n)
  assert.ok(cameras > n)
})

test('a change says who enters and who leaves before it is saved as a version', async (t) => {
  const shop = await mockShop(t)
  const page = await opened(t, '/decide/segments/keen-viewers', { on: shop })
  await page.getByRole('link', { name: 'Edit the segment' }).click()
  assert.ok(await button(page, 'Save the segment').isDisabled())
  await button(page, /^at least 3 times/).click()
  await button(page, 'at least 2 times').click()
  await theSize(page).getByText('Against version 1').waitFor()
  await isCounted(page)
  const line = page.getByText(/^[\d,]+ are in; [\d,]+ enter, 0 leave\.$/)
  await line.waitFor()
  const [n, entering] = (await line.innerText()).match(/\d[\d,]*/g)
  await button(page, 'Save as version 2').click()
  await page.getByRole('heading', { name: 'Version 2' }).waitFor()
  await page.getByText(`${entering} entered and 0 left by it`).waitFor()
  await button(page, new RegExp(`^In it now\\s*${n}`)).click()
  const drawer = page.getByRole('dialog', { name: 'In it now' })
  await drawer.getByText('Version 2, kept by Ada Lindqvist').waitFor()
  await drawer.getByText('select customer_id').waitFor()
})

test('somebody else changed the segment: what was built stays', async (t) => {
  const shop = await mockShop(t)
  const page = await opened(t, '/decide/segments/keen-viewers/edit', { on: shop })
  await page.getByLabel('Note').fill('Mine')
  const saved = shop.world.segments.find(({ key }) => key === 'keen-viewers')
  saved.revision = 7
  await button(page, 'Save the segment').click()
  await page.getByText(/^Somebody else changed this segment/).waitFor()
  await button(page, 'Go on with mine').click()
  await button(page, 'Save the segment').click()
  await page.getByRole('link', { name: 'Edit the segment' }).waitFor()
  assert.equal(saved.note, 'Mine')
})

test('a segment goes out of use and comes back; one that others look at does not', async (t) => {
  const shop = await mockShop(t)
  const page = await opened(t, '/decide/segments/keen-viewers', { on: shop })
  const out = async () => {
    await button(page, 'What else to do with this segment').click()
    await page.getByRole('menuitem', { name: 'Take it out of use' }).click()
  }
  await out()
  await page.getByText(/^This segment is out of use/).waitFor()
  await button(page, 'Undo').click()
  await page.getByText(/^This segment is out of use/).waitFor({ state: 'detached' })
  await page.goto(`${shop.url}/decide/segments/eu-residents`)
  await page.getByText('Looked at by').waitFor()
  await out()
  await page.getByText(/“EU residents with e-mail consent” looks at this segment/).waitFor()
})

test('nothing there yet, an engine that fails, and whoever may only read', async (t) => {
  const bare = await mockShop(t, { empty: true })
  const page = await opened(t, '/decide/segments', { on: bare })
  await page.getByRole('heading', { name: 'Your segments will be listed here' }).waitFor()
  assert.equal(await page.getByRole('list', { name: 'Templates' }).getByRole('listitem').count(), 5)
  assert.deepEqual(await axeFindings(page), [])
  await page.goto(`${bare.url}/decide/segments/nobody`)
  await page.getByRole('heading', { name: 'There is no such segment' }).waitFor()
  bare.world.fail = true
  for (const path of ['/decide/segments', '/decide/segments/keen-viewers', building(mayWrite)]) {
    await page.goto(bare.url + path)
    await page.getByText('The disk is full').first().waitFor()
    await button(page, 'Try again').first().waitFor()
  }
  bare.world.fail = false
  const shop = await mockShop(t)
  shop.world.user = { ...shop.world.user, role: 'sales' }
  await page.goto(`${shop.url}/decide/segments/keen-viewers`)
  const edit = button(page, 'Edit the segment')
  assert.ok(await edit.isDisabled())
  assert.match(await edit.getAttribute('title'), /needs the role/)
})

for (const { width, scheme } of sizes) {
  test(`segments, ${scheme}, ${width} px`, async (t) => {
    const shop = await mockShop(t)
    const page = await opened(t, '/decide/segments', { on: shop, width, scheme })
    const look = async (name) => {
      await page.waitForTimeout(400)
      await shoot(page, `segments-${name}-${scheme}-${width}`)
      const wider = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      assert.equal(wider, 0, `${name} scrolls sideways`)
      assert.deepEqual(await axeFindings(page), [], name)
    }
    await page.getByRole('list', { name: 'Segments in use' }).waitFor()
    await look('list')
    await page.goto(`${shop.url}/decide/segments/lapsing-regulars`)
    await page.getByRole('list', { name: 'Customers in this segment' }).waitFor()
    await page.getByRole('heading', { name: 'Version 2' }).waitFor()
    await look('page')
    const viewed = did('Product Viewed', '2 days', 3)
    const same = {
      is: 'same',
      label: { field: { of: 'property', path: 'product_id' }, view: 'whole' },
      who: viewed,
    }
    const either = { is: 'any', of: [did('Order Completed'), same] }
    await page.goto(
      shop.url +
        building({ is: 'all', of: [{ is: 'none', of: [did('Email Opened')] }, either, mayWrite] }),
    )
    await isCounted(page)
    await look('builder')
    await button(page, /^in the last 2 days/).click()
    await button(page, 'Take this time').waitFor()
    await look('window')
    await page.keyboard.press('Escape')
    await inFocus(button(page, /^in the last 2 days/))
    await button(page, / – Add a condition$/)
      .last()
      .click()
    await option(page, /^Order Completed/).waitFor()
    await look('add')
    await page.keyboard.press('Escape')
    await button(page, 'Formula').click()
    await page.getByRole('textbox', { name: 'Formula' }).waitFor()
    await look('formula')
    await button(page, 'SQL').click()
    await page.getByLabel('SQL', { exact: true }).waitFor()
    await look('sql')
    await page.goto(`${shop.url}/decide/segments/lapsing-regulars/edit`)
    await theSize(page).getByText('Against version 2').waitFor()
    await look('edit')
  })
}
