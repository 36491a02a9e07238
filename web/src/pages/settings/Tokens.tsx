// Which programs may use the API in our name, and for what?
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api } from '@/api/client'
import { tokensQuery } from '@/api/queries'
import type { NewToken, Token } from '@/api/types'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import {
  ConfirmInline,
  EmptyState,
  ErrorState,
  Notice,
  Page,
  PageHeader,
  RelativeTime,
  Section,
  Skeleton,
  Tag,
  useToast,
} from '@/kit'
import { MadeSecret } from './MadeSecret'
import { NewTokenForm } from './NewTokenForm'
import classes from './settings.module.css'

export function Tokens() {
  const mayManage = useMay('manage_tokens')
  return (
    <Page>
      <PageHeader
        title="API tokens"
        lead="For programs and scripts. A token can do what its scopes say and is stored as a hash only."
      />
      {mayManage ? <List /> : <Notice tone="info">{whyNot('manage_tokens')}</Notice>}
    </Page>
  )
}

function List() {
  const tokens = useQuery(tokensQuery)
  const [made, setMade] = useState<NewToken | null>(null)
  if (tokens.isPending) return <Skeleton height={40} lines={3} />
  if (tokens.isError) {
    return (
      <ErrorState
        what="The tokens could not be read"
        error={tokens.error}
        onRetry={() => void tokens.refetch()}
      />
    )
  }
  return (
    <>
      {made && (
        <MadeSecret
          text={made.token}
          label={made.name}
          words="The token is made. Copy it now: it is not shown again, and nobody can look it up."
          onDone={() => setMade(null)}
        />
      )}
      {tokens.data.items.length === 0 ? (
        <EmptyState icon="key-round" title="Your tokens will be listed here">
          No program uses the API yet. Make a token below and send it as{' '}
          <code>Authorization: Bearer …</code>
        </EmptyState>
      ) : (
        <ul className={classes.lines}>
          {tokens.data.items.map((token) => (
            <TokenLine key={token.id} token={token} />
          ))}
        </ul>
      )}
      <Section title="Make a token">
        <NewTokenForm onMade={setMade} />
      </Section>
    </>
  )
}

function TokenLine({ token }: { token: Token }) {
  const client = useQueryClient()
  const toast = useToast()
  const revoke = useMutation({
    mutationFn: () =>
      answer(api.DELETE('/api/tokens/{id}', { params: { path: { id: token.id } } })),
    onSuccess: () => {
      toast.done(`“${token.name}” is revoked`)
      return client.invalidateQueries({ queryKey: tokensQuery.queryKey })
    },
    onError: (error) => toast.failed(`Nothing was changed. ${error.message}`),
  })
  return (
    <li className={classes.token}>
      <div className={classes.who}>
        <span className={classes.name}>{token.name}</span>
        <span className={classes.sub}>
          {token.scopes.map((scope) => (
            <Tag key={scope}>{scope}</Tag>
          ))}
          <span>
            made by {token.created_by},{' '}
            {token.last_used_at ? (
              <>
                last used <RelativeTime at={token.last_used_at} />
              </>
            ) : (
              'never used'
            )}
            {token.expires_at ? (
              <>
                , ends <RelativeTime at={token.expires_at} />
              </>
            ) : (
              ', never ends'
            )}
          </span>
        </span>
      </div>
      <ConfirmInline
        ask="Revoke…"
        act="Revoke the token"
        busy={revoke.isPending}
        effect={<>Programs that use “{token.name}” are refused from then on.</>}
        onConfirm={() => revoke.mutate()}
      />
    </li>
  )
}
