// How do other programs ask?
import { Drawer, Tabs } from '@mantine/core'
import { useUser } from '@/app/useSession'
import { CodeBlock, Notice } from '@/kit'
import { httpWay, ways } from './connectWords'
import classes from './sql.module.css'
import type { SqlServer } from './types'

interface ConnectProps {
  opened: boolean
  onClose: () => void
  /** Not known yet: undefined. Off: null. */
  server: SqlServer | null | undefined
}

export function Connect({ opened, onClose, server }: ConnectProps) {
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size={560}
      title="Connect another program"
      closeButtonProps={{ 'aria-label': 'Close how to connect' }}
    >
      <div className={classes.connect}>
        <h3>As PostgreSQL</h3>
        {server ? <On server={server} /> : <Off isKnown={server === null} />}
        <h3>Over HTTP</h3>
        <p>
          With an API token that may read. <code>format</code> is json, csv or arrow.
        </p>
        <CodeBlock label="curl" code={httpWay(location.origin)} wrap />
      </div>
    </Drawer>
  )
}

function On({ server }: { server: SqlServer }) {
  const email = useUser()?.email ?? 'you@example.com'
  const all = ways(server, location.hostname, email)
  return (
    <>
      <p>
        Metabase, Tableau, DBeaver, notebooks: whatever speaks to PostgreSQL connects to port{' '}
        {server.port} with your e-mail address and password, and sees what you may see.
      </p>
      <Tabs defaultValue="psql">
        <Tabs.List>
          {all.map(({ key, name }) => (
            <Tabs.Tab key={key} value={key}>
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {all.map(({ key, name, code }) => (
          <Tabs.Panel key={key} value={key} className={classes.way}>
            <CodeBlock label={name} code={code} wrap />
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  )
}

function Off({ isKnown }: { isKnown: boolean }) {
  if (!isKnown) return null
  return (
    <>
      <Notice tone="info">
        The port for PostgreSQL’s protocol is off. Whoever runs the engine turns it on with an
        option; for other machines it wants a certificate too.
      </Notice>
      <CodeBlock label="on the server" code="rapport serve --postgres 127.0.0.1:5433" />
    </>
  )
}
