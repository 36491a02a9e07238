// How many people ordered because of this customer, and how sure is that?
import { useQuery } from '@tanstack/react-query'
import { influenceQuery } from '@/api/relationQueries'
import type { Influence, InfluencePair } from '@/api/types'
import { ErrorState, Figure, Skeleton } from '@/kit'
import { counted } from '@/kit/number'
import profile from '../profile/profile.module.css'
import { explained, intervalWords, leftOut, signed } from './influenceWords'
import { PersonLink } from './RelationLists'
import classes from './relations.module.css'

export function InfluenceFigure({ customerId }: { customerId: string }) {
  const influence = useQuery(influenceQuery(customerId))
  if (influence.isPending) return <Skeleton height={44} width="60%" />
  if (influence.isError) {
    return (
      <ErrorState
        what="The influence could not be computed"
        error={influence.error}
        onRetry={() => void influence.refetch()}
      />
    )
  }
  return <Found influence={influence.data} />
}

function Found({ influence }: { influence: Influence }) {
  const { estimate, not_estimable, pairs } = influence
  if (pairs.length === 0) return null
  return (
    <div className={classes.group}>
      <Figure
        label="Influence"
        value={estimate && signed(estimate.extra)}
        unit="people"
        interval={estimate ? intervalWords(estimate) : undefined}
        absent={not_estimable ? 'Not estimable yet' : undefined}
        note={not_estimable ? sentence(not_estimable.words) : undefined}
        explain={explained(influence)}
      />
      <details className={classes.pairs}>
        <summary>{counted(pairs.length, 'person', 'people')} reached, one by one</summary>
        <ul className={profile.lines}>
          {pairs.map((pair) => (
            <Pair key={pair.customer.id} pair={pair} />
          ))}
        </ul>
        {leftOut(pairs) && <p className={classes.note}>Left out: {leftOut(pairs)}.</p>}
      </details>
    </div>
  )
}

function Pair({ pair }: { pair: InfluencePair }) {
  return (
    <li className={profile.line}>
      <span className={profile.main}>
        <PersonLink id={pair.customer.id} row={pair.customer} />
      </span>
      <span className={profile.sub}>{pair.words}</span>
    </li>
  )
}

const sentence = (words: string) => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
