// What does a funnel say, in two sentences, and how are its places called?
import type {
  FunnelAnswer,
  FunnelOfGroup,
  FunnelQuestion,
  FunnelStep,
  Group,
} from '@/api/insightTypes'
import { counted, countExact } from '../../number'
import { lengthWords } from '../lengthWords'
import type { Picked } from '../types'
import { beginning, groupWords, pastWords, percent, selectionWords } from '../words'

export const stepName = (question: FunnelQuestion, at: number) =>
  selectionWords(question.steps[at] ?? { events: [], tests: [] })

/** "18 of 88 customers (20 %) went all the way, half of them within 9 min." */
export function funnelSummary(question: FunnelQuestion, answer: FunnelAnswer): string {
  const [first] = answer.all.steps
  const last = answer.all.steps.at(-1)
  if (!first || !last || first.n === 0) return 'Nobody took the first step in this period.'
  const { took } = answer.all
  const half = took ? `, half of them within ${lengthWords(took.median_seconds)}` : ''
  const now = `${countExact(last.n)} of ${counted(first.n, 'customer')} (${shareOf(last)}) went all the way${half}.`
  const then = before(answer.compared, pastWords(question))
  return [now, then, best(answer.groups)].filter(Boolean).join(' ')
}

function before(compared: FunnelOfGroup | null, past: string): string {
  const first = compared?.steps[0]
  const last = compared?.steps.at(-1)
  if (!first || !last) return ''
  if (first.n === 0) return `In the ${past} nobody took the first step.`
  return `In the ${past} it was ${countExact(last.n)} of ${countExact(first.n)} (${shareOf(last)}).`
}

/** The best and the worst are named only where their intervals touch no other's. */
function best(groups: FunnelOfGroup[]): string {
  const named = groups.filter(({ group }) => group.is === 'value')
  const known = named.flatMap((group) => {
    const share = group.steps.at(-1)?.of_first
    const { value, low, high } = share ?? {}
    if (typeof value !== 'number' || typeof low !== 'number' || typeof high !== 'number') return []
    return [{ name: groupWords(group.group), value, low, high }]
  })
  if (known.length < 2) return ''
  known.sort((a, b) => b.value - a.value)
  const [top, bottom] = [known[0], known.at(-1)]
  if (!top || !bottom || top.low <= bottom.high) {
    return 'The groups cannot be told apart: the differences may be chance.'
  }
  const [first, last] = [standing(top), standing(bottom)]
  const isBest = known.slice(1).every(({ high }) => high < top.low)
  const isWorst = known.slice(0, -1).every(({ low }) => low > bottom.high)
  if (isBest) return beginning(`${first} does best${isWorst ? `, ${last} worst` : ''}.`)
  return beginning(isWorst ? `${last} does worst.` : `${first} does better than ${last}.`)
}

/** "cpc (40 %)". */
const standing = ({ name, value }: { name: string; value: number }) => `${name} (${percent(value)})`

export function shareOf(step: FunnelStep): string {
  return step.of_first.value === null ? 'no share' : percent(step.of_first.value)
}

/** "13 % to 30 %", or why there is no interval. */
export function intervalWords(share: FunnelStep['of_first']): string {
  if (share.low === null || share.high === null) return share.not_estimable ?? ''
  return `${percent(share.low)} to ${percent(share.high)}`
}

interface PickedAt {
  step: number
  side: 'reached' | 'dropped'
  group: Group
  /** In the period before. */
  isBefore?: boolean
}

/** Who reached a step, or stopped before it. */
export function pickedStep(
  question: FunnelQuestion,
  answer: FunnelAnswer,
  { step, side, group, isBefore = false }: PickedAt,
): Picked {
  const shown = answer.groups.flatMap(({ group }) => (group.is === 'value' ? [group.value] : []))
  const happened =
    side === 'reached'
      ? `Reached ${stepName(question, step - 1)}`
      : `Stopped after ${stepName(question, step - 2)}`
  const what = isBefore ? `${happened}, ${pastWords(question)}` : happened
  return {
    place: {
      insight: 'funnel',
      at: {
        ...{ step, side, group: group.is === 'all' ? null : group, shown },
        ...(isBefore && { compared: true }),
      },
    },
    label: group.is === 'all' ? what : `${what}, ${groupWords(group)}`,
  }
}
