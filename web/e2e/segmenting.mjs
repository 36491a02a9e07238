// How do the tests of segments build a definition, and when is it counted?
import { onlyMock } from './mockOnly.mjs'
import { test as testEverywhere } from 'node:test'

export const test = (name, run) => testEverywhere(name, onlyMock, run)

export const button = (page, name) => page.getByRole('button', { name })
export const option = (page, name) => page.getByRole('option', { name })
export const theSize = (page) => page.getByRole('region', { name: 'Size' })
export const conditions = (page) => page.getByRole('list', { name: 'Conditions' })
export const isCounted = (page) =>
  page.locator('section[aria-label="Size"][aria-busy="false"] [data-exact]').waitFor()

/** The number that stands beside the builder, once it is the exact one. */
export async function size(page) {
  await isCounted(page)
  const text = await theSize(page).locator('[data-exact]').innerText()
  return Number(text.replaceAll(',', ''))
}

/** Waits until exactly so many are counted. */
export const sizeIs = (page, n) =>
  page.waitForFunction(
    (wanted) =>
      document
        .querySelector('section[aria-label="Size"] [data-exact]')
        ?.textContent.replaceAll(',', '') === wanted,
    String(n),
  )

/** Waits until another number is counted. */
export const sizeIsNot = (page, n) =>
  page.waitForFunction((before) => {
    const said = document.querySelector(
      'section[aria-label="Size"][aria-busy="false"] [data-exact]',
    )
    return said && said.textContent.replaceAll(',', '') !== before
  }, String(n))

export async function add(page, kind) {
  await button(page, / – Add a condition$/)
    .last()
    .click()
  await option(page, kind).first().click()
}

/** The address at which such a definition is built. */
export const building = (who, more = {}) => {
  const clock = { time_zone: 'Europe/Berlin', weeks_begin_on_sunday: false }
  const d = JSON.stringify({ clock, who })
  return `/decide/segments/new?${new URLSearchParams({ d, ...more })}`
}

export const did = (name, length = '30 days', value = 1) => ({
  is: 'behaviour',
  events: { events: [name], tests: [] },
  window: { is: 'last', length },
  measure: { is: 'times' },
  number: { op: 'at_least', value },
})

export const mayWrite = {
  is: 'fact',
  fact: { of: 'permission', purpose: 'marketing', channel: 'email' },
  ...{ op: 'is', values: ['yes'] },
}
