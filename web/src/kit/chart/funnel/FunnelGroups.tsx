// Which group goes how far? One line for each, every number a way to its customers.
import type { FunnelStep } from '@/api/insightTypes'
import { countExact } from '../../number'
import { shareChange } from '../change'
import { lengthWords } from '../lengthWords'
import { ScrollTable } from '../Table'
import { groupHead, groupWords } from '../words'
import type { FunnelProps } from './FunnelChart'
import { intervalWords, pickedStep, shareOf, stepName } from './words'
import classes from './funnel.module.css'
import table from '../chart.module.css'

export function FunnelGroups({ question, answer, onPoint }: FunnelProps) {
  const later = question.steps.slice(1)
  return (
    <ScrollTable label="By group">
      <thead>
        <tr>
          <th scope="col">{groupHead(question.breakdown?.by)}</th>
          <th scope="col" data-align="end">
            {stepName(question, 0)}
          </th>
          {later.map((_, at) => (
            <th scope="col" key={at} colSpan={2}>
              {stepName(question, at + 1)}
            </th>
          ))}
          <th scope="col" data-align="end">
            Half took at most
          </th>
        </tr>
      </thead>
      <tbody>
        {answer.groups.map(({ group, steps, took }, place) => {
          const before = answer.compared_groups[place]?.steps
          const open = (step: number, side: 'reached' | 'dropped', n: number, isBefore = false) =>
            onPoint && n > 0
              ? () => onPoint(pickedStep(question, answer, { step, side, group, isBefore }))
              : undefined
          return (
            <tr key={`${group.is} ${groupWords(group)}`}>
              <th scope="row">
                <bdi>{groupWords(group)}</bdi>
              </th>
              <td data-align="end">
                <Open n={steps[0]?.n ?? 0} onOpen={open(1, 'reached', steps[0]?.n ?? 0)} />
              </td>
              {steps.slice(1).map((step, at) => [
                <td key={`${at} share`} className={classes.groupShare}>
                  <div className={classes.groupBar} title={intervalWords(step.of_first)}>
                    <div
                      className={classes.bar}
                      style={{ width: `${(step.of_first.value ?? 0) * 100}%` }}
                    />
                  </div>
                  {shareOf(step)} · <Open n={step.n} onOpen={open(at + 2, 'reached', step.n)} />
                  <Before
                    step={before?.[at + 1]}
                    now={step}
                    onOpen={open(at + 2, 'reached', before?.[at + 1]?.n ?? 0, true)}
                  />
                </td>,
                <td key={`${at} dropped`} className={classes.groupDropped}>
                  <Open
                    n={step.n_dropped}
                    word="stopped"
                    onOpen={open(at + 2, 'dropped', step.n_dropped)}
                  />
                </td>,
              ])}
              <td data-align="end">{took ? lengthWords(took.median_seconds) : '–'}</td>
            </tr>
          )
        })}
      </tbody>
    </ScrollTable>
  )
}

interface BeforeProps {
  step: FunnelStep | undefined
  now: FunnelStep
  onOpen?: () => void
}

/** How it was in the period before. */
function Before({ step, now, onOpen }: BeforeProps) {
  if (!step) return null
  const change = shareChange(now.of_first.value, step.of_first.value)
  return (
    <div className={classes.groupBefore}>
      <div className={classes.groupBar}>
        <div className={classes.before} style={{ width: `${(step.of_first.value ?? 0) * 100}%` }} />
      </div>
      before {shareOf(step)} · <Open n={step.n} onOpen={onOpen} />
      {change && ` (${change})`}
    </div>
  )
}

function Open({ n, word, onOpen }: { n: number; word?: string; onOpen?: () => void }) {
  const text = word ? `${countExact(n)} ${word}` : countExact(n)
  if (!onOpen) return <span>{text}</span>
  return (
    <button type="button" className={table.cell} onClick={onOpen}>
      {text}
    </button>
  )
}
