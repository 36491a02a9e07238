import { expect, test } from 'vitest'
import { snippetsFor, usualSnippet } from './snippets'

const snippets = snippetsFor('https://rapport.example:8443', 'wk_test')

test.each(snippets.map((s) => [s.label, s]))('%s carries the key and the host', (_, { code }) => {
  expect(code).toContain('wk_test')
  expect(code).toContain('rapport.example:8443')
})

test('the browser library gets its host without a scheme and with /v1', () => {
  const code = snippets.find((s) => s.id === 'segment-browser')!.code
  expect(code).toContain("apiHost: 'rapport.example:8443/v1', protocol: 'https'")
})

test('every kind of source has a snippet to begin with', () => {
  const ids = snippets.map((s) => s.id)
  for (const kind of ['browser', 'mobile', 'server', 'something new']) {
    expect(ids).toContain(usualSnippet(kind))
  }
})
