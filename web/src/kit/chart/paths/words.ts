// What does a step of a path have for a name, and what do paths say?
import type { PathsAnswer, PathsNumbers, PathsQuestion, PathStep } from '@/api/insightTypes'
import { counted, countExact } from '../../number'
import type { Picked } from '../types'
import { pastWords, percent, selectionWords } from '../words'

export function pathStepWords(step: PathStep): string {
  switch (step.is) {
    case 'value':
      return step.value === '' ? '(empty)' : step.value
    case 'other':
      return step.n_values === 1 ? '1 other' : `${step.n_values} others`
    case 'absent':
      return 'Without a name'
    case 'end':
      return 'Nothing more'
  }
}

/** A key of a step among those of a level. */
export const stepKey = (step: PathStep) => `${step.is} ${step.is === 'value' ? step.value : ''}`

/** The share of all paths that go through a step of a level; null where none is known. */
export function shareAt(of: PathsNumbers | null | undefined, level: number, step: PathStep) {
  if (!of || of.n_paths === 0) return null
  const node = of.levels[level]?.find((one) => stepKey(one.step) === stepKey(step))
  return node ? node.n / of.n_paths : 0
}

/** The share of all paths that begin so; null where it is not among those that are known. */
export function shareOfTop(of: PathsNumbers | null | undefined, steps: PathStep[]) {
  const key = steps.map(stepKey).join(' ')
  return of?.top.find((one) => one.steps.map(stepKey).join(' ') === key)?.share ?? null
}

export function anchorWords({ anchor }: PathsQuestion): string {
  if (anchor.is === 'sessions') return 'the beginning of a visit'
  return selectionWords(anchor.events)
}

export function pathsSummary(question: PathsQuestion, answer: PathsAnswer): string {
  if (answer.n_paths === 0) return 'There is no such path in this period.'
  const [next] = [...(answer.levels[1] ?? [])]
    .filter(({ step }) => step.is === 'value')
    .sort((a, b) => b.n - a.n)
  const ended = answer.levels[1]?.find(({ step }) => step.is === 'end')?.n ?? 0
  const way = question.anchor.is === 'to' ? 'before' : 'after'
  const past = next ? shareAt(answer.compared, 1, next.step) : null
  const then = past === null ? '' : `, ${percent(past)} in the ${pastWords(question)}`
  const most = next
    ? ` Most often ${pathStepWords(next.step)} comes ${way} ${anchorWords(question)} (${percent(next.n / answer.n_paths)}${then}).`
    : ''
  const end = ended > 0 ? ` In ${percent(ended / answer.n_paths)} nothing comes ${way}.` : ''
  return `${counted(answer.n_paths, 'path')} of ${counted(answer.n_customers, 'customer')}.${most}${end}`
}

const shownAt = (answer: PathsAnswer, level: number) =>
  (answer.levels[level] ?? []).flatMap(({ step }) => (step.is === 'value' ? [step.value] : []))

/** A step, or a step and the one that comes next. */
export function pickedPath(
  answer: PathsAnswer,
  level: number,
  step: PathStep,
  next?: PathStep,
  isBefore = false,
): Picked {
  const label = next ? `${pathStepWords(step)}, then ${pathStepWords(next)}` : pathStepWords(step)
  return {
    place: {
      insight: 'paths',
      at: {
        level,
        step,
        shown: shownAt(answer, level),
        next: next ? { step: next, shown: shownAt(answer, level + 1) } : null,
        ...(isBefore && { compared: true }),
      },
    },
    label: `${label} (step ${countExact(level + 1)}${isBefore ? ', period before' : ''})`,
  }
}
