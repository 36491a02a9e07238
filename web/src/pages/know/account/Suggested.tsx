// Who may belong to this account, by their address?
import { Link } from '@tanstack/react-router'
import type { Account, CustomerRow, SuggestedMember } from '@/api/types'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { Status } from '@/kit'
import { customerName } from '../naming'
import profile from '../profile/profile.module.css'
import classes from './account.module.css'
import { useMembership, type Verdict } from './useMembership'

export function Suggested({ account }: { account: Account }) {
  const { suggested, dismissed, has_more_suggested, domains, id } = account
  return (
    <>
      {suggested.length === 0 ? (
        <p className="muted">{whyNobody(domains.length)}</p>
      ) : (
        <ul className={profile.lines}>
          {suggested.map((one) => (
            <One key={one.customer.id} accountId={id} suggestion={one} />
          ))}
        </ul>
      )}
      {has_more_suggested && <p className={classes.note}>The first 50 are shown.</p>}
      {dismissed.length > 0 && (
        <>
          <h3 className={classes.heading}>Put away as no members</h3>
          <ul className={profile.lines}>
            {dismissed.map((customer) => (
              <li key={customer.id} className={profile.line}>
                <span className={profile.main}>
                  <Name customer={customer} />
                </span>
                <Act
                  accountId={id}
                  customer={customer}
                  verdict={null}
                  before={false}
                  words="Suggest again"
                />
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

function whyNobody(n_domains: number): string {
  if (n_domains === 0) {
    return 'Claim a domain below, and customers with an address of it are suggested here.'
  }
  return 'No other customer has an address of a domain of this account.'
}

function One({ accountId, suggestion }: { accountId: string; suggestion: SuggestedMember }) {
  const { customer, address, is_verified } = suggestion
  const act = { accountId, customer, before: null }
  return (
    <li className={profile.line}>
      <span className={profile.main}>
        <Name customer={customer} />
      </span>
      <span className={profile.end}>
        {is_verified ? (
          <Status tone="good">Verified</Status>
        ) : (
          <Status tone="quiet">Claimed</Status>
        )}
      </span>
      <span className={profile.sub}>
        <bdi>{address.value}</bdi>
      </span>
      <span className={classes.acts}>
        <Act {...act} verdict words="Add as a member" />
        <Act {...act} verdict={false} words="Not theirs" />
      </span>
    </li>
  )
}

function Name({ customer }: { customer: CustomerRow }) {
  return (
    <Link to="/know/customers/$id" params={{ id: customer.id }}>
      <bdi>{customerName(customer)}</bdi>
    </Link>
  )
}

interface ActProps {
  accountId: string
  customer: CustomerRow
  verdict: Verdict
  before: Verdict
  words: string
}

function Act({ accountId, customer, verdict, before, words }: ActProps) {
  const mayChange = useMay('change_identity')
  const change = useMembership(accountId)
  return (
    <button
      type="button"
      className={classes.quiet}
      disabled={!mayChange || change.isPending}
      title={mayChange ? undefined : whyNot('change_identity')}
      aria-label={`${words}: ${customerName(customer)}`}
      onClick={() => change.mutate({ customer, verdict, before })}
    >
      {words}
    </button>
  )
}
