// Is it still at work, and since when?
import { useEffect, useState } from 'react'
import { QuietButton } from '@/kit'
import { duration } from '@/kit/time'
import classes from './sql.module.css'

interface RunningProps {
  since: number
  onStop: () => void
}

export function Running({ since, onStop }: RunningProps) {
  const [now, setNow] = useState(since)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250)
    return () => clearInterval(timer)
  }, [])
  const ms = now - since
  // What is answered at once flickers if it is announced.
  if (ms < 250) return <div role="status" />
  return (
    <p className={classes.quiet} role="status">
      {ms < 1000 ? 'Running.' : `Running for ${duration(ms)}.`}{' '}
      <QuietButton onClick={onStop}>Stop it</QuietButton>
    </p>
  )
}
