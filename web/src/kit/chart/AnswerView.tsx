// What does this answer look like? Picks the picture for a question and its answer.
import type { ReactNode } from 'react'
import { FunnelChart } from './funnel/FunnelChart'
import { FunnelTable } from './funnel/FunnelTable'
import { LastTouchRows } from './lastTouch/LastTouch'
import { LifecycleChart } from './lifecycle/LifecycleChart'
import { LifecycleTable } from './lifecycle/LifecycleTable'
import { paired } from './paired'
import { PathsSankey } from './paths/PathsSankey'
import { TopPaths } from './paths/TopPaths'
import { RetentionCurve } from './retention/RetentionCurve'
import { RetentionGrid } from './retention/RetentionGrid'
import { RfmGrid } from './rfm/RfmGrid'
import { StickinessDays } from './stickiness/StickinessDays'
import { StickinessLine } from './stickiness/StickinessLine'
import { StickinessTable } from './stickiness/StickinessTable'
import { summaryOf } from './summary'
import { TrendChart } from './trend/TrendChart'
import { TrendNumber } from './trend/TrendNumber'
import { TrendTable } from './trend/TrendTable'
import { lookOf, type AnswerViewProps } from './types'
import { VisitsLine, VisitsTable } from './visits/VisitsTable'
import classes from './chart.module.css'

export function AnswerView(props: AnswerViewProps) {
  const { question, answer } = props
  return (
    <figure className={classes.view} data-insight={question.insight}>
      {picture(props) ?? <p className="muted">This answer belongs to another question.</p>}
      <figcaption className="visually-hidden">{summaryOf(question, answer)}</figcaption>
    </figure>
  )
}

function picture({ question, answer, look, onPoint, compact }: AnswerViewProps): ReactNode {
  const chart = lookOf(question.insight, look)
  const isTable = chart === 'table'
  const more = { onPoint, compact }
  return paired<ReactNode>(question, answer, {
    trend: (question, answer) => {
      if (chart === 'number') return <TrendNumber {...{ question, answer, onPoint }} />
      if (isTable) return <TrendTable {...{ question, answer, onPoint }} />
      const way = chart === 'bar' ? 'bar' : 'line'
      return <TrendChart {...{ question, answer, ...more }} chart={way} />
    },
    funnel: (question, answer) =>
      isTable ? (
        <FunnelTable {...{ question, answer, ...more }} />
      ) : (
        <FunnelChart {...{ question, answer, ...more }} />
      ),
    retention: (question, answer) =>
      chart === 'line' ? (
        <RetentionCurve {...{ question, answer, ...more }} />
      ) : (
        <RetentionGrid {...{ question, answer, onPoint }} />
      ),
    paths: (question, answer) =>
      isTable ? (
        <TopPaths {...{ question, answer, onPoint }} all />
      ) : (
        <PathsSankey {...{ question, answer, ...more }} />
      ),
    visits: (question, answer) =>
      chart === 'line' ? (
        <VisitsLine {...{ question, answer, ...more }} />
      ) : (
        <VisitsTable {...{ question, answer, ...more }} />
      ),
    lifecycle: (question, answer) =>
      isTable ? (
        <LifecycleTable {...{ question, answer, onPoint }} />
      ) : (
        <LifecycleChart {...{ question, answer, ...more }} />
      ),
    stickiness: (question, answer) => {
      if (isTable) return <StickinessTable {...{ question, answer, onPoint }} />
      if (chart === 'line') return <StickinessLine {...{ question, answer, ...more }} />
      return <StickinessDays {...{ question, answer, ...more }} />
    },
    rfm: (question, answer) => <RfmGrid {...{ question, answer, onPoint }} />,
    'last-touch': (question, answer) => <LastTouchRows {...{ question, answer, onPoint }} />,
  })
}
