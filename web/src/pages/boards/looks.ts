// In which ways can the answer to a card's question be looked at?
import type { CardAsk, CardChart } from '@/api/boardTypes'
import { looksOf, type Chart } from '@/kit/chart'

const words: Record<Chart, string> = {
  line: 'Line',
  bar: 'Bars',
  number: 'One number',
  table: 'Table',
  funnel: 'Funnel',
  heat: 'Grid of shares',
  sankey: 'Flow',
  states: 'Bars of states',
  days: 'Bars by day',
}

export function looksFor(ask: CardAsk): { value: CardChart; label: string }[] {
  const looks = looksOf['metric' in ask ? 'trend' : ask.insight]
  return looks.map((chart) => ({ value: chart as CardChart, label: words[chart] }))
}
