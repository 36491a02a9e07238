// How many customers is that, and who would come and go? Right beside, while it is built.
import { ErrorState, Skeleton } from '@/kit'
import { countExact, countShort, counted, share } from '@/kit/number'
import type { Preview } from '@/api/segmentTypes'
import type { Sized } from './usePreview'
import classes from './builder.module.css'

interface SizeBesideProps {
  sized: Sized
  /** What the draft is compared with: "version 3". */
  against?: string
}

export function SizeBeside({ sized, against }: SizeBesideProps) {
  const { preview, isOld, error, retry } = sized
  return (
    <section
      className={classes.beside}
      aria-label="Size"
      aria-busy={isOld || (!preview && !error)}
      aria-live="polite"
    >
      {error ? (
        <ErrorState what="They could not be counted" error={error} onRetry={retry} />
      ) : preview ? (
        <div data-old={isOld || undefined} className={classes.besideNumbers}>
          <Numbers preview={preview} />
          {preview.against && against && <Changes preview={preview} against={against} />}
        </div>
      ) : (
        <Skeleton height={88} />
      )}
    </section>
  )
}

function Numbers({ preview }: { preview: Preview }) {
  const { n, n_of, interval, is_exact, took_ms } = preview
  return (
    <>
      <p className={classes.big} data-exact={is_exact || undefined}>
        {is_exact ? countExact(n) : `about ${countShort(n)}`}
      </p>
      <p>
        of {counted(n_of, 'customer')} ({share(n, n_of)})
      </p>
      <p className={classes.aside}>
        {is_exact
          ? `Counted exactly, in ${took_ms} ms.`
          : `From a part of the customers${interval ? `: between ${countExact(interval[0])} and ${countExact(interval[1])}` : ''}. The exact number follows.`}
      </p>
    </>
  )
}

/** "80 enter, 56 leave" */
function Changes({ preview: { against }, against: words }: { preview: Preview; against: string }) {
  if (!against) return null
  const { n_enter, n_leave, n_stay, dependents } = against
  return (
    <div className={classes.changes}>
      <h2>Against {words}</h2>
      <ul>
        <li>
          <strong>{countExact(n_enter)}</strong> enter
        </li>
        <li>
          <strong>{countExact(n_leave)}</strong> leave
        </li>
        <li>
          <strong>{countExact(n_stay)}</strong> stay
        </li>
      </ul>
      {dependents.map(({ key, name, n, n_then }) => (
        <p key={key} className={classes.aside}>
          “{name}” looks at this segment: {countExact(n)} now, {countExact(n_then)} then.
        </p>
      ))}
    </div>
  )
}

/** What saving does, in one line. */
export function effectWords({ n, against }: Preview): string {
  if (!against) return `${counted(n, 'customer')} will be in it.`
  const { n_enter, n_leave } = against
  if (n_enter === 0 && n_leave === 0) return `${countExact(n)} are in; nobody enters or leaves.`
  return `${countExact(n)} are in; ${countExact(n_enter)} enter, ${countExact(n_leave)} leave.`
}
