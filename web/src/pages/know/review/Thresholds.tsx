// From which probability on are two linked, or put up for review, and what would that have meant?
import { useQuery } from '@tanstack/react-query'
import { useId, type CSSProperties } from 'react'
import { isNotFound } from '@/api/client'
import { Notice, Skeleton } from '@/kit'
import { countExact } from '@/kit/number'
import classes from './settings.module.css'
import { spreadQuery } from './queries'
import { bandOf, changeWords, sidesOf, type Thresholds as Pair } from './spread'
import { percent } from './strength'
import type { Spread } from './wire'

interface ThresholdsProps {
  saved: Pair
  draft: Pair
  onChange: (draft: Pair) => void
}

const LINK_MIN = 50
const LINK_MAX = 99.5
const REVIEW_MIN = 0.01

export function Thresholds({ saved, draft, onChange }: ThresholdsProps) {
  const spread = useQuery(spreadQuery)
  const inPercent = (share: number) => Math.round(share * 10_000) / 100
  const setLink = (at: number) =>
    onChange({ link_at: at / 100, review_at: Math.min(draft.review_at, at / 100) })
  const setReview = (review_at: number) => onChange({ ...draft, review_at })
  return (
    <div className={classes.thresholds}>
      <Slider
        label="Link by itself from"
        hint="Surer than this, two become one customer without anybody being asked. It can be undone."
        value={inPercent(draft.link_at)}
        onChange={(at) => setLink(Math.max(LINK_MIN, Math.min(at, LINK_MAX)))}
      />
      <Slider
        label="Ask from"
        hint="Between the two, a pair is put up for review. Below, nothing is done."
        value={inPercent(draft.review_at)}
        onChange={(at) => setReview(Math.max(REVIEW_MIN, Math.min(at / 100, draft.link_at)))}
      />
      {spread.isPending && <Skeleton height={120} />}
      {spread.isError && !isNotFound(spread.error) && (
        <p className="muted">How many pairs that would concern could not be worked out.</p>
      )}
      {spread.data && <Meant spread={spread.data} saved={saved} draft={draft} />}
    </div>
  )
}

interface SliderProps {
  label: string
  hint: string
  value: number
  onChange: (value: number) => void
}

function Slider({ label, hint, value, onChange }: SliderProps) {
  const id = useId()
  return (
    <div className={classes.slider}>
      <label htmlFor={id}>{label}</label>
      <output htmlFor={id}>{percent(value / 100)}</output>
      <input
        id={id}
        type="range"
        // The whole, so that the thumb stands above its line in the chart.
        {...{ value, min: 0, max: 100, step: 0.5 }}
        style={{ '--at': `${value}%` } as CSSProperties}
        aria-describedby={`${id}-hint`}
        aria-valuetext={percent(value / 100)}
        onChange={(event) => onChange(Number(event.currentTarget.value))}
      />
      <p id={`${id}-hint`}>{hint}</p>
    </div>
  )
}

function Meant({ spread, saved, draft }: { spread: Spread; saved: Pair; draft: Pair }) {
  const { n_link, n_review, n_apart } = sidesOf(spread, draft)
  if (n_link + n_review + n_apart === 0) {
    return (
      <p className="muted">
        After a search you will see here how many of its pairs fall on either side.
      </p>
    )
  }
  return (
    <div aria-live="polite">
      <p className={classes.meant}>
        Of the pairs of the last search {countExact(n_link)} would be linked, {countExact(n_review)}{' '}
        put up for review, all others left alone.
      </p>
      <p className={classes.change}>{changeWords(spread, saved, draft)}</p>
      <SpreadChart spread={spread} draft={draft} />
      {draft.review_at < spread.floor && (
        <Notice tone="info">
          Pairs below {percent(spread.floor)} were not kept by the last search; how many there are
          shows after the next one.
        </Notice>
      )}
    </div>
  )
}

const bandWords = { apart: 'left alone', review: 'put up for review', link: 'linked' }

function SpreadChart({ spread, draft }: { spread: Spread; draft: Pair }) {
  const most = Math.max(1, ...spread.bins.map((bin) => bin.n))
  return (
    <figure className={classes.spread}>
      <div className={classes.plot} aria-hidden>
        {spread.bins.map((bin) => (
          <span
            key={bin.from}
            className={classes.slot}
            style={{
              insetInlineStart: `${bin.from * 100}%`,
              width: `${(bin.to - bin.from) * 100}%`,
            }}
            title={`${percent(bin.from)} to ${percent(bin.to)}: ${countExact(bin.n)} pairs, ${countExact(bin.n_open)} of them open`}
          >
            <span
              className={classes.column}
              data-band={bandOf(bin, draft)}
              style={{ height: `${(bin.n / most) * 100}%` }}
            />
          </span>
        ))}
        <span className={classes.edge} style={{ insetInlineStart: `${draft.review_at * 100}%` }} />
        <span className={classes.edge} style={{ insetInlineStart: `${draft.link_at * 100}%` }} />
      </div>
      <figcaption className={classes.axis}>
        <span>0 %</span>
        <span>pairs by probability, {countExact(most)} at most in a bar</span>
        <span>100 %</span>
      </figcaption>
      <ul className={classes.legend}>
        {(['apart', 'review', 'link'] as const).map((band) => (
          <li key={band}>
            <span className={classes.swatch} data-band={band} aria-hidden /> {bandWords[band]}
          </li>
        ))}
      </ul>
    </figure>
  )
}
