// Does the binary hand out its own pages as it should, and let the first person in, once?
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { request } from 'node:http'
import { axeFindings, openBrowser, shoot } from './browser.mjs'
import { openAt } from './stage.mjs'

const url = process.env.RAPPORT_URL
const link = process.env.RAPPORT_FIRST_LINK
const skip = link ? false : 'needs an engine that nobody has set up yet'

let browser
before(async () => {
  if (!skip) browser = await openBrowser()
})
after(() => browser?.close())

test('the pages come packed, strict and cached', { skip }, async () => {
  const page = await get('/')
  assert.equal(page.headers['content-encoding'], 'gzip')
  assert.equal(page.headers['cache-control'], 'no-cache')
  assert.match(
    page.headers['content-security-policy'],
    /default-src 'self'.*frame-ancestors 'none'/,
  )
  const assets = [...page.text.matchAll(/(?:src|href)="(\/assets\/[^"]+\.(?:js|css))"/g)]
  assert.ok(assets.length >= 2, page.text)
  for (const [, path] of assets) {
    const asset = await get(path)
    assert.equal(asset.headers['content-encoding'], 'gzip', path)
    assert.match(asset.headers['cache-control'], /immutable/)
    assert.match(asset.headers['content-type'], /javascript|css/)
  }
  assert.equal((await get('/know/customers/c_0001')).text, page.text, 'every path is the page')
})

test('nobody lives here yet: signing in shows the way to the link', { skip }, async (t) => {
  const page = await openAt(t, browser.context, url)
  await page.getByRole('heading', { name: 'Nobody lives here yet' }).waitFor()
  await shoot(page, 'first-run')
})

test('the printed link makes the first admin, and works once', { skip }, async (t) => {
  const page = await openAt(t, browser.context, link)
  await page.getByRole('heading', { name: 'Welcome to Rapport' }).waitFor()
  assert.deepEqual(await axeFindings(page), [])
  await shoot(page, 'first-link')
  await page.getByLabel('Your name').fill('Grace Okafor')
  await page.getByLabel('E-mail').fill('grace@rapport.example')
  await page.getByLabel('Password', { exact: true }).fill('five quiet words in a row')
  await page.getByRole('button', { name: 'Create my access and sign in' }).click()
  await page.getByText('Events per hour').waitFor()
  const { user } = await (await page.request.get(`${url}/api/session`)).json()
  assert.deepEqual([user.name, user.role], ['Grace Okafor', 'admin'])
  const { items } = await (await page.request.get(`${url}/api/users`)).json()
  assert.ok(items[0].last_sign_in_at, 'accepting the link counted as signing in')
  await page.goto(link)
  await page.getByRole('heading', { name: 'This link does not work any more' }).waitFor()
})

/** One request as a browser makes it; unlike `fetch` it shows the packing. */
function get(path) {
  return new Promise((done, fail) => {
    const asked = request(url + path, { headers: { 'accept-encoding': 'gzip' } }, (answer) => {
      const parts = []
      answer.on('data', (part) => parts.push(part))
      answer.on('end', () => {
        const text = String(gunzipSync(Buffer.concat(parts)))
        done({ headers: answer.headers, text })
      })
    })
    asked.on('error', fail).end()
  })
}
