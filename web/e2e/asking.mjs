// How do the tests of insights ask a question, and when is it answered?

export const named = (page, role, name) => page.getByRole(role, { name })
export const theAnswer = (page) => page.getByRole('region', { name: 'The answer' })
export const isFresh = (page) =>
  page.locator('section[aria-label="The answer"][aria-busy="false"]').waitFor()

export const within7Days = { within: 604_800 }
export const quarter = { kind: 'last', n: 1, grain: 'quarter', current: false }
export const steps = ['Product Viewed', 'Order Completed'].map((name) => ({ events: [name] }))
export const asking = (ask, q, more = {}) =>
  `/ask/insights?${new URLSearchParams({ ask, ...(q && { q: JSON.stringify(q) }), ...more })}`
export const funnel = asking('funnel', {
  ...{ ...within7Days, steps, period: quarter, compare: 'previous' },
})
