// When was it? Relative up to a day, absolute after, the exact moment on hover.
import { useNow } from './clock'
import { absolute, relative } from './time'

interface RelativeTimeProps {
  at: string | Date
  className?: string
}

export function RelativeTime({ at, className }: RelativeTimeProps) {
  const now = useNow()
  const moment = typeof at === 'string' ? new Date(at) : at
  if (Number.isNaN(moment.getTime())) return <span className={className}>{String(at)}</span>
  return (
    <time dateTime={moment.toISOString()} title={absolute(moment)} className={className}>
      {relative(moment, now)}
    </time>
  )
}
