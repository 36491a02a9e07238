// Which values did this trait have, when, and from where?
import { Drawer } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { traitHistoryQuery } from '@/api/queries'
import type { TraitHistory, TraitSaid } from '@/api/types'
import { ErrorState, Notice, RelativeTime, Skeleton, Status } from '@/kit'
import { identifierWord } from '@/kit/IdentifierChip'
import { counted } from '@/kit/number'
import { EvidenceLine } from './EvidenceLine'
import classes from './profile.module.css'
import { shortValue, traitWord } from './traitWords'

interface TraitHistoryDrawerProps {
  customerId: string
  name: string | undefined
  onClose: () => void
}

export function TraitHistoryDrawer({ customerId, name, onClose }: TraitHistoryDrawerProps) {
  const history = useQuery({
    ...traitHistoryQuery(customerId, name ?? ''),
    enabled: name !== undefined,
  })
  return (
    <Drawer
      opened={name !== undefined}
      onClose={onClose}
      position="right"
      size={480}
      title={`History of ${traitWord(name ?? '')}`}
      closeButtonProps={{ 'aria-label': 'Close the history' }}
    >
      {history.isPending && <Skeleton height={20} lines={6} />}
      {history.isError && (
        <ErrorState
          what="The history could not be read"
          error={history.error}
          onRetry={() => void history.refetch()}
        />
      )}
      {history.data && <Entries history={history.data} />}
    </Drawer>
  )
}

function Entries({ history }: { history: TraitHistory }) {
  return (
    <div className={classes.history}>
      <p>{history.rule_words}</p>
      {history.withheld && (
        <Notice tone="info">
          The values are withheld from your role. When and where something was said is shown.
        </Notice>
      )}
      <ol className={classes.lines}>
        {history.entries.map((entry) => (
          <Entry
            key={`${entry.came_under.value} ${entry.first.at} ${entry.last.at} ${JSON.stringify(entry.value)}`}
            entry={entry}
            withheld={history.withheld}
          />
        ))}
      </ol>
      <p className="muted small">
        Said {counted(history.n_said, 'time')} in all
        {history.n_fallen > 0 &&
          `; ${counted(history.n_fallen, 'time')} with values that are no longer kept here: the timeline has every event`}
        . A value that came back is one line, from its first time to its last.
      </p>
    </div>
  )
}

function Entry({ entry, withheld }: { entry: TraitSaid; withheld: boolean }) {
  return (
    <li className={classes.line}>
      <span className={classes.main}>
        <Value entry={entry} withheld={withheld} />
      </span>
      <span className={classes.end}>{entry.counts && <Status tone="good">Counts now</Status>}</span>
      <span className={classes.sub}>
        {entry.n > 1 ? (
          <>
            Said {counted(entry.n, 'time')}, first <RelativeTime at={entry.first.at} />, last{' '}
            <EvidenceLine evidence={entry.last} />
          </>
        ) : (
          <EvidenceLine evidence={entry.last} />
        )}
        {`, under the ${identifierWord(entry.came_under.kind)} `}
        <bdi>{entry.came_under.value}</bdi>
        {entry.once && ', only to count where nothing was known'}
        {entry.confirmed_at ? (
          <>
            , confirmed by the customer <RelativeTime at={entry.confirmed_at} />
          </>
        ) : (
          entry.verified && ', from a verified source'
        )}
      </span>
    </li>
  )
}

function Value({ entry, withheld }: { entry: TraitSaid; withheld: boolean }) {
  if (entry.taken_away) return <em>Taken away</em>
  if (withheld) return <span className="muted">Withheld</span>
  return <bdi>{shortValue(entry.value)}</bdi>
}
