// Which domains does this account claim, and who else does?
import { Button, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { answer, api } from '@/api/client'
import { accountQuery } from '@/api/queries'
import type { Account, AccountDomain } from '@/api/types'
import { whyNot } from '@/app/rights'
import { useMay } from '@/app/useSession'
import { described, Status } from '@/kit'
import profile from '../profile/profile.module.css'
import classes from './account.module.css'

export function Domains({ account }: { account: Account }) {
  const mayChange = useMay('change_identity')
  const change = useClaim(account.id)
  const [typed, setTyped] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate({ domain: typed.trim(), claim: true }, { onSuccess: () => setTyped('') })
  }
  return (
    <>
      <ul className={profile.lines}>
        {account.domains.map((domain) => (
          <Line
            key={domain.name}
            domain={domain}
            onDrop={() => change.mutate({ domain: domain.name, claim: false })}
          />
        ))}
      </ul>
      <form className={classes.claim} onSubmit={submit}>
        <TextInput
          label="Claim a domain"
          placeholder="acme.com"
          className={classes.grow}
          value={typed}
          disabled={!mayChange}
          error={change.isError ? described(change.error).message : undefined}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button
          type="submit"
          variant="default"
          loading={change.isPending}
          disabled={!mayChange || typed.trim() === ''}
          title={mayChange ? undefined : whyNot('change_identity')}
        >
          Claim it
        </Button>
      </form>
    </>
  )
}

function Line({ domain, onDrop }: { domain: AccountDomain; onDrop: () => void }) {
  const mayChange = useMay('change_identity')
  const { name, is_told, claimed_by, is_free_mail, rivals } = domain
  const from = [is_told && 'from its traits', claimed_by && `claimed by ${claimed_by}`]
  return (
    <li className={profile.line}>
      <span className={profile.main}>
        <bdi>{name}</bdi>
      </span>
      {claimed_by && (
        <button
          type="button"
          className={classes.quiet}
          disabled={!mayChange}
          title={mayChange ? undefined : whyNot('change_identity')}
          aria-label={`Drop ${name}`}
          onClick={onDrop}
        >
          Drop
        </button>
      )}
      <span className={profile.sub}>{from.filter(Boolean).join(', ')}</span>
      {is_free_mail && (
        <span className={profile.sub}>
          <Status tone="warn">Free mail: suggests nobody</Status>
        </span>
      )}
      {rivals.length > 0 && (
        <span className={profile.sub}>
          Also claimed by{' '}
          {rivals.map((rival, i) => (
            <span key={rival.id}>
              {i > 0 && ', '}
              <Link to="/know/accounts/$id" params={{ id: rival.id }} data-inline-link>
                {rival.name}
              </Link>
            </span>
          ))}
        </span>
      )}
    </li>
  )
}

function useClaim(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ domain, claim }: { domain: string; claim: boolean }) => {
      const path = '/api/accounts/{id}/domains/{domain}' as const
      const params = { path: { id, domain } }
      return claim ? answer(api.PUT(path, { params })) : answer(api.DELETE(path, { params }))
    },
    onSuccess: (account) => client.setQueryData(accountQuery(id).queryKey, account),
  })
}
