// Is it said when an alert fires, and what became of telling it?
import { expect, it } from 'vitest'
import type { Firing } from '@/api/alertTypes'
import { chanceWords, deliveryWords, whenWords } from './alertWords'

it('says when it fires, in the unit of the metric', () => {
  const when = { kind: 'threshold', op: 'above', value: 20_000 } as const
  expect(whenWords({ when, grain: 'day' }, { is: 'money', currency: 'EUR' })).toBe(
    'Above €20,000, looked at every day',
  )
  const unusual = { kind: 'unusual', sensitivity: 'low' } as const
  expect(whenWords({ when: unusual, grain: 'hour' }, { is: 'events' })).toBe(
    'Unusual for its time, looked at every hour',
  )
})

it('says what it costs in false alarms', () => {
  expect(chanceWords({ when: { kind: 'unusual', sensitivity: 'high' } })).toContain('20 in 1,000')
  expect(chanceWords({ when: { kind: 'threshold', op: 'below', value: 1 } })).toBeNull()
})

const at = '2026-03-09T10:00:00Z'
const attempt = (message: string) => ({ at, status: null, message })

it.each<[Firing['delivery'], string | null]>([
  [null, null],
  [{ delivered_at: at, next_at: null, attempts: [attempt('ok')] }, 'Server told'],
  [
    { delivered_at: at, next_at: null, attempts: [attempt('down'), attempt('ok')] },
    'Server told after 2 tries',
  ],
  [{ delivered_at: null, next_at: at, attempts: [] }, 'On its way to the server'],
  [
    { delivered_at: null, next_at: at, attempts: [attempt('refused')] },
    'Server not told yet (refused); it is tried again',
  ],
  [
    { delivered_at: null, next_at: null, attempts: [attempt('refused')] },
    'Server not told after one try: refused',
  ],
])('says of %o: %s', (delivery, words) => {
  expect(deliveryWords({ delivery })).toBe(words)
})
