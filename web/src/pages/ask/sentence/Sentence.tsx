// Which sentence does a question have?
import type { Insight, TraitTest, WholeQuestionOf, WholeQuestion } from '@/api/insightTypes'
import { FunnelSentence } from './FunnelSentence'
import {
  LastTouchSentence,
  LifecycleSentence,
  RfmSentence,
  StickinessSentence,
} from './HabitSentences'
import { PathsSentence } from './PathsSentence'
import { RetentionSentence } from './RetentionSentence'
import { TrendSentence } from './TrendSentence'
import { VisitsSentence } from './VisitsSentence'
import { WhoSentence } from './WhoSentence'

interface SentenceProps {
  stored: WholeQuestion
  onChange: (stored: WholeQuestion) => void
}

export function Sentence({ stored, onChange }: SentenceProps) {
  const { insight, question } = stored
  const setWho = (who: TraitTest[]) =>
    onChange({ insight, question: { ...question, who } } as WholeQuestion)
  return (
    <>
      <OfInsight stored={stored} onChange={onChange} />
      <WhoSentence who={question.who} onChange={setWho} />
    </>
  )
}

function OfInsight({ stored, onChange }: SentenceProps) {
  const { insight, question } = stored
  const as =
    <Name extends Insight>(insight: Name) =>
    (question: WholeQuestionOf<Name>) =>
      onChange({ insight, question } as unknown as WholeQuestion)
  switch (insight) {
    case 'trend':
      return <TrendSentence question={question} onChange={as(insight)} />
    case 'funnel':
      return <FunnelSentence question={question} onChange={as(insight)} />
    case 'retention':
      return <RetentionSentence question={question} onChange={as(insight)} />
    case 'paths':
      return <PathsSentence question={question} onChange={as(insight)} />
    case 'visits':
      return <VisitsSentence question={question} onChange={as(insight)} />
    case 'lifecycle':
      return <LifecycleSentence question={question} onChange={as(insight)} />
    case 'stickiness':
      return <StickinessSentence question={question} onChange={as(insight)} />
    case 'rfm':
      return <RfmSentence question={question} onChange={as(insight)} />
    case 'last-touch':
      return <LastTouchSentence question={question} onChange={as(insight)} />
  }
}
