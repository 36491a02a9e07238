// What is each insight called, and which question does it answer?
import type { Insight, StoredQuestion } from '@/api/insightTypes'
import { namesOf, seriesWords } from '@/kit/chart/words'

export const insightWords: Record<Insight, { name: string; answers: string }> = {
  trend: { name: 'Trend', answers: 'How often, by how many, with which numbers, over time?' },
  funnel: {
    name: 'Funnel',
    answers: 'How many take one step after the other, and who stops where?',
  },
  retention: {
    name: 'Retention',
    answers: 'Of those who began in some week, how many came back later?',
  },
  paths: { name: 'Paths', answers: 'What do they do next, or what did they do before?' },
  visits: {
    name: 'Visits',
    answers: 'How many visits, from where, to which page, and how many leave at once?',
  },
  lifecycle: {
    name: 'Lifecycle',
    answers: 'Does the number of active customers grow because new ones come, or old ones stay?',
  },
  stickiness: { name: 'Stickiness', answers: 'How much of a habit is it?' },
  rfm: { name: 'Frequency and recency', answers: 'Who came lately, often, and for much?' },
  'last-touch': {
    name: 'Last touch',
    answers: 'Which touch was the last one before each outcome?',
  },
}

/** A short name for an answer, such as a card of a board has: "Product Viewed to Order Completed". */
export function titleOf({ insight, question }: StoredQuestion): string {
  const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
  switch (insight) {
    case 'trend': {
      const [first] = question.series
      return capital(question.formula ?? (first ? seriesWords(first) : insightWords.trend.name))
    }
    case 'funnel': {
      const [first, last] = [question.steps[0], question.steps.at(-1)]
      return first && last ? `${namesOf(first)} to ${namesOf(last)}` : insightWords.funnel.name
    }
    case 'retention':
      return question.begin
        ? `Retention after ${namesOf(question.begin)}`
        : insightWords.retention.name
    case 'last-touch':
      return `Last touch before ${namesOf(question.outcome)}`
    default:
      return insightWords[insight].name
  }
}
