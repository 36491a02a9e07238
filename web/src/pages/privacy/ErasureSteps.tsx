// Which places are clean already, and which is being cleaned now?
import type { Erasure, ErasureStep } from '@/api/privacyTypes'
import { Icon, Status } from '@/kit'
import { countExact } from '@/kit/number'
import { erasureProgress } from './erasureWords'
import classes from './privacy.module.css'

export function ErasureSteps({ erasure }: { erasure: Erasure }) {
  const percent = Math.round(erasureProgress(erasure) * 100)
  return (
    <div className={classes.form}>
      {erasure.state !== 'done' && (
        <div
          className={classes.track}
          role="progressbar"
          aria-label="Progress of the erasure"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={percent}
        >
          <div style={{ width: `${percent}%` }} />
        </div>
      )}
      <ol className={classes.steps}>
        {erasure.steps.map((step) => (
          <Step key={step.name} step={step} />
        ))}
      </ol>
    </div>
  )
}

function Step({ step }: { step: ErasureStep }) {
  const { words, state, n_done, n_total } = step
  return (
    <li data-state={state}>
      <span>{words}</span>
      {state === 'done' && <Status tone="good">done</Status>}
      {state === 'running' && (
        <Status tone="accent">
          {n_total > 0 ? `${countExact(n_done)} of ${countExact(n_total)}` : 'under way'}
        </Status>
      )}
      {state === 'waiting' && (
        <span className="muted">
          <Icon name="clock" size={14} /> comes next
        </span>
      )}
    </li>
  )
}
