// Which rule holds for which trait?
import { ActionIcon, Button, Select, TextInput } from '@mantine/core'
import type { RuleWords, TraitRule } from '@/api/types'
import { Icon } from '@/kit'
import classes from './settings.module.css'
import { newKey, type RuleRow, type TraitDraft } from './traitDraft'

const labels: Record<TraitRule, string> = {
  latest: 'Latest',
  most_trusted: 'Most trusted source',
  verified_first: 'Verified first',
  longest: 'Longest',
}

const choices = Object.entries(labels).map(([value, label]) => ({ value, label }))

interface TraitRulesProps {
  draft: TraitDraft
  words: RuleWords[]
  onChange: (part: Partial<TraitDraft>) => void
}

export function TraitRules({ draft, words, onChange }: TraitRulesProps) {
  const wordsOf = (rule: TraitRule) => words.find((one) => one.rule === rule)?.words
  const put = (row: RuleRow) =>
    onChange({ rules: draft.rules.map((old) => (old.key === row.key ? row : old)) })
  return (
    <div className={classes.rows}>
      <RuleSelect
        label="For every trait without a rule of its own"
        rule={draft.defaultRule}
        onChange={(defaultRule) => onChange({ defaultRule })}
      />
      <p className="muted small">{wordsOf(draft.defaultRule)}</p>
      {draft.rules.map((row) => (
        <div key={row.key} className={classes.inline}>
          <TextInput
            label="Trait"
            placeholder="phone"
            maxLength={256}
            className={classes.grow}
            value={row.name}
            onChange={(event) => put({ ...row, name: event.currentTarget.value })}
          />
          <RuleSelect label="Rule" rule={row.rule} onChange={(rule) => put({ ...row, rule })} />
          <ActionIcon
            variant="subtle"
            size="lg"
            className={classes.level}
            aria-label={`Remove the rule of ${row.name || 'this trait'}`}
            onClick={() => onChange({ rules: draft.rules.filter((old) => old.key !== row.key) })}
          >
            <Icon name="x" />
          </ActionIcon>
          <p className={classes.roleHint}>{wordsOf(row.rule)}</p>
        </div>
      ))}
      <div>
        <Button
          variant="default"
          leftSection={<Icon name="plus" />}
          onClick={() =>
            onChange({ rules: [...draft.rules, { key: newKey(), name: '', rule: 'most_trusted' }] })
          }
        >
          Add a rule for a trait
        </Button>
      </div>
    </div>
  )
}

interface RuleSelectProps {
  label: string
  rule: TraitRule
  onChange: (rule: TraitRule) => void
}

function RuleSelect({ label, rule, onChange }: RuleSelectProps) {
  return (
    <Select
      label={label}
      data={choices}
      value={rule}
      allowDeselect={false}
      className={classes.choice}
      onChange={(value) => onChange((value ?? rule) as TraitRule)}
    />
  )
}
