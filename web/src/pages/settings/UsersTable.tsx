// Who is here, in which role, and when were they last seen?
import { Button, Menu, Select } from '@mantine/core'
import type { Role, User } from '@/api/types'
import { roleWords } from '@/app/rights'
import { Icon, RelativeTime, Status } from '@/kit'
import classes from './settings.module.css'

interface UsersTableProps {
  users: User[]
  myId: string | undefined
  onRole: (user: User, role: Role) => void
  onDisabled: (user: User, disabled: boolean) => void
  onReset: (user: User) => void
}

const roles = (Object.keys(roleWords) as Role[]).map((role) => ({
  value: role,
  label: roleWords[role].label,
}))

export function UsersTable({ users, ...actions }: UsersTableProps) {
  return (
    <ul className={classes.lines}>
      {users.map((user) => (
        <UserLine key={user.id} user={user} {...actions} />
      ))}
    </ul>
  )
}

function UserLine({
  user,
  myId,
  onRole,
  onDisabled,
  onReset,
}: { user: User } & Omit<UsersTableProps, 'users'>) {
  const isMe = user.id === myId
  return (
    <li className={classes.user}>
      <div className={classes.who}>
        <span className={classes.name}>
          {user.name}
          {isMe && <span className="muted"> (you)</span>}
        </span>
        <span className={classes.sub}>{user.email}</span>
      </div>
      <span className={classes.sub}>
        {user.disabled ? (
          <Status tone="quiet" icon="ban">
            Disabled
          </Status>
        ) : user.last_sign_in_at ? (
          <span>
            signed in <RelativeTime at={user.last_sign_in_at} />
          </span>
        ) : (
          'never signed in'
        )}
      </span>
      <Select
        aria-label={`Role of ${user.name}`}
        data={roles}
        className={classes.role}
        value={user.role}
        disabled={isMe || user.disabled}
        title={isMe ? 'Your own role is changed by another admin' : undefined}
        onChange={(role) => role && onRole(user, role as Role)}
      />
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            variant="default"
            px={8}
            aria-label={`More about ${user.name}`}
            disabled={isMe}
            title={isMe ? 'Your own access is changed by another admin' : undefined}
          >
            <Icon name="ellipsis" />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => onReset(user)}>Make a link to set a new password</Menu.Item>
          <Menu.Item onClick={() => onDisabled(user, !user.disabled)}>
            {user.disabled ? 'Let them sign in again' : 'Take away their access'}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </li>
  )
}
