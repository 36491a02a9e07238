// Can answers be put side by side, arranged, kept, shared and read by somebody without an account?
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boardFromTemplate, cardOf, everyCardAnswers, got } from './boarding.mjs'
import { axeFindings, openBrowser, openEngine, openPage, shoot, signIn } from './browser.mjs'
import { setStage, sizes } from './stage.mjs'

const stage = setStage({ isSignedIn: true })
const { opened } = stage
const get = (path) => got(stage.context, stage.engine, path)

test('a template becomes a board that answers, and its period changes for all cards', async (t) => {
  const page = await opened(t, '/ask/boards')
  await boardFromTemplate(page)
  await everyCardAnswers(page)
  await page.getByRole('combobox', { name: 'Period of all cards' }).click()
  await page.getByRole('option', { name: 'Last 12 weeks' }).click()
  await page.waitForURL(/period=last-12-week/)
  await everyCardAnswers(page)
})

test('a board is arranged by keyboard alone, renamed, saved, and still so after a reload', async (t) => {
  const page = await opened(t, '/ask/boards')
  const id = await boardFromTemplate(page)
  await page.getByRole('button', { name: 'Edit the board' }).press('Enter')
  const save = page.getByRole('button', { name: 'Save the board' })
  await save.waitFor()
  assert.ok(await save.isDisabled(), 'nothing is changed yet')
  const before = (await get(`/api/boards/${id}`)).cards
  const { title } = before.toSorted((a, b) => a.place.y - b.place.y || a.place.x - b.place.x)[0]
  const move = page.getByRole('button', { name: `Move ${title}`, exact: true })
  await move.focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowRight')
  const size = page.getByRole('button', { name: `Resize ${title}`, exact: true })
  await size.focus()
  await page.keyboard.press('ArrowDown')
  await page.getByLabel('Name', { exact: true }).fill('Arranged by keyboard')
  await save.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Arranged by keyboard' }).waitFor()
  await page.reload()
  await page.getByRole('heading', { level: 1, name: 'Arranged by keyboard' }).waitFor()
  const after = (await get(`/api/boards/${id}`)).cards
  const place = (cards) => cards.find((card) => card.title === title).place
  assert.notDeepEqual(place(after), place(before))
  assert.equal(place(after).h, place(before).h + 1)
})

test('a card is moved by pointer, and let go with Escape', async (t) => {
  const shop = await stage.mockShop(t)
  const page = await opened(t, '/ask/boards/b_0001?edit=1', { on: shop })
  const move = page.getByRole('button', { name: 'Move Orders', exact: true })
  const before = await cardOf(page, 'Orders').boundingBox()
  const drag = async (x, y) => {
    const hand = await move.boundingBox()
    await page.mouse.move(hand.x + 10, hand.y + 10)
    await page.mouse.down()
    await page.mouse.move(hand.x + 10 + x, hand.y + 10 + y, { steps: 6 })
  }
  await drag(-400, 0)
  await page.keyboard.press('Escape')
  await page.mouse.up()
  assert.deepEqual(await cardOf(page, 'Orders').boundingBox(), before)
  await drag(-400, 0)
  await page.mouse.up()
  const orders = await cardOf(page, 'Orders').boundingBox()
  const revenue = await cardOf(page, 'Revenue').boundingBox()
  assert.ok(orders.x < revenue.x, 'they changed places')
  await page.getByRole('button', { name: 'Save the board' }).click()
  await page.getByRole('button', { name: 'Edit the board' }).waitFor()
  assert.equal(shop.world.boards[0].cards.find(({ title }) => title === 'Orders').place.x, 0)
})

test('cards are renamed, duplicated, taken off, put back, and added from a metric', async (t) => {
  const shop = await stage.mockShop(t)
  const page = await opened(t, '/ask/boards/b_0001?edit=1', { on: shop })
  const menu = async (title, item) => {
    await page.getByRole('button', { name: `What to do with ${title}`, exact: true }).click()
    await page.getByRole('menuitem', { name: item }).click()
  }
  await menu('Revenue', 'Duplicate')
  await menu('Revenue (copy)', 'Title, note and look…')
  await page.getByLabel('Title', { exact: true }).fill('Money')
  await page.getByRole('button', { name: 'Change the card' }).click()
  await cardOf(page, 'Money').waitFor()
  await menu('Orders', 'Take off the board')
  await cardOf(page, 'Orders').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Undo' }).click()
  await cardOf(page, 'Orders').waitFor()
  await menu('Money', 'Take off the board')
  await page.getByRole('button', { name: 'Add a card' }).click()
  await page.getByRole('button', { name: 'Line: Active customers' }).click()
  await cardOf(page, 'Active customers').waitFor()
  await page.getByRole('button', { name: 'Save the board' }).click()
  await page.getByRole('button', { name: 'Edit the board' }).waitFor()
  const titles = shop.world.boards[0].cards.map(({ title }) => title)
  assert.equal(titles.length, 7)
  assert.ok(titles.includes('Active customers') && !titles.includes('Money'))
})

