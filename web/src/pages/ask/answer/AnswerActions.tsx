// What may one do with an answer? Look at it otherwise, have it explained, take it along, keep it.
import { Button, Menu } from '@mantine/core'
import { useState, type RefObject } from 'react'
import type { Told } from '@/api/insightQueries'
import { Icon, useToast } from '@/kit'
import { csvOf, looksOf, pictureOf, saveFile, type Chart } from '@/kit/chart'
import { copyText } from '@/kit/CopyButton'
import { AddToBoard } from '@/pages/boards/AddToBoard'
import { insightWords, titleOf } from '../insightWords'
import { ExplainAnswer } from './ExplainAnswer'
import classes from '../insights.module.css'

interface AnswerActionsProps {
  last: Told
  chart: Chart
  onLook: (chart: Chart) => void
  board?: string
  picture: RefObject<HTMLDivElement | null>
}

const lookWords: Record<Chart, string> = {
  line: 'Lines',
  bar: 'Bars',
  number: 'Number',
  table: 'Table',
  funnel: 'Steps',
  heat: 'Grid',
  sankey: 'Flow',
  states: 'States',
  days: 'Days',
}

export function AnswerActions({ last, chart, onLook, picture, board }: AnswerActionsProps) {
  const [explained, setExplained] = useState(false)
  const looks = looksOf[last.asked.insight]
  return (
    <div className={classes.actions}>
      {looks.length > 1 && (
        <div className={classes.looks} role="group" aria-label="How to look at it">
          {looks.map((look) => (
            <button
              key={look}
              type="button"
              className={classes.look}
              aria-pressed={look === chart}
              onClick={() => onLook(look)}
            >
              {lookWords[look]}
            </button>
          ))}
        </div>
      )}
      <Button variant="default" onClick={() => setExplained(true)}>
        Explain, SQL
      </Button>
      <TakeAlong last={last} picture={picture} />
      <AddToBoard
        key={board}
        question={last.asked}
        chart={chart}
        title={titleOf(last.asked)}
        boardId={board}
      />
      <ExplainAnswer last={last} opened={explained} onClose={() => setExplained(false)} />
    </div>
  )
}

function TakeAlong({ last, picture }: Pick<AnswerActionsProps, 'last' | 'picture'>) {
  const toast = useToast()
  const name = `${insightWords[last.asked.insight].name.toLowerCase()}-${last.told.answer.explained.answered_at.slice(0, 10)}`
  const { sql } = last.told.answer.explained
  const png = async () => {
    if (!picture.current) return
    const paper = getComputedStyle(document.body).backgroundColor
    saveFile(`${name}.png`, await pictureOf(picture.current, paper))
  }
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <Button variant="default" leftSection={<Icon name="download" size={14} />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void png().catch((error: Error) => toast.failed(error.message))}>
          Picture (PNG)
        </Menu.Item>
        <Menu.Item
          onClick={() => saveFile(`${name}.csv`, csvOf(last.asked, last.told), 'text/csv')}
        >
          Numbers (CSV)
        </Menu.Item>
        {sql && (
          <>
            <Menu.Item onClick={() => saveFile(`${name}.sql`, `${sql}\n`, 'application/sql')}>
              Question (SQL)
            </Menu.Item>
            <Menu.Item
              onClick={() =>
                void copyText(sql).then(
                  () => toast.done('The SQL is copied.'),
                  () => toast.failed('The browser did not let it be copied.'),
                )
              }
            >
              Copy the SQL
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
