// Which versions of an app or a device?
import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { FactOp, VersionThan } from '@/api/definitionTypes'
import { versionOpWords } from '../words'
import { Ways } from './Ways'
import classes from '../builder.module.css'

type VersionTest = Extract<FactOp, { op: 'version' }>

interface VersionFieldsProps {
  given: VersionTest | undefined
  onDone: (test: VersionTest) => void
}

const thans: VersionThan[] = ['at_least', 'more', 'equal', 'at_most', 'less']
const ways = thans.map((key) => ({ key, words: versionOpWords(key) }))
const form = /^v?\d+(\.\d+){0,2}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/

export function VersionFields({ given, onDone }: VersionFieldsProps) {
  const [than, setThan] = useState<VersionThan>(given?.than ?? 'at_least')
  const [version, setVersion] = useState(given?.version ?? '')
  const isReady = form.test(version.trim())
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        if (isReady) onDone({ op: 'version', than, version: version.trim() })
      }}
    >
      <Ways label="Which versions" ways={ways} chosen={than} onChoose={setThan} />
      <TextInput
        label="Version"
        placeholder="1.4.0"
        value={version}
        error={version !== '' && !isReady ? 'This is no version such as 1.4.0' : undefined}
        onChange={(event) => setVersion(event.currentTarget.value)}
        data-autofocus
      />
      <Button type="submit" disabled={!isReady}>
        Take this
      </Button>
    </form>
  )
}
