// Is the feed live, held or cut off, and how do I change that?
import { Button } from '@mantine/core'
import { Icon, Status } from '@/kit'
import { countExact } from '@/kit/number'
import classes from './debugger.module.css'
import type { DebugStream } from './useDebugStream'

export function LiveSwitch({ stream }: { stream: DebugStream }) {
  return (
    <div className={classes.live}>
      <LiveWord stream={stream} />
      <Button
        variant="default"
        leftSection={<Icon name={stream.paused ? 'play' : 'pause'} size={14} />}
        onClick={stream.paused ? stream.resume : stream.pause}
      >
        {stream.paused ? 'Go on' : 'Pause'}
      </Button>
    </div>
  )
}

function LiveWord({ stream }: { stream: DebugStream }) {
  if (stream.paused) {
    return (
      <Status tone="quiet" icon="pause">
        {stream.n_held > 0 ? `Held, ${countExact(stream.n_held)} new` : 'Held'}
      </Status>
    )
  }
  if (stream.state === 'live') return <Status tone="accent">Live</Status>
  if (stream.state === 'lost') return <Status tone="warn">Reconnecting</Status>
  return <Status tone="quiet">Connecting</Status>
}
