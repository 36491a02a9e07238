// Who belongs to this account, as what, and who did?
import { Link } from '@tanstack/react-router'
import type { Account, AccountMember } from '@/api/types'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { Icon, Money, RelativeTime, Tag } from '@/kit'
import { counted } from '@/kit/number'
import { dateOnly } from '@/kit/time'
import { customerName, customerSubtitle } from '../naming'
import profile from '../profile/profile.module.css'
import classes from './account.module.css'
import { useMembership } from './useMembership'

export function Members({ account }: { account: Account }) {
  const { members, former } = account
  return (
    <>
      {members.length === 0 ? (
        <p className="muted">Nobody belongs to this account now.</p>
      ) : (
        <ul className={profile.lines}>
          {members.map((member) => (
            <Member key={member.customer.id} accountId={account.id} member={member} />
          ))}
        </ul>
      )}
      {former.length > 0 && (
        <>
          <h3 className={classes.heading}>Left</h3>
          <ul className={profile.lines}>
            {former.map(({ customer, left_at }) => (
              <li key={customer.id} className={profile.line}>
                <span className={profile.main}>
                  <Link to="/know/customers/$id" params={{ id: customer.id }}>
                    <bdi>{customerName(customer)}</bdi>
                  </Link>
                </span>
                <span className={profile.end}>left {dateOnly(new Date(left_at))}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

function Member({ accountId, member }: { accountId: string; member: AccountMember }) {
  const { customer, role, position, since, added_by } = member
  const about = [
    customerSubtitle(customer),
    position?.value,
    customer.n_orders > 0 ? counted(customer.n_orders, 'order') : undefined,
    `member since ${dateOnly(new Date(since))}`,
  ]
  return (
    <li className={profile.line}>
      <span className={profile.main}>
        <Icon
          name={customer.is_known ? 'user' : 'cookie'}
          size={14}
          label={customer.is_known ? 'known' : 'anonymous'}
        />{' '}
        <Link to="/know/customers/$id" params={{ id: customer.id }}>
          <bdi>{customerName(customer)}</bdi>
        </Link>{' '}
        {role && (
          <Tag title={`${role.source.name}, ${dateOnly(new Date(role.at))}`}>{role.name}</Tag>
        )}
      </span>
      <span className={profile.end}>
        <RelativeTime at={customer.last_seen} />
      </span>
      <span className={profile.sub}>
        {about.filter(Boolean).join(' · ')}
        {customer.revenue && customer.n_orders > 0 && (
          <>
            {' '}
            · <Money amount={customer.revenue} />
          </>
        )}
      </span>
      {added_by && <ByHand accountId={accountId} member={member} />}
    </li>
  )
}

function ByHand({ accountId, member }: { accountId: string; member: AccountMember }) {
  const mayChange = useMay('change_identity')
  const change = useMembership(accountId)
  const { customer, added_by } = member
  return (
    <span className={classes.acts}>
      <span className={profile.sub}>Added by {added_by}</span>
      <button
        type="button"
        className={classes.quiet}
        disabled={!mayChange || change.isPending}
        title={mayChange ? undefined : whyNot('change_identity')}
        aria-label={`Take back: ${customerName(customer)}`}
        onClick={() => change.mutate({ customer, verdict: null, before: true })}
      >
        Take back
      </button>
    </span>
  )
}
