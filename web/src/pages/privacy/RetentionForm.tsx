// Which rules should there be, and what would go by them?
import { ActionIcon, Button, NumberInput, Select, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { putRetention, retentionQuery } from '@/api/privacyQueries'
import type { RetentionKind, RetentionRule, RetentionRules } from '@/api/privacyTypes'
import { described, Icon, Notice, useToast } from '@/kit'
import classes from './privacy.module.css'
import { RetentionEffect } from './RetentionEffect'
import {
  DAYS_MAX,
  draftsOf,
  flawOf,
  kindWords,
  newDraft,
  rulesOf,
  sameRules,
  type RuleDraft,
} from './retentionDraft'

const SETTLE_MS = 400

const choices = [
  ...Object.entries(kindWords).map(([value, label]) => ({ value, label })),
  { value: 'name', label: 'One event, by its name' },
]

export function RetentionForm({ saved }: { saved: RetentionRules }) {
  const [drafts, setDrafts] = useState(() => draftsOf(saved.rules))
  const [settled] = useDebouncedValue(drafts, SETTLE_MS)
  const save = useSave(saved.version)
  const rules = rulesOf(drafts)
  const isChanged = rules !== null && !sameRules(rules, saved.rules)
  const put = (draft: RuleDraft) =>
    setDrafts(drafts.map((old) => (old.key === draft.key ? draft : old)))
  return (
    <div className={classes.form}>
      {drafts.length === 0 && <p>There is no rule: every event is kept for ever.</p>}
      {drafts.map((draft) => (
        <RuleLine
          key={draft.key}
          draft={draft}
          flaw={flawOf(draft, drafts)}
          onChange={put}
          onRemove={() => setDrafts(drafts.filter(({ key }) => key !== draft.key))}
        />
      ))}
      <div>
        <Button
          variant="default"
          leftSection={<Icon name="plus" />}
          onClick={() => setDrafts([...drafts, newDraft()])}
        >
          Add a rule
        </Button>
      </div>
      {save.isError && (
        <Notice tone="bad">Nothing was changed. {described(save.error).message}</Notice>
      )}
      {isChanged && (
        <RetentionEffect
          rules={rulesOf(settled) ?? rules}
          isCurrent={settled === drafts}
          busy={save.isPending}
          onSave={() => save.mutate(rules)}
          onLeave={() => setDrafts(draftsOf(saved.rules))}
        />
      )}
    </div>
  )
}

interface RuleLineProps {
  draft: RuleDraft
  flaw: string | null
  onChange: (draft: RuleDraft) => void
  onRemove: () => void
}

function RuleLine({ draft, flaw, onChange, onRemove }: RuleLineProps) {
  const what = draft.of === 'name' ? draft.name || 'this event' : kindWords[draft.of]
  return (
    <div className={classes.inline}>
      <Select
        label="What"
        className={classes.grow}
        data={choices}
        value={draft.of}
        onChange={(of) => of && onChange({ ...draft, of: of as RetentionKind | 'name' })}
      />
      {draft.of === 'name' && (
        <TextInput
          label="Name of the event"
          className={classes.grow}
          placeholder="Product Viewed"
          maxLength={200}
          value={draft.name}
          onChange={(event) => onChange({ ...draft, name: event.currentTarget.value })}
        />
      )}
      <NumberInput
        label="Kept for, in days"
        min={1}
        max={DAYS_MAX}
        allowDecimal={false}
        hideControls
        value={draft.days}
        error={flaw}
        onChange={(days) => onChange({ ...draft, days })}
      />
      <ActionIcon
        variant="subtle"
        size="lg"
        className={classes.level}
        aria-label={`Keep for ever: ${what}`}
        onClick={onRemove}
      >
        <Icon name="x" />
      </ActionIcon>
    </div>
  )
}

function useSave(version: number) {
  const client = useQueryClient()
  const toast = useToast()
  return useMutation({
    mutationFn: (rules: RetentionRule[]) => putRetention(version, rules),
    onSuccess: (saved) => {
      client.setQueryData(retentionQuery.queryKey, saved)
      toast.done('The rules are in force')
    },
  })
}
