// What did this customer do, day by day, and what did we do?
import { useState, type ReactNode } from 'react'
import { useNow } from '../clock'
import { Icon } from '../Icon'
import { absolute, clock, dayName, duration } from '../time'
import {
  groupByDay,
  runPlaces,
  runWords,
  type TimelineEntry,
  type TimelineItem,
  type TimelineRun,
} from './group'
import classes from './Timeline.module.css'

interface TimelineProps {
  items: TimelineItem[]
  /** What an opened event shows. */
  renderOpen: (key: string) => ReactNode
  /** Keys that arrived while somebody looked on: marked for a moment. */
  fresh?: ReadonlySet<string>
}

export function Timeline({ items, renderOpen, fresh }: TimelineProps) {
  const now = useNow()
  return (
    <ol className={classes.days}>
      {groupByDay(items).map((day) => (
        <li key={day.key} className={classes.day}>
          <h3 className={classes.dayName}>{dayName(day.at, now)}</h3>
          <ol className={classes.entries}>
            {day.entries.map((entry) => (
              <Entry key={keyOf(entry)} entry={entry} renderOpen={renderOpen} fresh={fresh} />
            ))}
          </ol>
        </li>
      ))}
    </ol>
  )
}

function keyOf(entry: TimelineEntry): string {
  return 'run' in entry ? `run-${entry.run.key}` : entry.item.key
}

type EntryProps = { entry: TimelineEntry } & Pick<TimelineProps, 'renderOpen' | 'fresh'>

function Entry({ entry, renderOpen, fresh }: EntryProps) {
  if ('run' in entry) return <Run run={entry.run} renderOpen={renderOpen} fresh={fresh} />
  return (
    <Event
      item={entry.item}
      renderOpen={renderOpen}
      isFresh={fresh?.has(entry.item.key) ?? false}
    />
  )
}

interface EventProps extends Pick<TimelineProps, 'renderOpen'> {
  item: TimelineItem
  isFresh: boolean
}

function Event({ item, renderOpen, isFresh }: EventProps) {
  const [open, setOpen] = useState(false)
  return (
    <li className={classes.entry} data-fresh={isFresh || undefined}>
      <button
        type="button"
        className={classes.line}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <span className={classes.icon} data-stage={item.stage}>
          <Icon name={item.icon} size={14} />
        </span>
        <span className={classes.words}>
          <span className={classes.title}>{item.title}</span>
          {item.detail && (
            <span className={classes.detail}>
              <bdi>{item.detail}</bdi>
            </span>
          )}
        </span>
        <time className={classes.time} dateTime={item.at.toISOString()} title={absolute(item.at)}>
          {clock(item.at)}
        </time>
      </button>
      {open && <div className={classes.open}>{renderOpen(item.key)}</div>}
    </li>
  )
}

interface RunProps extends Pick<TimelineProps, 'renderOpen' | 'fresh'> {
  run: TimelineRun
}

function Run({ run, renderOpen, fresh }: RunProps) {
  const [open, setOpen] = useState(false)
  const newest = run.items[0]!
  const oldest = run.items.at(-1)!
  const took = newest.at.getTime() - oldest.at.getTime()
  const places = runPlaces(run)
  return (
    <li className={classes.entry}>
      <button
        type="button"
        className={classes.line}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <span className={classes.icon} data-stage={newest.stage}>
          <Icon name="eye" size={14} />
        </span>
        <span className={classes.words}>
          <span className={classes.title}>
            Looked at {runWords(run)}
            {took > 60_000 && ` in ${duration(took)}`}
          </span>
          <span className={classes.detail}>
            {places.slice(0, 3).join(', ')}
            {places.length > 3 && ` and ${places.length - 3} more`}
          </span>
        </span>
        <time className={classes.time} dateTime={oldest.at.toISOString()}>
          {[...new Set([clock(oldest.at), clock(newest.at)])].join(' – ')}
        </time>
      </button>
      {open && (
        <ol className={classes.run}>
          {run.items.map((item) => (
            <Event
              key={item.key}
              item={item}
              renderOpen={renderOpen}
              isFresh={fresh?.has(item.key) ?? false}
            />
          ))}
        </ol>
      )}
    </li>
  )
}
