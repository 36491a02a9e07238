// Is it told which value counts and why, what is permitted, and is kept back what is sensitive?
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signIn } from './browser.mjs'
import { setStage } from './stage.mjs'

const stage = setStage()
const { opened } = stage

test('a trait says why its value counts, and has a history', async (t) => {
  await signIn(stage.context, stage.engine)
  const list = await (
    await stage.context.request.get(`${stage.engine.url}/api/customers?sort=n_orders&limit=1`)
  ).json()
  const page = await opened(t, `/know/customers/${list.items[0].id}`)
  const traits = page.getByRole('region', { name: 'Traits' })
  await traits.locator('button[aria-expanded=false]').first().click()
  await traits.getByText(/^Latest: /).waitFor()
  await traits.getByRole('button', { name: /^History of/ }).click()
  const drawer = page.getByRole('dialog', { name: /^History of/ })
  await drawer.getByText('Counts now').waitFor()
  await page.keyboard.press('Escape')
  await drawer.waitFor({ state: 'detached' })
})

test('consent says whether marketing e-mail may be sent, and by which evidence', async (t) => {
  const shop = await stage.mockShop(t)
  const known = await (
    await stage.context.request.get(`${shop.url}/api/customers?known=true&limit=1`)
  ).json()
  const page = await opened(t, `/know/customers/${known.items[0].id}`, { on: shop })
  const consent = page.getByRole('region', { name: 'Consent' })
  await consent.getByText('Marketing e-mail may be sent').waitFor()
  await consent.getByText(/^Yes: agreed and confirmed on/).waitFor()
  await consent.getByText('Pending').waitFor()
  await consent.getByRole('button', { name: /marketing, email/ }).click()
  await consent.getByText(/^Agreed, confirmation to follow/).waitFor()
})

test('a rule of traits is saved, refused when stale, and can be undone', async (t) => {
  const shop = await stage.mockShop(t)
  const page = await opened(t, '/settings/traits', { on: shop })
  const save = page.getByRole('button', { name: 'Save the settings' })
  await save.waitFor()
  assert.ok(await save.isDisabled(), 'nothing to save yet')
  await page.getByRole('button', { name: 'Add a sensitive trait' }).click()
  await page.getByLabel('Sensitive trait').fill('birthday')
  await page.getByRole('checkbox', { name: 'Sales' }).click()
  await save.click()
  await page.getByText(/^Version 1, changed by/).waitFor()
  assert.deepEqual(shop.world.traits.sensitive, [{ pattern: 'birthday', roles: ['sales'] }])
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText(/^Version 2, changed by/).waitFor()
  assert.deepEqual(shop.world.traits.sensitive, [])
  shop.world.traits.version = 9
  await page.getByRole('button', { name: 'Add a rule for a trait' }).click()
  await page.getByLabel('Trait', { exact: true }).fill('phone')
  await save.click()
  await page.getByText(/changed by somebody else meanwhile/).waitFor()
  assert.equal(await page.getByLabel('Trait', { exact: true }).inputValue(), 'phone')
})

test('a sensitive trait is withheld from other roles', async (t) => {
  const shop = await stage.mockShop(t)
  const known = await (
    await stage.context.request.get(`${shop.url}/api/customers?known=true&limit=1`)
  ).json()
  await stage.context.request.put(`${shop.url}/api/settings/traits`, {
    headers: { 'x-rapport-csrf': '1' },
    data: {
      version: 0,
      default_rule: 'latest',
      rules: {},
      trusted_sources: [],
      verified_sources: [],
      sensitive: [{ pattern: 'birthday', roles: [] }],
    },
  })
  shop.world.user = { ...shop.world.user, role: 'sales' }
  const page = await opened(t, `/know/customers/${known.items[0].id}`, { on: shop })
  await page
    .getByRole('button', { name: /birthday/ })
    .getByText('Withheld from your role')
    .waitFor()
  await page.goto(`${shop.url}/settings/traits`)
  await page.getByText('This needs the role admin').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Save the settings' }).count(), 0)
})
