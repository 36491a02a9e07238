// What does a trend say where one points at it? The exact numbers of that hour, day, week….
import type { TrendValue } from '@/api/insightTypes'
import { countExact } from '../../number'
import { colorOf, type Drawing } from './option'

export function tooltipOf(drawing: Drawing) {
  const { tokens } = drawing
  return {
    trigger: 'axis',
    confine: true,
    transitionDuration: 0,
    backgroundColor: tokens.raised,
    borderColor: tokens.line,
    borderWidth: 1,
    padding: [8, 12],
    textStyle: { color: tokens.ink, fontFamily: tokens.font, fontSize: 13 },
    axisPointer: { type: 'line', lineStyle: { color: tokens.ink2, width: 1, type: 'solid' } },
    formatter: (params: unknown) => {
      const [first] = params as { dataIndex: number }[]
      return first ? spoken(drawing, first.dataIndex) : ''
    },
  }
}

/** Built of elements, so that names from outside stay text. */
function spoken({ places, lines, tokens, written }: Drawing, at: number): HTMLElement {
  const place = places[at]
  const box = document.createElement('div')
  if (!place) return box
  const title = document.createElement('div')
  title.textContent = `${place.long}${place.isWhole ? '' : ', in part'}`
  title.style.cssText = 'font-weight:600;margin-bottom:4px'
  box.append(title)
  for (const line of lines) {
    const point = line.points[at]
    if (!point) continue
    box.append(row(colorOf(line, tokens), line.label, spokenValue(point, written.exact)))
    const before = line.before?.[at]
    if (before) {
      const when = place.before ?? 'the period before'
      box.append(row('transparent', `before (${when})`, spokenValue(before, written.exact)))
    }
  }
  return box
}

function spokenValue(point: TrendValue, exact: (value: number) => string): string {
  if (point.value === null) return point.not_estimable ?? 'no number'
  const value = exact(point.value)
  if (point.low === null || point.high === null) return value
  return `${value} (${exact(point.low)} to ${exact(point.high)}, n = ${countExact(point.n)})`
}

function row(color: string, label: string, value: string): HTMLElement {
  const line = document.createElement('div')
  line.style.cssText = 'display:flex;gap:8px;align-items:center;max-width:340px'
  const dot = document.createElement('span')
  dot.style.cssText = `flex:none;width:8px;height:8px;border-radius:4px;background:${color}`
  const name = document.createElement('span')
  name.textContent = label
  name.style.cssText = 'flex:1;overflow:hidden;text-overflow:ellipsis;white-space:nowrap'
  const number = document.createElement('span')
  number.textContent = value
  number.style.cssText = 'font-variant-numeric:tabular-nums;padding-inline-start:12px'
  line.append(dot, name, number)
  return line
}
