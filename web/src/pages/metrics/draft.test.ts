// When does a change make a new version, and when can it be saved at all?
import { expect, it } from 'vitest'
import { firstFrame } from './frames'
import { emptyDraft, isChanged, isNewVersion, missing, previewOf } from './draft'

const draft = { ...emptyDraft('Ada'), name: 'Orders' }
const series = draft.definition.is === 'trend' ? draft.definition.series[0]! : null!

it('takes words for no new version', () => {
  const renamed = { ...draft, name: 'All orders', good: { is: 'neither' } as const }
  expect(isChanged(draft, renamed)).toBe(true)
  expect(isNewVersion(draft, renamed)).toBe(false)
})

it('takes another measure or unit for a new version', () => {
  const events = { events: ['Order Completed'], tests: [] }
  const definition = { is: 'trend', series: [{ ...series, events }], formula: null } as const
  expect(
    isNewVersion(draft, {
      ...draft,
      definition: { ...definition, series: [...definition.series] },
    }),
  ).toBe(true)
  expect(isNewVersion(draft, { ...draft, unit: { is: 'customers' } })).toBe(true)
})

it('takes what goes without saying for the same', () => {
  const definition = { is: 'trend' as const, series: [series] }
  expect(isNewVersion(draft, { ...draft, definition })).toBe(false)
})

it.each([
  [{ name: ' ' }, 'needs a name'],
  [{ owner: '' }, 'name an owner'],
  [{ unit: { is: 'money', currency: 'euro' } as const }, 'three letters'],
  [{ good: { is: 'between', low: 3, high: 1 } as const }, 'lower end'],
  [
    { definition: { is: 'trend' as const, series: [series, series], formula: ' ' } },
    'need a formula',
  ],
])('%o cannot be saved', (part, why) => {
  expect(missing({ ...draft, ...part })).toContain(why)
})

it('is looked at before it is saved, where it is a trend', () => {
  expect(missing(draft)).toBeNull()
  const frame = firstFrame(draft)
  expect(previewOf(draft, frame, 'UTC')?.question).toMatchObject({ grain: 'day', formula: null })
  const kept = { is: 'kept', events: { events: [], tests: [] } } as const
  expect(previewOf({ definition: kept as never }, frame, 'UTC')).toBeNull()
})
