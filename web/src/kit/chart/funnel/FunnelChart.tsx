// How many take one step after the other, and who stops where? Every number opens its customers.
import type { FunnelAnswer, FunnelOfGroup, FunnelQuestion, FunnelStep } from '@/api/insightTypes'
import { counted, countExact } from '../../number'
import { shareChange } from '../change'
import { lengthWords } from '../lengthWords'
import type { OnPoint } from '../types'
import { pastWords, percent } from '../words'
import { FunnelGroups } from './FunnelGroups'
import { funnelSummary, intervalWords, pickedStep, shareOf, stepName } from './words'
import classes from './funnel.module.css'

export interface FunnelProps {
  question: FunnelQuestion
  answer: FunnelAnswer
  onPoint?: OnPoint
  compact?: boolean
}

export function FunnelChart({ question, answer, onPoint, compact }: FunnelProps) {
  const { all, compared, groups } = answer
  return (
    <div className={classes.funnel}>
      <ol className={classes.steps} aria-label={funnelSummary(question, answer)}>
        {all.steps.map((step, at) => (
          <Step
            key={at}
            {...{ question, answer, onPoint, compact, step, at }}
            before={compared?.steps[at]}
            began={all.steps[0]?.n ?? 0}
          />
        ))}
      </ol>
      {groups.length > 0 && <FunnelGroups {...{ question, answer, onPoint }} />}
    </div>
  )
}

interface StepProps extends FunnelProps {
  step: FunnelStep
  at: number
  before: FunnelOfGroup['steps'][number] | undefined
  began: number
}

function Step({ question, answer, onPoint, compact, step, at, before, began }: StepProps) {
  const open =
    (side: 'reached' | 'dropped', isBefore = false) =>
    () =>
      onPoint?.(
        pickedStep(question, answer, { step: at + 1, side, group: { is: 'all' }, isBefore }),
      )
  return (
    <li className={classes.step}>
      {at > 0 && (
        <div className={classes.dropped}>
          <Count
            n={step.n_dropped}
            onOpen={onPoint && step.n_dropped > 0 ? open('dropped') : undefined}
          >
            {counted(step.n_dropped, 'customer')} stopped here
          </Count>
          {step.of_previous.value !== null && (
            <span className="muted"> {percent(1 - step.of_previous.value)} of the step before</span>
          )}
        </div>
      )}
      <div className={classes.head}>
        <span className={classes.place} aria-hidden>
          {at + 1}
        </span>
        <bdi className={classes.name}>{stepName(question, at)}</bdi>
        <Count n={step.n} onOpen={onPoint && step.n > 0 ? open('reached') : undefined}>
          <b>{countExact(step.n)}</b>
        </Count>
      </div>
      <Bar step={step} before={before} began={began} />
      {!compact && (
        <Facts
          {...{ question, step, before, at }}
          onBefore={onPoint && before && before.n > 0 ? open('reached', true) : undefined}
        />
      )}
    </li>
  )
}

function Count({
  onOpen,
  children,
}: {
  n: number
  onOpen?: () => void
  children: React.ReactNode
}) {
  if (!onOpen) return <span>{children}</span>
  return (
    <button type="button" className={classes.count} onClick={onOpen}>
      {children}
    </button>
  )
}

/** The share of all who began, with its interval, and under it the period before. */
export function Bar({
  step,
  before,
}: {
  step: FunnelStep
  before: FunnelStep | undefined
  began: number
}) {
  const { value, low, high } = step.of_first
  const width = (share: number) => `${Math.min(100, share * 100)}%`
  return (
    <div className={classes.bars} aria-hidden>
      <div className={classes.track}>
        <div className={classes.bar} style={{ width: width(value ?? 0) }} />
        {low !== null && high !== null && low < 1 && high > low && value !== 1 && (
          <div
            className={classes.band}
            style={{ insetInlineStart: width(low), width: width(high - low) }}
          />
        )}
      </div>
      {before && (
        <div className={classes.before} style={{ width: width(before.of_first.value ?? 0) }} />
      )}
    </div>
  )
}

interface FactsProps {
  question: FunnelProps['question']
  step: FunnelStep
  before: FunnelStep | undefined
  at: number
  onBefore?: () => void
}

function Facts({ question, step, before, at, onBefore }: FactsProps) {
  const parts = [
    at > 0 && `${shareOf(step)} of all who began`,
    at > 0 && intervalWords(step.of_first) && `95 %: ${intervalWords(step.of_first)}`,
    step.took && `half within ${lengthWords(step.took.median_seconds)} of the step before`,
  ].filter(Boolean)
  if (parts.length === 0 && !before) return null
  const change = before && at > 0 ? shareChange(step.of_first.value, before.of_first.value) : ''
  return (
    <div className={classes.facts}>
      {parts.join(' · ')}
      {before && (
        <>
          {parts.length > 0 && ' · '}
          {pastWords(question)}:{' '}
          <Count n={before.n} onOpen={onBefore}>
            {countExact(before.n)}
          </Count>
          {at > 0 && ` (${[shareOf(before), change].filter(Boolean).join(', ')})`}
        </>
      )}
    </div>
  )
}
