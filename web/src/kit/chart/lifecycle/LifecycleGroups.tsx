// How do the groups stand beside each other in the last span that is over?
import { countExact } from '../../number'
import { countChange } from '../change'
import { spanLong } from '../spanNames'
import { NumberCell, ScrollTable } from '../Table'
import { groupWords, percent } from '../words'
import type { LifecycleProps } from './LifecycleChart'
import { lastWhole, livesOf, pickedState, states } from './words'

export function LifecycleGroups({ question, answer, onPoint }: LifecycleProps) {
  const at = lastWhole(answer.spans)
  const shown = answer.spans[at]
  if (!shown) return null
  const zone = question.clock?.time_zone ?? 'UTC'
  return (
    <ScrollTable label="By group">
      <thead>
        <tr>
          <th scope="col">{capital(spanLong(shown, question.grain, zone))}</th>
          {['Active', ...states.map(({ name }) => name), 'Kept'].map((name) => (
            <th key={name} scope="col" data-align="end">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {answer.groups.map((_, place) => {
          const lives = livesOf(answer, place)
          const span = lives.spans[at]
          const then = lives.before?.[at]
          if (!span || !lives.group) return null
          return (
            <tr key={place}>
              <th scope="row">
                <bdi>{groupWords(lives.group)}</bdi>
              </th>
              <NumberCell
                value={`${countExact(span.n_active)}${then ? ` (${countChange(span.n_active, then.n_active)})` : ''}`}
              />
              {states.map((state) => (
                <NumberCell
                  key={state.key}
                  value={countExact(state.n(span))}
                  onOpen={
                    onPoint && state.n(span) > 0
                      ? () => onPoint(pickedState(question, answer, { lives, span: at, state }))
                      : undefined
                  }
                />
              ))}
              <NumberCell
                value={span.kept.value === null ? '–' : percent(span.kept.value)}
                title={span.kept.not_estimable ?? undefined}
              />
            </tr>
          )
        })}
      </tbody>
    </ScrollTable>
  )
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
