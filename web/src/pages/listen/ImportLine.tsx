// How far is this import, and how did it go?
import type { Import } from '@/api/types'
import { RelativeTime, Status, useNow } from '@/kit'
import { countExact, counted } from '@/kit/number'
import classes from './imports.module.css'
import { importStates, leftOf, progressOf } from './importWords'

interface ImportLineProps {
  item: Import
  onOpen: () => void
}

export function ImportLine({ item, onOpen }: ImportLineProps) {
  const state = importStates[item.state]
  return (
    <li className={classes.item}>
      <div className={classes.head}>
        <button type="button" className={classes.name} onClick={onOpen}>
          {item.file_name}
        </button>
        <Status tone={state.tone}>{state.words}</Status>
        <span className={classes.when}>
          <RelativeTime at={item.started_at} />
        </span>
      </div>
      {item.state === 'running' && <ImportProgress item={item} />}
      <p className={classes.counts}>
        {rowsOf(item)}, {counted(item.n_events, 'event')}
        {item.n_duplicates > 0 && `, ${countExact(item.n_duplicates)} were here already`}
        {item.n_rejected > 0 && `, ${counted(item.n_rejected, 'row')} rejected`}
      </p>
      {item.message && <p className={classes.message}>{item.message}</p>}
    </li>
  )
}

export function rowsOf(item: Import): string {
  if (item.n_rows_total && item.n_rows_total !== item.n_rows_done) {
    return `${countExact(item.n_rows_done)} of ${counted(item.n_rows_total, 'row')}`
  }
  return counted(item.n_rows_done, 'row')
}

export function ImportProgress({ item }: { item: Import }) {
  const progress = progressOf(item)
  const left = leftOf(item, useNow())
  const percent = progress === null ? undefined : Math.round(progress * 100)
  return (
    <div className={classes.progress}>
      <div
        className={classes.track}
        role="progressbar"
        aria-label={`Progress of ${item.file_name}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
      >
        <div style={{ width: `${percent ?? 0}%` }} />
      </div>
      <span className={classes.percent}>
        {percent === undefined ? 'size not known' : `${percent} %`}
        {left && `, ${left}`}
      </span>
    </div>
  )
}
