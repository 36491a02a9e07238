// Are the rules of identity shown, tried, saved and undone, and who somebody was when?
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { axeFindings, openEngine, shoot, signIn } from './browser.mjs'
import { setStage, sizes } from './stage.mjs'

const stage = setStage({ isSignedIn: true })
const { opened } = stage

test('a rule is changed, its effect is shown first, and it can be undone', async (t) => {
  const shop = await openEngine({ mockOnly: true })
  t.after(async () => {
    await shop.stop()
    // Cookies know hosts, not ports: the shop's has taken the place of the engine's.
    await signIn(stage.context, stage.engine)
  })
  await signIn(stage.context, shop)
  const page = await opened(t, '/settings/identity', { on: shop })
  const save = page.getByRole('button', { name: 'Save the rules' })
  assert.equal(await save.isDisabled(), true, 'nothing is to be saved yet')
  const email = page.getByRole('group', { name: 'email' })
  const limit = email.getByRole('textbox', { name: 'Ever: email' })
  assert.equal(await limit.inputValue(), '10')
  await limit.fill('none')
  await page.getByText('A limit is a whole number from 1 on, or empty.').waitFor()
  assert.equal(await save.isDisabled(), true, 'a word is no limit')
  await limit.fill('3')
  await page.getByRole('button', { name: 'Show what would change' }).click()
  await page.getByText(/12 links would be judged otherwise/).waitFor()
  await page.getByText('7 links would not be: shared by many').waitFor()
  await page.getByRole('button', { name: 'Move email up' }).click()
  await save.click()
  await page.getByText('Version 1', { exact: true }).waitFor()
  const groups = page.getByRole('group', { name: /_id$|^email$/ })
  assert.equal(await groups.nth(1).getAttribute('aria-label'), 'email', 'it moved up')
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('Version 2', { exact: true }).waitFor()
  assert.equal(await limit.inputValue(), '10')
})

test('the slider says who we thought this was, when, by keyboard', async (t) => {
  const { items } = await (
    await stage.context.request.get(`${stage.engine.url}/api/customers?known=true&limit=50`)
  ).json()
  let found
  for (const { id } of items) {
    const reply = await stage.context.request.get(
      `${stage.engine.url}/api/customers/${id}/identity`,
    )
    const then = await reply.json()
    if (then.moments.length > 1) found ??= { id, then }
  }
  assert.ok(found, 'somebody whom an identifier came to')
  const { id, then } = found
  const page = await opened(t, `/know/customers/${id}`)
  const section = page.getByRole('region', { name: 'Who we thought this was, when' })
  const n = then.moments.length
  await section.getByText(`(${n} of ${n})`).waitFor()
  const slider = section.getByRole('slider')
  await slider.focus()
  await page.keyboard.press('Home')
  await section.getByText(`(1 of ${n})`).waitFor()
  await section.getByText(/pointed to this customer then/).waitFor()
  await shoot(page, 'who-then')
})

test('in light and dark, wide and narrow, axe finds nothing', async (t) => {
  for (const size of sizes) {
    const page = await opened(t, '/settings/identity', size)
    await page.getByRole('heading', { name: 'Versions' }).waitFor()
    const name = `settings-identity-${size.width}-${size.scheme}`
    await shoot(page, name)
    assert.deepEqual(await axeFindings(page), [], name)
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    assert.ok(wider <= 0, `${name} is ${wider} px wider than the window`)
  }
})
