// How many visits, from where, to which page, and how many leave at once?
import { useMemo } from 'react'
import type { Estimate, VisitsAnswer, VisitsNumbers, VisitsQuestion } from '@/api/insightTypes'
import { counted, countExact, countShort } from '../../number'
import { countChange } from '../change'
import { lengthWords } from '../lengthWords'
import { countLine } from '../lines'
import { spanLong, spanShort } from '../spanNames'
import { NumberCell, ScrollTable } from '../Table'
import { SpanChart } from '../trend/SpanChart'
import type { OnPoint, Picked } from '../types'
import { briefly, changeWords, groupWords, pastWords, percent } from '../words'
import classes from '../chart.module.css'

interface VisitsProps {
  question: VisitsQuestion
  answer: VisitsAnswer
  onPoint?: OnPoint
  compact?: boolean
}

export function visitsSummary(question: VisitsQuestion, answer: VisitsAnswer): string {
  const { all, compared } = answer
  if (all.n_visits === 0) return 'There was no visit in this period.'
  const before = compared?.all.n_visits
  const change = before
    ? `, ${changeWords(all.n_visits, before)} in the ${pastWords(question)} (${countExact(before)})`
    : ''
  const bounce =
    all.bounce.value === null ? '' : ` ${percent(all.bounce.value)} left after one page.`
  return `${counted(all.n_visits, 'visit')} by ${counted(all.n_visitors, 'customer')}${change}.${bounce}`
}

const orDash = (estimate: Estimate, words: (value: number) => string) =>
  estimate.value === null ? '–' : words(estimate.value)

const between = ({ low, high, not_estimable }: Estimate, words: (value: number) => string) =>
  low === null || high === null
    ? (not_estimable ?? undefined)
    : `${words(low)} to ${words(high)} (95 %)`

function picked(
  answer: VisitsAnswer,
  more: Extract<Picked['place'], { insight: 'visits' }>['at'],
  label: string,
): Picked {
  const shown = answer.rows.flatMap(({ group }) => (group.is === 'value' ? [group.value] : []))
  return { place: { insight: 'visits', at: { shown, ...more } }, label }
}

export function VisitsTable({ question, answer, onPoint, compact }: VisitsProps) {
  return (
    <div className={classes.stack}>
      {!compact && <Figures {...{ question, answer, onPoint }} />}
      {(answer.rows.length > 0 || compact) && <Rows {...{ question, answer, onPoint }} />}
    </div>
  )
}

const heads: Record<string, string> = {
  channel: 'Channel',
  source: 'Campaign source',
  medium: 'Campaign medium',
  campaign: 'Campaign',
  referrer: 'Referring site',
  entry_page: 'Entry page',
  exit_page: 'Exit page',
  device: 'Device',
  country: 'Country',
}

const visitsHead = ({ by }: VisitsQuestion) => heads[by?.of ?? ''] ?? 'Group'

