// Was the person behind this address or number erased here?
import { Button, Select, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { checkErased } from '@/api/privacyQueries'
import type { TombstoneCheck } from '@/api/privacyTypes'
import { described, Notice, RelativeTime } from '@/kit'
import classes from './privacy.module.css'

const kinds = [
  { value: 'email', label: 'E-mail address' },
  { value: 'phone', label: 'Telephone number' },
  { value: 'user_id', label: 'Customer number' },
  { value: 'anonymous_id', label: 'Visitor id' },
  { value: 'device_id', label: 'Device id' },
  { value: 'crm_id', label: 'CRM number' },
  { value: 'social_handle', label: 'Social handle' },
]

export function CheckErased() {
  const [kind, setKind] = useState('email')
  const [value, setValue] = useState('')
  const check = useMutation({ mutationFn: () => checkErased(kind, value.trim()) })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    check.mutate()
  }
  return (
    <form onSubmit={submit} className={classes.form}>
      <p className="muted">
        Only fingerprints are kept of whoever was erased, so type it exactly: the answer is yes or
        no, and nothing of what you type is kept.
      </p>
      <div className={classes.inline}>
        <Select
          label="What it is"
          data={kinds}
          value={kind}
          onChange={(one) => {
            check.reset()
            setKind(one ?? 'email')
          }}
        />
        <TextInput
          label="Value"
          className={classes.grow}
          autoComplete="off"
          spellCheck={false}
          maxLength={512}
          value={value}
          onChange={(event) => {
            check.reset()
            setValue(event.currentTarget.value)
          }}
        />
        <Button
          type="submit"
          variant="default"
          className={classes.level}
          disabled={value.trim() === ''}
          loading={check.isPending}
        >
          Look
        </Button>
      </div>
      <div aria-live="polite">
        {check.isError && <Notice tone="bad">{described(check.error).message}</Notice>}
        {check.data && <Answer check={check.data} />}
      </div>
    </form>
  )
}

function Answer({ check }: { check: TombstoneCheck }) {
  if (!check.is_erased || check.erased_at === null || check.erasure_id === null) {
    return <Notice tone="info">No: nobody was erased under it.</Notice>
  }
  return (
    <Notice tone="good">
      Yes: erased <RelativeTime at={check.erased_at} /> (
      <Link to="/privacy/erasures/$id" params={{ id: check.erasure_id }}>
        {check.erasure_id}
      </Link>
      ). {check.is_lifted ? 'It may be used again since.' : 'What arrives under it is refused.'}
    </Notice>
  )
}
