// Which words do questions about behaviour and their answers have? Short names for the schemas.
import type { components } from './schema'

type Schemas = components['schemas']

export type Clock = Schemas['Clock']
export type Period = Schemas['Period']
export type Grain = Schemas['Grain']
export type Comparison = Schemas['Comparison']
export type Selection = Schemas['Selection']
export type EventTest = Schemas['Test']
/** With what something is compared, and how. */
export type TestOp = Schemas['Op']
export type Stretch = Schemas['Stretch']
export type VersionOrder = Schemas['VersionOrder']
/** What must hold of a customer's trait. */
export type TraitTest = Schemas['TraitTest']
export type EventField = Schemas['Field']
export type AddressPart = Schemas['AddressPart']
export type Breakdown = Schemas['Breakdown']
export type GroupBy = Schemas['GroupBy']
export type Group = Schemas['Group']
export type Explained = Schemas['Explained']
export type Estimate = Schemas['Estimate']
export type Took = Schemas['Took']
export type BehindPoint = Schemas['BehindPoint']

export type TrendQuestion = Schemas['TrendQuestion']
export type TrendSeries = Schemas['TrendSeries']
export type Measure = Schemas['Measure']
export type TrendAnswer = Schemas['TrendAnswer']
export type TrendLine = Schemas['TrendLine']
export type TrendSpan = Schemas['TrendSpan']
export type TrendValue = Schemas['TrendValue']
export type TrendPoint = Schemas['TrendPoint']

export type FunnelQuestion = Schemas['FunnelQuestion']
export type FunnelAnswer = Schemas['FunnelAnswer']
export type FunnelOfGroup = Schemas['FunnelOfGroup']
export type FunnelStep = Schemas['FunnelStep']
export type StepOrder = Schemas['StepOrder']

export type EventLabel = Schemas['EventLabel']
export type RetentionQuestion = Schemas['RetentionQuestion']
export type RetentionAnswer = Schemas['RetentionAnswer']
export type RetentionOfGroup = Schemas['RetentionOfGroup']
export type RetentionCell = Schemas['RetentionCell']
export type PathsQuestion = Schemas['PathsQuestion']
export type PathsAnswer = Schemas['PathsAnswer']
/** The numbers of one period. */
export type PathsNumbers = Schemas['PathsCompared']
export type PathStep = Schemas['PathStep']
export type VisitsQuestion = Schemas['VisitsQuestion']
export type VisitsAnswer = Schemas['VisitsAnswer']
export type VisitsBy = Schemas['VisitsBy']
export type VisitsNumbers = Schemas['VisitsNumbers']
export type LifecycleQuestion = Schemas['LifecycleQuestion']
export type LifecycleAnswer = Schemas['LifecycleAnswer']
export type LifecycleSpan = Schemas['LifecycleSpan']
export type LifecycleOfGroup = Schemas['LifecycleOfGroup']
export type LifecycleState = Schemas['LifecycleState']
export type StickinessQuestion = Schemas['StickinessQuestion']
export type StickinessAnswer = Schemas['StickinessAnswer']
export type StickinessOfGroup = Schemas['StickinessOfGroup']
/** The numbers of one period, of all customers or of a group. */
export type StickinessNumbers = Pick<StickinessOfGroup, 'spans' | 'days'>
export type RfmQuestion = Schemas['RfmQuestion']
export type RfmAnswer = Schemas['RfmAnswer']
export type RfmOfGroup = Schemas['RfmOfGroup']
/** The numbers of one period, of all customers or of a group. */
export type RfmNumbers = Pick<RfmOfGroup, 'n_customers' | 'cells'>
export type LastTouchQuestion = Schemas['LastTouchQuestion']
export type LastTouchAnswer = Schemas['LastTouchAnswer']
/** The numbers of one period. */
export type LastTouchNumbers = Schemas['LastTouchCompared']
export type TouchedOutcomes = Schemas['TouchedOutcomes']

/** A question with the name of its insight: what boards and links keep. */
export type StoredQuestion = Schemas['StoredQuestion']
/** Its answer. */
export type StoredAnswer = Schemas['StoredAnswer']
export type Insight = StoredQuestion['insight']
/** The question of one insight. */
export type QuestionOf<Name extends Insight> = Extract<
  StoredQuestion,
  { insight: Name }
>['question']
/** The same with every field said, as whoever builds it has it. */
export type WholeQuestionOf<Name extends Insight> = {
  [Key in keyof QuestionOf<Name>]-?: Exclude<QuestionOf<Name>[Key], undefined>
}
export type WholeQuestion = {
  [Name in Insight]: { insight: Name; question: WholeQuestionOf<Name> }
}[Insight]
/** Its answer. */
export type AnswerOf<Name extends Insight> = Extract<StoredAnswer, { insight: Name }>['answer']

interface Points {
  trend: Schemas['TrendPoint']
  funnel: Schemas['FunnelPoint']
  retention: Schemas['RetentionPoint']
  paths: Schemas['PathsPoint']
  visits: Schemas['VisitsPoint']
  lifecycle: Schemas['LifecyclePoint']
  stickiness: Schemas['StickinessPoint']
  rfm: Schemas['RfmPoint']
  'last-touch': Schemas['LastTouchPoint']
}

/** A place in an answer that has customers behind it. */
export type Place = {
  [Name in Insight]: { insight: Name; at: Omit<Points[Name], 'question' | 'limit'> }
}[Insight]
