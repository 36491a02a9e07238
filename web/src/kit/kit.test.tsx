import { fireEvent, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'
import { ApiFailure } from '@/api/client'
import { renderInApp } from '@/testing/render'
import { ConfirmInline } from './ConfirmInline'
import { Figure } from './Figure'
import { FilterBar } from './FilterBar'
import { JsonViewer } from './JsonViewer'
import { Sparkline } from './Sparkline'
import { EmptyState, ErrorState } from './states'
import { useToast } from './toast'

test('a confirmation shows the effect first and can be left', async () => {
  const onConfirm = vi.fn()
  renderInApp(
    <ConfirmInline ask="Delete…" act="Delete it" effect="12 events" onConfirm={onConfirm} />,
  )
  await userEvent.click(screen.getByRole('button', { name: 'Delete…' }))
  expect(screen.getByText('12 events')).toBeTruthy()
  await userEvent.click(screen.getByRole('button', { name: 'Keep it as it is' }))
  expect(onConfirm).not.toHaveBeenCalled()
  await userEvent.click(screen.getByRole('button', { name: 'Delete…' }))
  await userEvent.click(screen.getByRole('button', { name: 'Delete it' }))
  expect(onConfirm).toHaveBeenCalledOnce()
})

test('a figure explains itself: definition, n and what was left out', async () => {
  renderInApp(
    <Figure
      label="Events"
      value="12.4K"
      exact="12,431"
      explain={{ definition: 'Accepted events.', n: '12,431 events', leftOut: 'Duplicates.' }}
    />,
  )
  await userEvent.click(screen.getByRole('button', { name: /Events/ }))
  const drawer = await screen.findByRole('dialog', { name: 'Events' })
  for (const words of ['12,431', 'Accepted events.', '12,431 events', 'Duplicates.']) {
    expect(drawer.textContent).toContain(words)
  }
})

test('a figure without an answer gives the reason in its place', () => {
  renderInApp(
    <Figure
      label="Lift"
      value={null}
      absent="Too few customers: 12 of 100"
      explain={{ definition: '' }}
    />,
  )
  expect(screen.getByText('Too few customers: 12 of 100')).toBeTruthy()
})

test('an error says what, why and what to do, and can be tried again', async () => {
  const again = vi.fn()
  renderInApp(
    <ErrorState
      what="The customers could not be read"
      error={new ApiFailure('unavailable', 'The disk is full.', 'Free some space.')}
      onRetry={again}
    />,
  )
  const alert = screen.getByRole('alert')
  expect(alert.textContent).toContain('The disk is full.')
  expect(alert.textContent).toContain('Free some space.')
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }))
  expect(again).toHaveBeenCalledOnce()
})

test('an empty state that is the page carries its heading', () => {
  renderInApp(<EmptyState asPage title="There is no such customer" />)
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('There is no such customer')
})

test('JSON is shown as text, never as markup, and long lists come in parts', async () => {
  const value = {
    name: '<img src=x onerror=alert(1)>',
    list: Array.from({ length: 250 }, (_, i) => i),
  }
  const { container } = renderInApp(<JsonViewer value={value} label="event" />)
  expect(container.querySelector('img')).toBeNull()
  expect(screen.getByText('"<img src=x onerror=alert(1)>"')).toBeTruthy()
  expect(screen.queryByText('249')).toBeNull()
  await userEvent.click(screen.getByRole('button', { name: /150 left/ }))
  await userEvent.click(screen.getByRole('button', { name: /50 left/ }))
  expect(screen.getByText('249')).toBeTruthy()
})

function Toaster({ undo }: { undo: () => void }) {
  const toast = useToast()
  return <button onClick={() => toast.done('Renamed', undo)}>go</button>
}

test('a toast can be undone once and is gone then', async () => {
  const undo = vi.fn()
  renderInApp(<Toaster undo={undo} />)
  await userEvent.click(screen.getByRole('button', { name: 'go' }))
  await userEvent.click(screen.getByRole('button', { name: 'Undo' }))
  expect(undo).toHaveBeenCalledOnce()
  expect(screen.queryByText('Renamed')).toBeNull()
})

test('a sparkline says in words what it draws', () => {
  renderInApp(<Sparkline values={[0, 4, 2]} summary="4 at most, 2 now" />)
  const bars = screen.getByRole('img', { name: '4 at most, 2 now' }).querySelectorAll('rect')
  expect([...bars].map((bar) => bar.getAttribute('height'))).toEqual(['1', '24', '12'])
})

test('the search field settles before it asks, and follows the address', async () => {
  vi.useFakeTimers()
  const onText = vi.fn()
  const bar = (text: string) => (
    <FilterBar search={{ label: 'Search', placeholder: '', text, onText }} />
  )
  const { unmount } = renderInApp(bar(''))
  fireEvent.change(screen.getByRole('textbox', { name: 'Search' }), { target: { value: 'ad' } })
  fireEvent.change(screen.getByRole('textbox', { name: 'Search' }), { target: { value: 'ada ' } })
  expect(onText).not.toHaveBeenCalled()
  vi.advanceTimersByTime(300)
  expect(onText.mock.calls).toEqual([['ada']])
  vi.useRealTimers()
  unmount()
  renderInApp(bar('from a link'))
  expect(screen.getByRole('textbox', { name: 'Search' })).toHaveProperty('value', 'from a link')
})
