// Which organisations does this customer belong to?
import { Link } from '@tanstack/react-router'
import type { Membership } from '@/api/types'
import { dateOnly } from '@/kit/time'
import classes from './profile.module.css'

export function Accounts({ accounts }: { accounts: Membership[] }) {
  return (
    <ul className={classes.lines}>
      {accounts.map((account) => (
        <li key={account.id} className={classes.line}>
          <Link to="/know/accounts/$id" params={{ id: account.id }} className={classes.main}>
            <bdi>{account.name ?? account.key}</bdi>
          </Link>
          <span className={classes.end}>since {dateOnly(new Date(account.since))}</span>
          {(account.role || account.added_by) && (
            <span className={classes.sub}>
              {[account.role?.name, account.added_by && `added by ${account.added_by}`]
                .filter(Boolean)
                .join(', ')}
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}
