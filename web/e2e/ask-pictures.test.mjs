// Are all pictures of answers, choosers and drawers fit to be seen: light and dark, wide and narrow?
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asking, funnel, isFresh, named, quarter, steps, within7Days } from './asking.mjs'
import { axeFindings, openPage, shoot, signIn } from './browser.mjs'
import { setStage, sizes } from './stage.mjs'

const stage = setStage({ isSignedIn: true })
const { opened } = stage

for (const { width, scheme } of sizes) {
  test(`choosers and drawers, ${scheme}, ${width} px`, async (t) => {
    const page = await opened(t, funnel, { width, scheme })
    await isFresh(page)
    const looked = async (name) => {
      await page.waitForTimeout(300)
      await shoot(page, `ask-${name}-${scheme}-${width}`)
      assert.deepEqual(await axeFindings(page), [], name)
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'hidden' })
    }
    await named(page, 'button', /Change step 1/).click()
    await named(page, 'option', /^Page Viewed/).waitFor()
    await looked('events')
    await named(page, 'button', /Add a condition/)
      .first()
      .click()
    await named(page, 'option', /^category/).click()
    await named(page, 'listbox', 'Which values').getByRole('option').first().waitFor()
    await looked('condition')
    await named(page, 'button', /Change the time allowed/).click()
    await looked('within')
    await named(page, 'button', /Change the time$/).click()
    await looked('period')
    await named(page, 'button', /Change the groups/).click()
    await named(page, 'option', /^Channel/).waitFor()
    await looked('groups')
    await named(page, 'button', /stopped here/).click()
    await named(page, 'list', 'Customers behind this number').waitFor()
    await looked('behind')
    await named(page, 'button', 'Explain, SQL').click()
    await page.getByRole('dialog').locator('pre').waitFor()
    await looked('explain')
  })
}

const order = { events: ['Order Completed'] }
const revenue = { of: 'property', path: 'revenue' }
const year = { kind: 'last', n: 12, grain: 'month', current: false }
const byChannel = { by: { of: 'channel' }, n_groups: 6 }
const byDevice = { by: { of: 'context', path: 'rapport.agent.device' }, n_groups: 6 }
const weeks = { kind: 'last', n: 12, grain: 'week', current: false }
const versus = { period: weeks, compare: 'previous' }
const weekly = { ...versus, grain: 'week', breakdown: byDevice }
const comingBack = { begin: { events: ['Page Viewed'] }, back: { events: ['Page Viewed'] } }
const touching = {
  outcome: order,
  touch: { tests: [{ field: { of: 'context', path: 'campaign.source' }, op: 'exists' }] },
  label: { field: { of: 'context', path: 'campaign.source' }, view: 'whole' },
  within: 2_592_000,
}
const afterView = { anchor: { is: 'from', events: steps[0] }, collapse: true, gap: 1_800, depth: 4 }
const ownEdges = { is: 'given', recency_days: [30, 90], frequency: [1, 3], monetary: [100, 500] }
const count = { is: 'events' }

/** Every picture, asked in the way in which it is usually asked. */
const pictures = [
  ['trend', asking('trend', null)],
  [
    'trend-groups',
    asking('trend', {
      period: { kind: 'last', n: 12, grain: 'week', current: true },
      compare: 'previous',
      grain: 'week',
      series: [{ events: steps[0], measure: count }],
      breakdown: byChannel,
    }),
  ],
  [
    'trend-mean',
    asking(
      'trend',
      {
        period: year,
        grain: 'month',
        series: [{ events: order, measure: { is: 'mean', of: revenue } }],
      },
      { look: 'line' },
    ),
  ],
  ['trend-bars', asking('trend', null, { look: 'bar' })],
  [
    'trend-number',
    asking(
      'trend',
      {
        period: quarter,
        compare: 'previous',
        grain: 'week',
        series: [{ events: order, measure: count }],
      },
      { look: 'number' },
    ),
  ],
  ['trend-table', asking('trend', null, { look: 'table' })],
  [
    'funnel',
    asking('funnel', {
      ...{ ...within7Days, steps, period: quarter, compare: 'previous', breakdown: byChannel },
    }),
  ],
  ['funnel-table', `${funnel}&look=table`],
  ['retention', asking('retention', null)],
  ['retention-curve', asking('retention', null, { look: 'line' })],
  ['paths', asking('paths', null)],
  ['paths-table', asking('paths', null, { look: 'table' })],
  ['visits', asking('visits', null)],
  ['visits-line', asking('visits', null, { look: 'line' })],
  ['lifecycle', asking('lifecycle', null)],
  ['lifecycle-table', asking('lifecycle', null, { look: 'table' })],
  ['stickiness', asking('stickiness', null)],
  ['stickiness-line', asking('stickiness', null, { look: 'line' })],
  ['rfm', asking('rfm', { period: year, events: order, money: revenue })],
  ['last-touch', asking('last-touch', { ...touching, period: year })],
  ['retention-then', asking('retention', { ...weekly, ...comingBack, n_spans: 6 })],
  [
    'retention-curve-then',
    asking('retention', { ...versus, grain: 'week', ...comingBack, n_spans: 6 }, { look: 'line' }),
  ],
  ['paths-then', asking('paths', { ...versus, ...afterView })],
  ['paths-table-then', asking('paths', { ...versus, ...afterView }, { look: 'table' })],
  ['visits-then', asking('visits', { ...versus, by: { of: 'channel' }, grain: 'week' })],
  ['lifecycle-then', asking('lifecycle', weekly)],
  ['lifecycle-table-then', asking('lifecycle', weekly, { look: 'table' })],
  ['stickiness-then', asking('stickiness', weekly)],
  ['stickiness-line-then', asking('stickiness', weekly, { look: 'line' })],
  ['stickiness-table-then', asking('stickiness', weekly, { look: 'table' })],
  [
    'rfm-then',
    asking('rfm', {
      ...{ period: year, compare: 'previous', events: order, money: revenue, edges: ownEdges },
      breakdown: { by: { of: 'trait', name: 'plan' }, n_groups: 6 },
    }),
  ],
  ['last-touch-then', asking('last-touch', { ...touching, period: year, compare: 'previous' })],
  [
    'who',
    asking('trend', {
      ...{ period: weeks, grain: 'week', series: [{ events: order, measure: count }] },
      who: [{ trait: 'plan', op: 'exists' }],
    }),
  ],
]

for (const { width, scheme } of sizes) {
  test(`every picture, ${scheme}, ${width} px`, async (t) => {
    await signIn(stage.context, stage.engine)
    for (const [name, path] of pictures) {
      await t.test(name, async (t) => {
        const { page, complaints } = await openPage(stage.context, { width, scheme })
        t.after(() => page.close())
        await page.goto(stage.engine.url + path)
        await isFresh(page)
        await page.locator('[data-chart=loading]').waitFor({ state: 'detached' })
        await page.waitForTimeout(200)
        await shoot(page, `ask-${name}-${scheme}-${width}`)
        const wider = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        )
        assert.equal(wider, 0, 'the page scrolls sideways')
        assert.equal(await page.getByRole('alert').count(), 0, 'it could not be answered')
        assert.deepEqual(await axeFindings(page), [])
        assert.deepEqual(complaints, [])
      })
    }
  })
}
