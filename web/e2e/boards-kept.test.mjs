// Is nothing of a board lost: overtaken, left half-done, refused, or thrown away?
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boardFromTemplate, everyCardAnswers, got } from './boarding.mjs'
import { openAt, setStage } from './stage.mjs'

const stage = setStage({ isSignedIn: true })
const { opened } = stage
const get = (path) => got(stage.context, stage.engine, path)

test('somebody else was faster: theirs is told, ours is kept until one decides', async (t) => {
  const page = await opened(t, '/ask/boards')
  const id = await boardFromTemplate(page)
  await page.getByRole('button', { name: 'Edit the board' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Mine')
  const theirs = await get(`/api/boards/${id}`)
  const reply = await stage.context.request.put(`${stage.engine.url}/api/boards/${id}`, {
    headers: { 'x-rapport-csrf': '1' },
    data: { name: 'Theirs', note: theirs.note, cards: theirs.cards, version: theirs.version },
  })
  assert.equal(reply.status(), 200, await reply.text())
  await page.getByRole('button', { name: 'Save the board' }).click()
  await page.getByText(/saved this board .*Yours is still here, unsaved/).waitFor()
  assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'Mine')
  await page.getByRole('button', { name: 'Save mine over theirs' }).click()
  await page.getByRole('heading', { level: 1, name: 'Mine' }).waitFor()
  assert.equal((await get(`/api/boards/${id}`)).name, 'Mine')
})

test('what is not saved is not lost by going away', async (t) => {
  const shop = await stage.mockShop(t)
  const page = await opened(t, '/ask/boards/b_0001?edit=1', { on: shop })
  await page.getByLabel('Name', { exact: true }).fill('Half a thought')
  await page.getByRole('link', { name: 'Boards', exact: true }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Leave without saving?' })
  await dialog.getByRole('button', { name: 'Stay here' }).click()
  assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'Half a thought')
  await page.getByRole('button', { name: 'Discard the changes' }).click()
  await page.getByRole('heading', { level: 1, name: 'Shop', exact: true }).waitFor()
})

test('a board is deleted after one was told what goes with it, and comes back', async (t) => {
  const shop = await stage.mockShop(t)
  const page = await opened(t, '/ask/boards/b_0002', { on: shop })
  await page.getByRole('button', { name: 'What else to do with this board' }).click()
  await page.getByRole('menuitem', { name: 'Delete the board…' }).click()
  const dialog = page.getByRole('dialog', { name: /^Delete/ })
  await dialog.getByText(/^2 cards/).waitFor()
  await dialog.getByRole('button', { name: 'Delete the board' }).click()
  const list = page.getByRole('list', { name: 'Boards' })
  const line = list.getByRole('link', { name: 'Newsletter of November' })
  await list.waitFor()
  await line.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await line.click()
  await everyCardAnswers(page)
})

test('a deleted board and its link come back from the list, for who may change boards', async (t) => {
  const page = await opened(t, '/ask/boards')
  const id = await boardFromTemplate(page)
  const name = `Thrown away ${Date.now()}`
  const { version, cards } = await get(`/api/boards/${id}`)
  const send = async (method, path, data) => {
    const headers = { 'x-rapport-csrf': '1' }
    const reply = await stage.context.request[method](stage.engine.url + path, { headers, data })
    assert.ok(reply.ok(), await reply.text())
    return reply
  }
  await send('put', `/api/boards/${id}`, { name, note: '', cards, version })
  const link = await (await send('post', `/api/boards/${id}/link`)).json()
  await send('delete', `/api/boards/${id}`)
  const shared = await openAt(t, stage.context, stage.engine.url + link.path)
  await shared.getByRole('heading', { name: 'This board is not shared any more' }).waitFor()
  await page.goto(`${stage.engine.url}/ask/boards/${id}`)
  await page.getByRole('heading', { name: 'There is no such board' }).waitFor()
  await page.goto(`${stage.engine.url}/ask/boards`)
  await page.getByText(/^Recently deleted/).click()
  const back = page.getByRole('button', { name: `Bring back ${name}` })
  await back.click()
  await back.waitFor({ state: 'detached' })
  await page.getByRole('list', { name: 'Boards' }).getByRole('link', { name }).waitFor()
  await shared.reload()
  await shared.getByRole('heading', { level: 1, name }).waitFor()
})

test('a card that could not be answered is named, and nothing is lost', async (t) => {
  const shop = await stage.mockShop(t)
  const page = await opened(t, '/ask/boards/b_0001?edit=1', { on: shop })
  await page.getByLabel('Name', { exact: true }).fill('Mine')
  shop.world.metrics.all = shop.world.metrics.all.filter(({ key }) => key !== 'orders')
  await page.getByRole('button', { name: 'Save the board' }).click()
  await page.getByText(/The card “Orders” could not be answered/).waitFor()
  assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'Mine')
})
