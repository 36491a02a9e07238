// What do the tests of boards do again and again?
import assert from 'node:assert/strict'

export const cardOf = (page, title) => page.getByRole('article', { name: title, exact: true })

/** What an engine says to whoever is signed in. */
export async function got(context, on, path) {
  const reply = await context.request.get(on.url + path)
  assert.equal(reply.status(), 200, path)
  return reply.json()
}

export async function boardFromTemplate(page) {
  const templates = page.getByRole('list', { name: 'Templates' })
  await templates.getByRole('button', { name: 'Use it: Shop' }).click()
  await page.waitForURL('**/ask/boards/b*')
  await page.getByRole('article').first().waitFor()
  return new URL(page.url()).pathname.split('/').at(-1)
}

/** No card says that it could not be asked, and each has something to show. */
export async function everyCardAnswers(page) {
  const cards = page.getByRole('article')
  await cards.first().waitFor()
  const n = await cards.count()
  assert.ok(n > 0, 'there are cards')
  for (let at = 0; at < n; at += 1) {
    await cards.nth(at).locator('figure[data-insight]').waitFor()
  }
  assert.equal(await page.getByRole('article').getByRole('alert').count(), 0)
  return n
}