function Figures({ question, answer, onPoint }: VisitsProps) {
  const { all, compared } = answer
  const of = (numbers: VisitsNumbers) => [
    countShort(numbers.n_visits),
    countShort(numbers.n_visitors),
    orDash(numbers.bounce, percent),
    orDash(numbers.views_per_visit, briefly),
    orDash(numbers.duration_seconds, lengthWords),
  ]
  const names = ['Visits', 'Visitors', 'Left after one page', 'Pages per visit', 'Mean duration']
  const before = compared ? of(compared.all) : []
  const open = [
    undefined,
    () => onPoint?.(picked(answer, {}, 'Visitors')),
    () => onPoint?.(picked(answer, { is_bounce: true }, 'Left after one page')),
  ]
  const [past, when] = [{ compared: true }, pastWords(question)]
  const openBefore = [
    undefined,
    () => onPoint?.(picked(answer, past, `Visitors, ${when}`)),
    () => onPoint?.(picked(answer, { ...past, is_bounce: true }, `Left after one page, ${when}`)),
  ]
  return (
    <ul className={classes.numbers}>
      {of(all).map((value, at) => (
        <li key={names[at]}>
          <span className={classes.numberLabel}>{names[at]}</span>
          {onPoint && open[at] ? (
            <button type="button" className={classes.numberButton} onClick={open[at]}>
              {value}
            </button>
          ) : (
            <span className={classes.number}>{value}</span>
          )}
          {before[at] && (
            <span className={classes.numberNote}>
              before:{' '}
              {onPoint && openBefore[at] ? (
                <button type="button" className={classes.cell} onClick={openBefore[at]}>
                  {before[at]}
                </button>
              ) : (
                before[at]
              )}
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}

const rowHeads = ({ compared }: VisitsAnswer) => [
  'Visits',
  ...(compared ? ['Before'] : []),
  ...['Visitors', 'Left after one page', 'Pages per visit', 'Mean duration'],
]

/** "86 (+12 %)". */
function beforeWords(now: VisitsNumbers, then: VisitsNumbers | undefined): string {
  if (!then) return '–'
  return `${countExact(then.n_visits)} (${countChange(now.n_visits, then.n_visits)})`
}

function Rows({ question, answer, onPoint }: VisitsProps) {
  const most = Math.max(1, ...answer.rows.map(({ visits }) => visits.n_visits))
  return (
    <ScrollTable label="Visits by group">
      <thead>
        <tr>
          <th scope="col">{visitsHead(question)}</th>
          {rowHeads(answer).map((name) => (
            <th key={name} scope="col" data-align="end">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {answer.rows.map(({ group, visits }, place) => {
          const name = groupWords(group)
          const open = (more: { is_bounce?: boolean }, label: string) =>
            onPoint && (() => onPoint(picked(answer, { group, ...more }, label)))
          return (
            <tr key={`${group.is} ${name}`}>
              <th scope="row">
                <bdi>{name}</bdi>
                <div className={classes.rowBar} aria-hidden>
                  <div style={{ width: `${(visits.n_visits / most) * 100}%` }} />
                </div>
              </th>
              <NumberCell value={countExact(visits.n_visits)} />
              {answer.compared && (
                <NumberCell
                  muted
                  value={beforeWords(visits, answer.compared.rows[place]?.visits)}
                />
              )}
              <NumberCell value={countExact(visits.n_visitors)} onOpen={open({}, name)} />
              <NumberCell
                value={orDash(visits.bounce, percent)}
                title={between(visits.bounce, percent)}
                onOpen={open({ is_bounce: true }, `${name}, left after one page`)}
              />
              <NumberCell
                value={orDash(visits.views_per_visit, briefly)}
                title={between(visits.views_per_visit, briefly)}
              />
              <NumberCell
                value={orDash(visits.duration_seconds, lengthWords)}
                title={between(visits.duration_seconds, lengthWords)}
              />
            </tr>
          )
        })}
      </tbody>
    </ScrollTable>
  )
}

export function VisitsLine({ question, answer, onPoint, compact }: VisitsProps) {
  const zone = question.clock?.time_zone ?? 'UTC'
  const grain = question.grain ?? 'day'
  const places = useMemo(
    () =>
      answer.series.map((span, at) => {
        const then = answer.compared?.series[at]
        return {
          short: spanShort(span, grain, zone),
          long: spanLong(span, grain, zone),
          isWhole: span.is_whole,
          before: then && spanLong(then, grain, zone),
        }
      }),
    [answer, grain, zone],
  )
  const lines = useMemo(() => {
    const of = (pick: (numbers: VisitsNumbers) => number) =>
      [answer.series, answer.compared?.series].map(
        (series) => series?.map(({ visits }) => pick(visits)) ?? null,
      )
    const [visits, visitsBefore] = of((numbers) => numbers.n_visits)
    const [visitors, visitorsBefore] = of((numbers) => numbers.n_visitors)
    return [
      countLine('Visits', 0, visits ?? [], visitsBefore),
      countLine('Visitors', 1, visitors ?? [], visitorsBefore),
    ]
  }, [answer])
  if (answer.series.length === 0) return <VisitsTable {...{ question, answer, onPoint, compact }} />
  return (
    <SpanChart
      {...{ places, lines, compact }}
      chart="line"
      summary={visitsSummary(question, answer)}
      onPick={
        onPoint &&
        ((_, span, isBefore) => {
          const when = isBefore ? places[span]?.before : places[span]?.long
          const more = { span, ...(isBefore && { compared: true }) }
          onPoint(picked(answer, more, `Visitors, ${when ?? ''}`))
        })
      }
    />
  )
}
