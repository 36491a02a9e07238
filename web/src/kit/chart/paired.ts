// What is done with a question and its answer, insight by insight?
import type {
  AnswerOf,
  Insight,
  QuestionOf,
  StoredAnswer,
  StoredQuestion,
} from '@/api/insightTypes'

type Cases<Result> = {
  [Name in Insight]: (question: QuestionOf<Name>, answer: AnswerOf<Name>) => Result
}

/** Calls what belongs to the insight; null where the answer is of another one. */
export function paired<Result>(
  { insight, question }: StoredQuestion,
  stored: StoredAnswer,
  cases: Cases<Result>,
): Result | null {
  if (stored.insight !== insight) return null
  // The names agree, so question and answer are of the insight that the case is for.
  const run = cases[insight] as (question: unknown, answer: unknown) => Result
  return run(question, stored.answer)
}
