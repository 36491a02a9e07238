// Which event is meant? Those that were really seen, the most frequent first.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { seenEventsQuery } from '@/api/catalogueQueries'
import type { Selection } from '@/api/insightTypes'
import { QuietButton } from '@/kit'
import { namesOf } from '@/kit/chart/words'
import { countShort } from '@/kit/number'
import { Chooser } from './Chooser'
import { Part } from './Part'
import classes from './sentence.module.css'

interface EventPartProps {
  selection: Selection | null
  onChange: (selection: Selection) => void
  label: string
  /** Whether "any event" is an answer. */
  orAny?: boolean
  /** What stands there while nothing is chosen. */
  empty?: string
  quiet?: boolean
  startsOpen?: boolean
  onRemove?: () => void
}

/** No event has this name: it begins with a character that names cannot begin with. */
const ANY = '\u0000any'

export function EventPart(props: EventPartProps) {
  const { selection, onChange, label, orAny, empty = 'any event' } = props
  const events = selection?.events ?? []
  return (
    <Part
      words={selection ? namesOf(selection) : empty}
      label={label}
      open={selection === null && !props.quiet}
      quiet={props.quiet}
      startsOpen={props.startsOpen}
    >
      {(close) => (
        <EventList
          label={label}
          events={events}
          orAny={orAny}
          onEvents={(next, isDone) => {
            onChange({ events: next, tests: selection?.tests ?? [] })
            if (isDone) close()
          }}
          onRemove={props.onRemove}
        />
      )}
    </Part>
  )
}

interface EventListProps extends Pick<EventPartProps, 'label' | 'orAny' | 'onRemove'> {
  events: string[]
  onEvents: (events: string[], isDone: boolean) => void
}

function EventList({ label, events, orAny, onEvents, onRemove }: EventListProps) {
  const seen = useQuery(seenEventsQuery)
  const [several, setSeveral] = useState(events.length > 1)
  const options = (seen.data?.events ?? []).map((event) => ({
    key: event.name,
    label: event.name,
    note: countShort(event.n_events),
  }))
  const choose = (key: string) => {
    if (key === ANY) return onEvents([], true)
    if (!several) return onEvents([key], true)
    const rest = events.filter((name) => name !== key)
    if (rest.length === events.length) return onEvents([...events, key], false)
    if (rest.length > 0 || orAny) onEvents(rest, false)
  }
  return (
    <>
      <Chooser
        label={label}
        placeholder="Find an event"
        options={[...(orAny ? [{ key: ANY, label: 'Any event' }] : []), ...options]}
        chosen={events.length > 0 || !orAny ? events : [ANY]}
        onChoose={choose}
        busy={seen.isPending}
        nothing={seen.isError ? 'The list of events could not be read.' : 'No event came in yet.'}
        free={(typed) => `“${typed}”, not seen yet`}
      />
      <div className={classes.below}>
        <QuietButton onClick={() => setSeveral(!several)}>
          {several ? 'Only one of them' : 'Any of several'}
        </QuietButton>
        {onRemove && <QuietButton onClick={onRemove}>Leave this out</QuietButton>}
      </div>
    </>
  )
}
