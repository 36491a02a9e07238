// Did every answer arrive, and if not, what became of it?
import { Button } from '@mantine/core'
import { Notice } from '@/kit'
import { counted } from '@/kit/number'
import type { Refused } from './outbox'
import type { useOutbox } from './useOutbox'

export function OnTheWay({ outbox }: { outbox: ReturnType<typeof useOutbox> }) {
  const { waiting, failure, refused, retry, dismiss } = outbox
  return (
    <>
      {failure !== null && waiting.length > 0 && (
        <Notice
          tone="warn"
          action={
            <Button variant="default" onClick={retry}>
              Send now
            </Button>
          }
        >
          <p role="status">
            {counted(waiting.length, 'answer')} {waiting.length === 1 ? 'has' : 'have'} not arrived
            yet. {failure} Nothing is lost: it is kept in this browser and sent again by itself. You
            can go on.
          </p>
        </Notice>
      )}
      {refused.length > 0 && <NotTaken refused={refused} onRead={dismiss} />}
    </>
  )
}

const NAMED_MAX = 3

function NotTaken({ refused, onRead }: { refused: Refused[]; onRead: () => void }) {
  const named = refused.slice(0, NAMED_MAX)
  const n_more = refused.length - named.length
  return (
    <Notice
      tone="bad"
      action={
        <Button variant="default" onClick={onRead}>
          Understood
        </Button>
      }
    >
      <p>{counted(refused.length, 'answer')} did not count:</p>
      <ul>
        {named.map(({ answer, why }, i) => (
          <li key={`${answer.pair} ${i}`}>
            <bdi>{answer.words || `Pair ${answer.pair}`}</bdi>: {why}
          </li>
        ))}
      </ul>
      {n_more > 0 && <p>and {n_more} more, for reasons of the same kind.</p>}
    </Notice>
  )
}
