// Which group has more of a habit, in the span that is drawn?
import { countExact } from '../../number'
import { shareChange } from '../change'
import { spanLong } from '../spanNames'
import { NumberCell, ScrollTable } from '../Table'
import { briefly, groupWords, percent } from '../words'
import type { StickinessProps } from './StickinessDays'
import { habitsOf, shownSpan } from './words'

export function StickinessGroups({
  question,
  answer,
}: Pick<StickinessProps, 'question' | 'answer'>) {
  const at = shownSpan(answer)
  const shown = answer.spans[at]
  if (!shown) return null
  const zone = question.clock?.time_zone ?? 'UTC'
  const title = spanLong(shown, question.grain, zone).replace(/^./, (first) => first.toUpperCase())
  const heads = [
    'Active',
    'Mean days',
    '95 %',
    'Of the days',
    ...(answer.compared ? ['Before'] : []),
  ]
  return (
    <ScrollTable label="By group">
      <thead>
        <tr>
          <th scope="col">{title}</th>
          {heads.map((name) => (
            <th key={name} scope="col" data-align="end">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {answer.groups.map((_, place) => {
          const { group, now, before } = habitsOf(answer, place)
          const [span, then] = [now.spans[at], before?.spans[at]]
          if (!span || !group) return null
          const { value, low, high, not_estimable } = span.mean_days
          const share = span.share_of_days.value
          const past = then?.share_of_days.value ?? null
          return (
            <tr key={place}>
              <th scope="row">
                <bdi>{groupWords(group)}</bdi>
              </th>
              <NumberCell value={countExact(span.n_customers)} />
              <NumberCell
                value={value === null ? '–' : briefly(value)}
                title={not_estimable ?? undefined}
              />
              <NumberCell
                value={low === null || high === null ? '–' : `${briefly(low)} to ${briefly(high)}`}
              />
              <NumberCell value={share === null ? '–' : percent(share)} />
              {answer.compared && (
                <NumberCell
                  muted
                  value={past === null ? '–' : `${percent(past)} (${shareChange(share, past)})`}
                />
              )}
            </tr>
          )
        })}
      </tbody>
    </ScrollTable>
  )
}
