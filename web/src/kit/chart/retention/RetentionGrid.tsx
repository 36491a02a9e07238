// Of those who began in some week, how many came back later? The darker, the more.
import { useState } from 'react'
import type { RetentionAnswer, RetentionOfGroup, RetentionQuestion } from '@/api/insightTypes'
import { ScrollTable } from '../Table'
import type { OnPoint } from '../types'
import { fieldWords, groupWords } from '../words'
import { CohortRow } from './CohortRow'
import { PooledBefore, PooledRow } from './PooledRow'
import { columnName, groupKey } from './words'
import classes from '../chart.module.css'

export interface RetentionGridProps {
  question: RetentionQuestion
  answer: RetentionAnswer
  onPoint?: OnPoint
}

/** All cohorts of a group together, and under it, once it is opened, each of them. */
export function RetentionGrid({ question, answer, onPoint }: RetentionGridProps) {
  const [opened, setOpened] = useState<string[]>([])
  const isGrouped = answer.groups.length > 0
  const groups = [answer.all, ...answer.groups]
  const toggle = (key: string) =>
    setOpened(opened.includes(key) ? opened.filter((one) => one !== key) : [...opened, key])
  return (
    <div>
      <ScrollTable label="Who came back">
        <Head question={question} answer={answer} />
        {groups.map((group, place) => {
          const key = groupKey(group)
          const isOpen = !isGrouped || opened.includes(key)
          return (
            <tbody key={key}>
              <PooledRow
                {...{ question, answer, onPoint, group, isOpen }}
                title={group.group.is === 'all' ? 'All of them' : groupWords(group.group)}
                onToggle={isGrouped ? () => toggle(key) : undefined}
              />
              <PooledBefore {...{ question, answer, onPoint }} group={beforeOf(answer, place)} />
              {isOpen &&
                group.cohorts.map((_, at) => (
                  <CohortRow
                    key={at}
                    {...{ question, answer, onPoint, group, at }}
                    isInner={isGrouped}
                  />
                ))}
            </tbody>
          )
        })}
      </ScrollTable>
      <About {...{ question, answer }} />
    </div>
  )
}

/** The same group in the period before; 0 is all of them. */
function beforeOf({ compared }: RetentionAnswer, place: number): RetentionOfGroup | undefined {
  return place === 0 ? compared?.all : compared?.groups[place - 1]
}

function Head({ question, answer }: Omit<RetentionGridProps, 'onPoint'>) {
  return (
    <thead>
      <tr>
        <th scope="col">Began</th>
        <th scope="col" data-align="end">
          Customers
        </th>
        {answer.columns.map((column) => (
          <th scope="col" key={column.first} data-align="end">
            {columnName(column, question)}
          </th>
        ))}
      </tr>
    </thead>
  )
}

/** What stands in the fields, and what one can do with them. */
function About({ question, answer }: Omit<RetentionGridProps, 'onPoint'>) {
  const what = question.value
    ? `Each number is ${fieldWords(question.value)} per customer who began, those who did not come back included.`
    : ''
  const open = answer.groups.length > 0 ? 'Open a group to see its cohorts.' : ''
  const isRunning = answer.all.cohorts.some(({ cells }) =>
    cells.some((cell) => cell?.is_over === false),
  )
  const dotted = isRunning ? 'A dotted frame: not over yet, so it can still grow.' : ''
  const words = [what, open, dotted].filter(Boolean).join(' ')
  return words && <p className={classes.aside}>{words}</p>
}
