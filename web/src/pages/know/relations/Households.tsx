// Whom does this customer live with, what shows it, and who was taken out by hand?
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import type { CustomerRow, Household, Relations } from '@/api/types'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { described, RelativeTime, useToast } from '@/kit'
import { customerName } from '../naming'
import profile from '../profile/profile.module.css'
import { PersonLink } from './RelationLists'
import classes from './relations.module.css'

export function Households({ relations }: { relations: Relations }) {
  const me = relations.people.find((row) => row.id === relations.customer_id)
  return (
    <>
      {relations.households.map((household) => (
        <One key={household.key} household={household} me={me} />
      ))}
    </>
  )
}

function One({ household, me }: { household: Household; me: CustomerRow | undefined }) {
  const { rule, evidence, source, is_member, is_too_large, people, removed } = household
  const how = rule === 'named' ? 'A source says so' : 'Same surname at the same address'
  return (
    <section className={classes.household} aria-label="Household">
      <h3 className={classes.heading}>Household</h3>
      <p className={classes.note}>
        {how}
        {evidence && (
          <>
            : <bdi>{evidence}</bdi>
          </>
        )}
        {source && `, ${source.name}`}.
      </p>
      {is_too_large && (
        <p className={classes.note}>
          More than 12 people have this surname at this address: rather a building than a household,
          so nobody is named.
        </p>
      )}
      <ul className={profile.lines}>
        {people.map((row) => (
          <li key={row.id} className={profile.line}>
            <span className={profile.main}>
              <PersonLink id={row.id} row={row} />
            </span>
            <Change household={household} row={row} out />
          </li>
        ))}
        {removed.map(({ customer, at, by }) => (
          <li key={customer.id} className={profile.line}>
            <span className={profile.main}>
              <s>
                <PersonLink id={customer.id} row={customer} />
              </s>
            </span>
            <Change household={household} row={customer} out={false} />
            <span className={profile.sub}>
              Taken out by {by} <RelativeTime at={at} />; stays out whatever is said later.
            </span>
          </li>
        ))}
      </ul>
      {is_member && !is_too_large && me && (
        <Change household={household} row={me} out words="This customer does not live there" />
      )}
    </section>
  )
}

interface ChangeProps {
  household: Household
  row: CustomerRow
  /** Takes out, or puts back. */
  out: boolean
  words?: string
}

function Change({ household, row, out, words }: ChangeProps) {
  const mayChange = useMay('change_identity')
  const change = useChange(household.key, row)
  const name = customerName(row)
  const act = out ? 'Take out' : 'Put back'
  return (
    <button
      type="button"
      className={words ? profile.more : classes.quiet}
      disabled={!mayChange || change.isPending}
      title={mayChange ? undefined : whyNot('change_identity')}
      aria-label={words ? undefined : `${act}: ${name}`}
      onClick={() => change.mutate(out)}
    >
      {words ?? act}
    </button>
  )
}

/** Takes somebody out or puts them back, says so, and offers the way back. */
function useChange(key: string, row: CustomerRow) {
  const client = useQueryClient()
  const toast = useToast()
  const params = { path: { id: row.id, key } }
  const call = async (out: boolean) => {
    const path = '/api/customers/{id}/households/{key}' as const
    await (out ? answer(api.DELETE(path, { params })) : answer(api.PUT(path, { params })))
    await client.invalidateQueries({ queryKey: ['customer'] })
  }
  const failed = (error: unknown) =>
    toast.failed(`Nothing was changed. ${described(error).message}`)
  return useMutation({
    mutationFn: call,
    onError: failed,
    onSuccess: (_, out) => {
      const what = out ? 'taken out of' : 'put back into'
      toast.done(
        `${customerName(row)} was ${what} the household`,
        () => void call(!out).catch(failed),
      )
    },
  })
}
