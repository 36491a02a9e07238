// What stands before the first line of a test: an engine, a browser, and pages that complain?
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { openBrowser, openEngine, openPage, signIn } from './browser.mjs'

/** The windows in which a page is looked at. */
export const sizes = [
  { width: 1440, scheme: 'light' },
  { width: 1440, scheme: 'dark' },
  { width: 390, scheme: 'light' },
  { width: 390, scheme: 'dark' },
]

/** The browser for all tests of a file, and what else is to be there before the first one. */
export function setBrowser(prepare = async () => {}) {
  const stage = {
    browser: null,
    /** A mock of a test's own, signed in; the browser's cookies are then the mock's. */
    mockShop: async (t, options = {}) => {
      const shop = await openEngine({ mockOnly: true, ...options })
      t.after(() => shop.stop())
      await signIn(stage.context, shop)
      return shop
    },
    get context() {
      return stage.browser.context
    },
  }
  before(async () => {
    stage.browser = await openBrowser()
    await prepare()
  })
  after(() => stage.browser?.close())
  return stage
}

/**
 * An engine and a browser for all tests of a file. Where somebody is signed in, a page is open once
 * its heading is there; they are signed in again where a mock's cookies have taken the place of the
 * engine's, both being of one host.
 */
export function setStage({ isSignedIn = false } = {}) {
  const stage = setBrowser(async () => {
    stage.engine = await openEngine()
    if (isSignedIn) await signIn(stage.context, stage.engine)
  })
  stage.engine = null
  stage.opened = async (t, path, { on = stage.engine, ...options } = {}) => {
    if (isSignedIn && on === stage.engine) await signIn(stage.context, on)
    const page = await openAt(t, stage.context, on.url + path, options)
    if (isSignedIn) await page.getByRole('heading', { level: 1 }).waitFor()
    return page
  }
  after(() => stage.engine?.stop())
  return stage
}

/** What is typed now goes there: a chooser is seen a moment before it has the focus. */
export const inFocus = (locator) => locator.and(locator.page().locator(':focus')).waitFor()

/** A page at an address; the test fails on whatever the page complained about. */
export async function openAt(t, context, address, options) {
  const { page, complaints } = await openPage(context, options)
  t.after(async () => {
    await page.close()
    assert.deepEqual(complaints, [])
  })
  await page.goto(address)
  return page
}
