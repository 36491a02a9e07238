// Is a metric asked over a time that it can be asked over?
import { expect, it } from 'vitest'
import type { MetricDefinition } from '@/api/metricTypes'
import { periodOf } from '../boards/periods'
import { firstFrame, frameOver } from './frames'

const trend: MetricDefinition = { is: 'trend', series: [], formula: null }
const kept: MetricDefinition = { is: 'kept', events: { events: [], tests: [] } }

it('holds whole days against whole days', () => {
  expect(firstFrame({ definition: trend })).toMatchObject({
    period: { kind: 'last', n: 30, grain: 'day', current: false },
    grain: 'day',
    compare: 'previous',
  })
})

it('sees habits and who comes back by the week at least, and compares nothing', () => {
  expect(firstFrame({ definition: kept })).toMatchObject({
    period: { kind: 'last', n: 12, grain: 'week', current: false },
    grain: 'week',
    compare: null,
  })
  expect(frameOver({ definition: kept }, periodOf('last-12-month')!)).toMatchObject({
    period: { kind: 'last', n: 12, grain: 'month', current: false },
    grain: 'month',
  })
})
