// How many customers are in which state, span by span?
import { Fragment } from 'react'
import { countExact } from '../../number'
import { countChange } from '../change'
import { spanLong, spanShort } from '../spanNames'
import { NumberCell, ScrollTable } from '../Table'
import { groupWords, percent } from '../words'
import type { LifecycleProps } from './LifecycleChart'
import { livesOf, pickedState, states, type Lives } from './words'

export function LifecycleTable({ question, answer, onPoint }: LifecycleProps) {
  const all = [null, ...answer.groups.map((_, at) => at)].map((at) => livesOf(answer, at))
  const isGrouped = all.length > 1
  return (
    <ScrollTable label="The states in numbers">
      <thead>
        <tr>
          {isGrouped && <th scope="col">Group</th>}
          <th scope="col">Time</th>
          {['Active', ...states.map(({ name }) => name), 'Kept'].map((name) => (
            <th key={name} scope="col" data-align="end">
              {name}
            </th>
          ))}
          {answer.compared && (
            <th scope="col" data-align="end">
              Active before
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {all.map((lives, at) => (
          <Fragment key={at}>
            <Rows {...{ question, answer, onPoint, lives, isGrouped }} />
          </Fragment>
        ))}
      </tbody>
    </ScrollTable>
  )
}

type RowsProps = LifecycleProps & { lives: Lives; isGrouped: boolean }

function Rows({ question, answer, onPoint, lives, isGrouped }: RowsProps) {
  const zone = question.clock?.time_zone ?? 'UTC'
  return lives.spans.map((span, at) => {
    const then = lives.before?.[at]
    const open = (state: (typeof states)[number]) =>
      onPoint && state.n(span) > 0
        ? () => onPoint(pickedState(question, answer, { lives, span: at, state }))
        : undefined
    return (
      <tr key={span.begin}>
        {isGrouped && (
          <th scope="row">
            <bdi className={at === 0 ? undefined : 'visually-hidden'}>
              {lives.group ? groupWords(lives.group) : 'All'}
            </bdi>
          </th>
        )}
        <th scope="row" title={spanLong(span, question.grain, zone)}>
          {spanShort(span, question.grain, zone)}
          {!span.is_whole && <span className="muted"> (in part)</span>}
        </th>
        <NumberCell value={countExact(span.n_active)} />
        {states.map((state) => (
          <NumberCell key={state.key} value={countExact(state.n(span))} onOpen={open(state)} />
        ))}
        <NumberCell
          value={span.kept.value === null ? '–' : percent(span.kept.value)}
          title={span.kept.not_estimable ?? undefined}
        />
        {then && (
          <NumberCell
            muted
            value={`${countExact(then.n_active)} (${countChange(span.n_active, then.n_active)})`}
            title={spanLong(then, question.grain, zone)}
          />
        )}
      </tr>
    )
  })
}
