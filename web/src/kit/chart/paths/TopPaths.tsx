// Which ways are taken most often, in words?
import type { PathsAnswer, PathsQuestion } from '@/api/insightTypes'
import { countExact } from '../../number'
import { shareChange } from '../change'
import { NumberCell, ScrollTable } from '../Table'
import type { OnPoint } from '../types'
import { percent } from '../words'
import { pathStepWords, pickedPath, shareAt, shareOfTop } from './words'
import classes from '../chart.module.css'

interface TopPathsProps {
  question: PathsQuestion
  answer: PathsAnswer
  onPoint?: OnPoint
  /** All levels with their steps, each a way to its customers. */
  all?: boolean
}

const SHOWN = 12

export function TopPaths({ question, answer, onPoint, all = false }: TopPathsProps) {
  const arrow = question.anchor.is === 'to' ? ' ← ' : ' → '
  return (
    <div className={classes.stack}>
      <ScrollTable label="The most frequent paths">
        <thead>
          <tr>
            <th scope="col">The most frequent beginnings</th>
            <th scope="col" data-align="end">
              Paths
            </th>
            <th scope="col" data-align="end">
              Of all
            </th>
            {answer.compared && <ThenHeads />}
          </tr>
        </thead>
        <tbody>
          {answer.top.slice(0, all ? 50 : SHOWN).map(({ steps, n, share }, at) => (
            <tr key={at}>
              <th scope="row">
                <bdi>{steps.map(pathStepWords).join(arrow)}</bdi>
              </th>
              <NumberCell value={countExact(n)} />
              <NumberCell value={percent(share)} />
              {answer.compared && <Then now={share} then={shareOfTop(answer.compared, steps)} />}
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      {all && <Levels {...{ answer, onPoint }} />}
    </div>
  )
}

function Levels({ answer, onPoint }: Pick<TopPathsProps, 'answer' | 'onPoint'>) {
  return (
    <ScrollTable label="The steps, level by level">
      <thead>
        <tr>
          {['Level', 'Step'].map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
          <th scope="col" data-align="end">
            Paths
          </th>
          <th scope="col" data-align="end">
            Of all
          </th>
          {answer.compared && <ThenHeads />}
        </tr>
      </thead>
      <tbody>
        {answer.levels.flatMap((nodes, level) =>
          nodes.map(({ step, n }, place) => (
            <tr key={`${level} ${place}`}>
              <th scope="row">
                <span className={place === 0 ? undefined : 'visually-hidden'}>{level + 1}</span>
              </th>
              <td>
                <bdi>{pathStepWords(step)}</bdi>
              </td>
              <NumberCell
                value={countExact(n)}
                onOpen={
                  onPoint && n > 0 ? () => onPoint(pickedPath(answer, level, step)) : undefined
                }
              />
              <NumberCell value={percent(answer.n_paths > 0 ? n / answer.n_paths : 0)} />
              {answer.compared && (
                <Then
                  now={answer.n_paths > 0 ? n / answer.n_paths : 0}
                  then={shareAt(answer.compared, level, step)}
                  onOpen={
                    onPoint && (() => onPoint(pickedPath(answer, level, step, undefined, true)))
                  }
                />
              )}
            </tr>
          )),
        )}
      </tbody>
    </ScrollTable>
  )
}

function ThenHeads() {
  return (
    <>
      <th scope="col" data-align="end">
        Before
      </th>
      <th scope="col" data-align="end">
        Change
      </th>
    </>
  )
}

/** The share in the period before, and by how much it changed. */
function Then({ now, then, onOpen }: { now: number; then: number | null; onOpen?: () => void }) {
  return (
    <>
      <NumberCell
        muted
        value={then === null ? '–' : percent(then)}
        title={then === null ? 'Not among the 50 most frequent of the period before' : undefined}
        onOpen={then ? onOpen : undefined}
      />
      <NumberCell value={shareChange(now, then) || '–'} />
    </>
  )
}
