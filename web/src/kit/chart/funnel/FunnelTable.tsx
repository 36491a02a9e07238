// Which numbers does a funnel have, step by step?
import type { FunnelOfGroup } from '@/api/insightTypes'
import { countExact } from '../../number'
import { lengthWords } from '../lengthWords'
import { NumberCell, ScrollTable } from '../Table'
import { groupWords, pastWords } from '../words'
import type { FunnelProps } from './FunnelChart'
import { intervalWords, pickedStep, shareOf, stepName } from './words'

export function FunnelTable({ question, answer, onPoint }: FunnelProps) {
  const past = pastWords(question)
  const rows: { of: FunnelOfGroup; title: string; isBefore: boolean }[] = [
    { of: answer.all, title: 'All', isBefore: false },
    ...(answer.compared ? [{ of: answer.compared, title: `All, ${past}`, isBefore: true }] : []),
    ...answer.groups.flatMap((of, at) => {
      const title = groupWords(of.group)
      const before = answer.compared_groups[at]
      return [
        { of, title, isBefore: false },
        ...(before ? [{ of: before, title: `${title}, ${past}`, isBefore: true }] : []),
      ]
    }),
  ]
  return (
    <ScrollTable label="The numbers of the funnel">
      <thead>
        <tr>
          {['Group', 'Step'].map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
          {['Reached it', 'Stopped before', 'Of all who began', '95 %', 'Half took at most'].map(
            (name) => (
              <th key={name} scope="col" data-align="end">
                {name}
              </th>
            ),
          )}
        </tr>
      </thead>
      <tbody>
        {rows.flatMap(({ of, title, isBefore }) =>
          of.steps.map((step, at) => {
            const place = { step: at + 1, group: of.group, isBefore }
            const open = (side: 'reached' | 'dropped') =>
              onPoint && (() => onPoint(pickedStep(question, answer, { ...place, side })))
            return (
              <tr key={`${title} ${at}`}>
                <th scope="row">
                  <bdi className={at === 0 ? undefined : 'visually-hidden'}>{title}</bdi>
                </th>
                <td>{stepName(question, at)}</td>
                <NumberCell value={countExact(step.n)} onOpen={open('reached')} />
                <NumberCell
                  value={at === 0 ? '–' : countExact(step.n_dropped)}
                  onOpen={open('dropped')}
                />
                <NumberCell value={shareOf(step)} />
                <NumberCell value={intervalWords(step.of_first) || '–'} />
                <NumberCell value={step.took ? lengthWords(step.took.median_seconds) : '–'} />
              </tr>
            )
          }),
        )}
      </tbody>
    </ScrollTable>
  )
}
