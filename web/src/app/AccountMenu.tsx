// Who am I here, which theme, and how do I leave?
import { Menu, useMantineColorScheme } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import type { SessionUser } from '@/api/types'
import { Icon, type IconName } from '@/kit'
import classes from './AccountMenu.module.css'
import { roleWords } from './rights'
import { useSignOut } from './useSignOut'

export type Scheme = 'light' | 'dark' | 'auto'

export const schemes: { value: Scheme; label: string; icon: IconName }[] = [
  { value: 'auto', label: 'As the system', icon: 'monitor' },
  { value: 'light', label: 'Light', icon: 'sun' },
  { value: 'dark', label: 'Dark', icon: 'moon' },
]

interface AccountMenuProps {
  user: SessionUser
  onKeys: () => void
}

export function AccountMenu({ user, onKeys }: AccountMenuProps) {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const navigate = useNavigate()
  const signOut = useSignOut()
  return (
    <Menu position="top-start" width={200}>
      <Menu.Target>
        <button type="button" className={classes.button}>
          <span className={classes.initial} aria-hidden>
            {initialOf(user.name)}
          </span>
          <span className={classes.who}>
            <span className={classes.name}>{user.name}</span>
            <span className={classes.role}>{roleWords[user.role].label}</span>
          </span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Theme</Menu.Label>
        {schemes.map(({ value, label, icon }) => (
          <Menu.Item
            key={value}
            leftSection={<Icon name={icon} />}
            rightSection={colorScheme === value ? <Icon name="check" label="chosen" /> : null}
            onClick={() => setColorScheme(value)}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<Icon name="keyboard" />} onClick={onKeys}>
          Keys
        </Menu.Item>
        <Menu.Item
          leftSection={<Icon name="user" />}
          onClick={() => void navigate({ to: '/settings/you' })}
        >
          You
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="log-out" />} onClick={signOut}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function initialOf(name: string): string {
  return [...name.trim()][0]?.toUpperCase() ?? '·'
}
