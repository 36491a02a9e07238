// How am I known here, and how do I want it to look?
import { Button, useMantineColorScheme } from '@mantine/core'
import { schemes } from '@/app/AccountMenu'
import { roleWords } from '@/app/rights'
import { useUser } from '@/app/useSession'
import { useSignOut } from '@/app/useSignOut'
import { Icon, Page, PageHeader, Section } from '@/kit'
import { viewerZone } from '@/kit/time'
import classes from './settings.module.css'

export function You() {
  const user = useUser()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const signOut = useSignOut()
  if (!user) return null
  const role = roleWords[user.role]
  return (
    <Page width="reading">
      <PageHeader title={user.name} lead={user.email} />
      <dl className={classes.facts}>
        <div>
          <dt>Role</dt>
          <dd>
            {role.label}: {role.may.charAt(0).toLowerCase() + role.may.slice(1)}
          </dd>
        </div>
        <div>
          <dt>Time zone</dt>
          <dd>{viewerZone}, from this device</dd>
        </div>
      </dl>
      <Section title="Theme">
        <fieldset className={classes.themes}>
          <legend className="visually-hidden">Theme</legend>
          {schemes.map(({ value, label, icon }) => (
            <label key={value} className={classes.theme}>
              <input
                type="radio"
                name="theme"
                checked={colorScheme === value}
                onChange={() => setColorScheme(value)}
              />
              <Icon name={icon} />
              {label}
            </label>
          ))}
        </fieldset>
      </Section>
      <div>
        <Button variant="default" leftSection={<Icon name="log-out" />} onClick={signOut}>
          Sign out
        </Button>
      </div>
    </Page>
  )
}