test('a link shows the board to somebody without an account, until it is revoked', async (t) => {
  const page = await opened(t, '/ask/boards')
  const id = await boardFromTemplate(page)
  const { name, cards } = await get(`/api/boards/${id}`)
  await page.getByRole('button', { name: 'Share', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: /^Share/ })
  await dialog.getByRole('button', { name: 'Make a link' }).click()
  const address = await dialog.getByLabel('Link to this board', { exact: true }).textContent()
  assert.match(address, /\/shared\/\S+$/)

  const stranger = await openBrowser()
  t.after(() => stranger.close())
  const { page: theirs, complaints } = await openPage(stranger.context)
  await theirs.goto(address)
  await theirs.getByRole('heading', { level: 1, name }).waitFor()
  assert.equal(await everyCardAnswers(theirs), cards.length)
  await theirs.getByText(/Asked .*asks again every minute/).waitFor()
  assert.equal(await theirs.getByRole('button', { name: 'Edit the board' }).count(), 0)
  const closed = await stranger.context.request.get(`${stage.engine.url}/api/boards`)
  assert.equal(closed.status(), 401)

  await dialog.getByRole('button', { name: 'Revoke the link…' }).click()
  await dialog.getByRole('button', { name: 'Revoke the link', exact: true }).click()
  await dialog.getByRole('button', { name: 'Make a link' }).waitFor()
  await theirs.reload()
  await theirs.getByRole('heading', { name: 'This board is not shared any more' }).waitFor()
  assert.deepEqual(complaints, [])
})

test('a card is taken along as a picture, as numbers and as SQL', async (t) => {
  const shop = await stage.mockShop(t)
  const page = await opened(t, '/ask/boards/b_0001', { on: shop })
  await everyCardAnswers(page)
  const open = () =>
    page.getByRole('button', { name: 'What to do with Revenue by day', exact: true }).click()
  const download = async (item) => {
    await open()
    const file = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: item }).click()
    return (await file).suggestedFilename()
  }
  assert.match(await download(/PNG/), /^revenue-by-day-\d{4}-\d\d-\d\d\.png$/)
  assert.match(await download(/CSV/), /^revenue-by-day-.*\.csv$/)
  await open()
  await page.getByRole('menuitem', { name: 'Copy the SQL' }).waitFor()
})

test('a board and a metric are found from anywhere', async (t) => {
  const shop = await stage.mockShop(t)
  const page = await opened(t, '/', { on: shop })
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Find' }).fill('newsletter')
  await page.getByRole('option', { name: /Newsletter of November/ }).click()
  await page.getByRole('heading', { level: 1, name: 'Newsletter of November' }).waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Find' }).fill('refunded')
  await page.getByRole('option', { name: /Refunded orders/ }).click()
  await page.getByRole('heading', { level: 1, name: 'Refunded orders' }).waitFor()
})

test('whoever may not change boards reads them, and sees why', async (t) => {
  const shop = await stage.mockShop(t)
  shop.world.user = { ...shop.world.user, role: 'read_only' }
  const page = await opened(t, '/ask/boards/b_0001', { on: shop })
  const edit = page.getByRole('button', { name: 'Edit the board' })
  assert.ok(await edit.isDisabled())
  assert.match(await edit.getAttribute('title'), /needs the role/)
  await everyCardAnswers(page)
})

test('an empty engine teaches, a failing one explains', async (t) => {
  const empty = await openEngine({ mockOnly: true, empty: true })
  t.after(() => empty.stop())
  await signIn(stage.context, empty)
  const page = await opened(t, '/ask/boards', { on: empty })
  await page.getByText('Your boards will be listed here').waitFor()
  await page.getByRole('button', { name: 'New board' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Nothing yet')
  await page.getByRole('button', { name: 'Make the board' }).click()
  await page.getByText('Cards will lie here').waitFor()
  empty.world.fail = true
  for (const path of ['/ask/boards', new URL(page.url()).pathname]) {
    await page.goto(empty.url + path)
    await page.getByText('The disk is full').first().waitFor()
    await page.getByRole('button', { name: 'Try again' }).first().waitFor()
  }
})

for (const { width, scheme } of sizes) {
  test(`boards, ${scheme}, ${width} px`, async (t) => {
    const shop = await stage.mockShop(t)
    const page = await opened(t, '/ask/boards', { on: shop, width, scheme })
    const look = async (name) => {
      await page.waitForTimeout(500)
      await shoot(page, `boards-${name}-${scheme}-${width}`)
      const wider = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      assert.equal(wider, 0, `${name} scrolls sideways`)
      assert.deepEqual(await axeFindings(page), [], name)
    }
    await page.getByRole('list', { name: 'Templates' }).waitFor()
    shop.world.deletedBoards = [
      {
        ...{ id: 'b_0009', name: 'Was made in a hurry, and thrown away again before lunch' },
        mark: {
          deleted_at: new Date(Date.now() - 7_200_000).toISOString(),
          deleted_by: 'Bo Castellanos',
          until: new Date(Date.now() + 2_584_800_000).toISOString(),
        },
      },
    ]
    await page.reload()
    await page.getByText(/^Recently deleted/).click()
    await look('list')
    await page.goto(`${shop.url}/ask/boards?new=1`)
    await page.getByRole('dialog').waitFor()
    await look('new')
    await page.goto(`${shop.url}/ask/boards/b_0001`)
    await everyCardAnswers(page)
    await look('board')
    await page.getByRole('button', { name: 'Share', exact: true }).click()
    await page.getByRole('button', { name: 'Make a link' }).click()
    await page.getByLabel('Link to this board', { exact: true }).waitFor()
    await look('share')
    const address = await page.getByLabel('Link to this board', { exact: true }).textContent()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Edit the board' }).click()
    await page.getByRole('button', { name: 'Save the board' }).waitFor()
    await look('edit')
    await page.getByRole('button', { name: 'Add a card' }).click()
    await page.getByRole('list', { name: 'Metrics' }).waitFor()
    await look('add')
    await page.keyboard.press('Escape')
    shop.world.boards[0].version += 1
    await page.getByLabel('Name', { exact: true }).fill('Mine')
    await page.getByRole('button', { name: 'Save the board' }).click()
    await page.getByRole('button', { name: 'Save mine over theirs' }).waitFor()
    await look('stale')
    await page.getByRole('button', { name: 'Take theirs, lose mine' }).click()
    await page.goto(address)
    await everyCardAnswers(page)
    await look('shared')
  })
}
