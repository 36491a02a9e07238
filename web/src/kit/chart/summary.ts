// What does an answer say, in a sentence or two?
import type { StoredAnswer, StoredQuestion } from '@/api/insightTypes'
import { funnelSummary } from './funnel/words'
import { lastTouchSummary } from './lastTouch/LastTouch'
import { lifecycleSummary } from './lifecycle/words'
import { paired } from './paired'
import { pathsSummary } from './paths/words'
import { retentionSummary } from './retention/words'
import { rfmSummary } from './rfm/RfmGrid'
import { stickinessSummary } from './stickiness/words'
import { trendSummary } from './trend/summary'
import { visitsSummary } from './visits/VisitsTable'

export function summaryOf(question: StoredQuestion, answer: StoredAnswer): string {
  return (
    paired(question, answer, {
      trend: trendSummary,
      funnel: funnelSummary,
      retention: retentionSummary,
      paths: pathsSummary,
      visits: visitsSummary,
      lifecycle: lifecycleSummary,
      stickiness: stickinessSummary,
      rfm: rfmSummary,
      'last-touch': lastTouchSummary,
    }) ?? ''
  )
}
