import { expect, it } from 'vitest'
import { domainsIn } from './domainList'

it('finds each domain once, however they are parted', () => {
  expect(domainsIn(' a.de\nb.de, c.de;a.de\n\n')).toEqual(['a.de', 'b.de', 'c.de'])
  expect(domainsIn(' \n')).toEqual([])
})
