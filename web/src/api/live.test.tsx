import { act, render, screen } from '@testing-library/react'
import { beforeEach, expect, test, vi } from 'vitest'
import { useLive } from './live'

class FakeSource {
  static readonly CLOSED = 2
  static all: FakeSource[] = []
  readyState = 0
  onopen = () => {}
  onerror = () => {}
  closed = false
  listeners = new Map<string, (event: { data: string }) => void>()
  constructor(readonly url: string) {
    FakeSource.all.push(this)
  }
  addEventListener(name: string, listener: (event: { data: string }) => void) {
    this.listeners.set(name, listener)
  }
  close() {
    this.closed = true
  }
}

const latest = () => FakeSource.all.at(-1)!

beforeEach(() => {
  FakeSource.all = []
  vi.stubGlobal('EventSource', FakeSource)
})

function Probe({ onThing, onGap }: { onThing: (data: unknown) => void; onGap: () => void }) {
  return <p>{useLive('/stream', { thing: onThing }, onGap)}</p>
}

function setHidden(hidden: boolean) {
  Object.defineProperty(document, 'hidden', { value: hidden, configurable: true })
  act(() => void document.dispatchEvent(new Event('visibilitychange')))
}

test('events reach the newest handler, and the state is told', () => {
  const onThing = vi.fn()
  render(<Probe onThing={onThing} onGap={() => {}} />)
  expect(screen.getByText('connecting')).toBeTruthy()
  act(() => latest().onopen())
  expect(screen.getByText('live')).toBeTruthy()
  act(() => latest().listeners.get('thing')!({ data: '{"n":1}' }))
  expect(onThing).toHaveBeenCalledWith({ n: 1 })
  act(() => latest().onerror())
  expect(screen.getByText('lost')).toBeTruthy()
})

test('a hidden tab lets its connection go and reads again what it missed', () => {
  const onGap = vi.fn()
  render(<Probe onThing={() => {}} onGap={onGap} />)
  act(() => latest().onopen())
  setHidden(true)
  expect(latest().closed).toBe(true)
  expect(onGap).not.toHaveBeenCalled()
  setHidden(false)
  expect(FakeSource.all.length).toBe(2)
  act(() => latest().onopen())
  expect(onGap).toHaveBeenCalledOnce()
})

test('leaving the page ends the connection', () => {
  const { unmount } = render(<Probe onThing={() => {}} onGap={() => {}} />)
  unmount()
  expect(latest().closed).toBe(true)
})
