// Which colours does a chart have in this theme?
import { useComputedColorScheme } from '@mantine/core'
import { useMemo } from 'react'

export interface ChartTokens {
  /** Six series that are told apart without colour vision, and in print. */
  series: string[]
  /** What has no series of its own: other values, no value. */
  rest: string
  ink: string
  ink2: string
  line: string
  paper: string
  raised: string
  accent: string
  bar: string
  good: string
  bad: string
  font: string
}

/** The tokens as the page has them now; read again when the theme changes. */
export function useChartTokens(): ChartTokens {
  const scheme = useComputedColorScheme('light')
  return useMemo(() => readTokens(scheme), [scheme])
}

function readTokens(scheme: string): ChartTokens {
  // The attribute on the root may be a moment late: ask an element that has the scheme already.
  const probe = document.createElement('div')
  probe.setAttribute('data-mantine-color-scheme', scheme)
  document.body.append(probe)
  const style = getComputedStyle(probe)
  const of = (name: string) => style.getPropertyValue(`--${name}`).trim()
  const tokens = {
    series: [1, 2, 3, 4, 5, 6].map((n) => of(`series-${n}`)),
    rest: of('series-rest'),
    ink: of('ink'),
    ink2: of('ink-2'),
    line: of('line'),
    paper: of('paper'),
    raised: of('raised'),
    accent: of('accent'),
    bar: of('bar'),
    good: of('good'),
    bad: of('bad'),
    font: of('font-sans'),
  }
  probe.remove()
  return tokens
}
