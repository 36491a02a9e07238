// Does a file say what is in it, whatever its card is called?
import { expect, it } from 'vitest'
import { fileName } from './fileName'

it.each([
  ['Orders, by week!', 'csv', 'orders-by-week-2026-03-09.csv'],
  ['…', 'png', 'card-2026-03-09.png'],
  ['../Größe 🛒', 'png', 'größe-2026-03-09.png'],
])('%s as %s', (title, ending, name) => {
  expect(fileName(title, '2026-03-09T10:00:00Z', ending)).toBe(name)
})
