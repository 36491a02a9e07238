// How far is the search that is at work?
import { Button } from '@mantine/core'
import { useMay } from '@/app/useSession'
import { RelativeTime } from '@/kit'
import { counted } from '@/kit/number'
import classes from './duplicates.module.css'
import { phaseWords } from './runWords'
import { useActOnRun } from './useRuns'
import type { Run } from './wire'

export function RunProgress({ run }: { run: Run }) {
  const mayChange = useMay('change_identity')
  const stop = useActOnRun(run, 'cancel')
  const doing = run.phase ? phaseWords[run.phase] : 'Beginning'
  return (
    <section className={classes.running} aria-label="The search at work">
      <div className={classes.runningWords}>
        <strong>{doing}</strong>
        <span className="muted">
          {run.n_records > 0 && `${counted(run.n_records, 'customer')}, `}begun{' '}
          <RelativeTime at={run.started_at} />
        </span>
      </div>
      <progress max={1} value={run.progress} aria-label="How far it is" />
      <span className={classes.runningShare}>{Math.floor(run.progress * 100)} %</span>
      {mayChange && (
        <Button variant="default" loading={stop.isPending} onClick={() => stop.mutate()}>
          Stop
        </Button>
      )}
    </section>
  )
}
