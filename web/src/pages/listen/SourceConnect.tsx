// What do I paste, with which key, and has it arrived?
import { Tabs } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { Source } from '@/api/types'
import { whyNot } from '@/app/rights'
import { CodeBlock, CopyButton, Notice, Section } from '@/kit'
import { FirstEvent } from './FirstEvent'
import classes from './listen.module.css'
import { fedBy } from './sourceWords'
import { snippetsFor, usualSnippet } from './snippets'

export function SourceConnect({ source }: { source: Source }) {
  const fed = fedBy(source.kind)
  if (fed) return <p className="muted">{fed}</p>
  return (
    <div className={classes.panel}>
      <FirstEvent source={source} />
      <Section title="Write key">
        {source.write_key ? (
          <p className={classes.key}>
            <code>{source.write_key}</code>
            <CopyButton text={source.write_key} what="the write key" showWord />
          </p>
        ) : (
          <p className="muted">{whyNot('view_write_keys')}</p>
        )}
        <p className="muted small">It can only send events, never read anything.</p>
      </Section>
      {source.write_key && <Snippets source={source} writeKey={source.write_key} />}
    </div>
  )
}

function Snippets({ source, writeKey }: { source: Source; writeKey: string }) {
  const { with: chosen } = useSearch({ from: '/shell/listen/sources/$id' })
  const navigate = useNavigate()
  const snippets = snippetsFor(window.location.origin, writeKey)
  const choose = (next: string | null) =>
    void navigate({
      to: '/listen/sources/$id',
      params: { id: source.id },
      search: (old) => ({ ...old, with: next ?? undefined }),
      replace: true,
      resetScroll: false,
    })

  return (
    <Section title="Send with what you have">
      <p className={classes.before}>
        Client libraries that you use already work unmodified: only the host and the key change.
      </p>
      {!source.enabled && (
        <Notice tone="warn">This source is switched off; what it sends is refused.</Notice>
      )}
      <Tabs variant="pills" value={chosen ?? usualSnippet(source.kind)} onChange={choose}>
        <Tabs.List className={classes.pills}>
          {snippets.map((snippet) => (
            <Tabs.Tab key={snippet.id} value={snippet.id}>
              {snippet.label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {snippets.map((snippet) => (
          <Tabs.Panel key={snippet.id} value={snippet.id}>
            <p className={classes.before}>{snippet.before}</p>
            <CodeBlock code={snippet.code} label={snippet.label} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </Section>
  )
}
