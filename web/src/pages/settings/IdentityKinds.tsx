// How many of each kind may a customer have, when is one shared, and which evidence is believed?
import { ActionIcon, Button, Select, TextInput } from '@mantine/core'
import type { Trust } from '@/api/types'
import { Icon } from '@/kit'
import { identifierWord } from '@/kit/IdentifierChip'
import classes from './identity.module.css'
import { movedUp, newKind, type IdentityDraft, type KindRow } from './identityDraft'
import settings from './settings.module.css'

const trusts: { value: Trust; label: string }[] = [
  { value: 'claimed', label: 'Any claim' },
  { value: 'verified', label: 'Only verified' },
]

const numbers: { field: 'ever' | 'month' | 'week' | 'users' | 'visitors'; label: string }[] = [
  { field: 'ever', label: 'Ever' },
  { field: 'month', label: 'In 30 days' },
  { field: 'week', label: 'In 7 days' },
  { field: 'users', label: 'User ids' },
  { field: 'visitors', label: 'Anonymous ids' },
]

interface IdentityKindsProps {
  draft: IdentityDraft
  onChange: (part: Partial<IdentityDraft>) => void
}

export function IdentityKinds({ draft, onChange }: IdentityKindsProps) {
  const put = (row: KindRow) =>
    onChange({ kinds: draft.kinds.map((old) => (old.key === row.key ? row : old)) })
  return (
    <div className={settings.rows}>
      <p>
        The kind with the highest priority comes first: where two links contradict each other, its
        link is followed. <em>Ever</em>, <em>in 30 days</em> and <em>in 7 days</em> say how many of
        a kind one customer may have by automatic links; <em>user ids</em> and{' '}
        <em>anonymous ids</em>, with how many of those one identifier may be seen before it is
        shared and points to nobody. What a person or an alias states knows no limit. Empty: without
        bounds.
      </p>
      <ol className={classes.kinds}>
        {draft.kinds.map((row, place) => (
          <li key={row.key}>
            <KindLine
              row={row}
              onChange={put}
              onUp={
                place > 0 ? () => onChange({ kinds: movedUp(draft.kinds, row.key) }) : undefined
              }
              onRemove={() => onChange({ kinds: draft.kinds.filter((old) => old !== row) })}
            />
          </li>
        ))}
        <li>
          <KindLine row={draft.others} isRest onChange={(others) => onChange({ others })} />
        </li>
      </ol>
      <div>
        <Button
          variant="default"
          leftSection={<Icon name="plus" />}
          onClick={() => onChange({ kinds: [...draft.kinds, newKind()] })}
        >
          Add a kind
        </Button>
      </div>
    </div>
  )
}

interface KindLineProps {
  row: KindRow
  /** Whether it stands for every other kind. */
  isRest?: boolean
  onChange: (row: KindRow) => void
  onUp?: () => void
  onRemove?: () => void
}

function KindLine({ row, isRest, onChange, onUp, onRemove }: KindLineProps) {
  const name = isRest ? 'every other kind' : row.kind || 'this kind'
  const isUser = !isRest && row.kind.trim() === 'user_id'
  return (
    <div className={classes.kind} role="group" aria-label={isRest ? 'Every other kind' : name}>
      <div className={classes.name}>
        {isRest ? (
          <strong>Every other kind</strong>
        ) : (
          <TextInput
            label="Kind"
            description={row.kind ? identifierWord(row.kind) : 'as it is called in events'}
            placeholder="loyalty_id"
            maxLength={100}
            value={row.kind}
            onChange={(event) => onChange({ ...row, kind: event.currentTarget.value })}
          />
        )}
      </div>
      {isUser ? (
        <p className={classes.fixed}>
          One for each customer, and one customer for each, unless it was stated otherwise.
        </p>
      ) : (
        <Limits row={row} name={name} onChange={onChange} />
      )}
      <div className={classes.moves}>
        {!isRest && (
          <>
            <ActionIcon
              variant="subtle"
              size="lg"
              disabled={!onUp}
              aria-label={`Move ${name} up`}
              onClick={onUp}
            >
              <Icon name="arrow-up" />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              size="lg"
              aria-label={`Remove the rules of ${name}`}
              onClick={onRemove}
            >
              <Icon name="x" />
            </ActionIcon>
          </>
        )}
      </div>
    </div>
  )
}

type LimitsProps = Pick<KindLineProps, 'row' | 'onChange'> & { name: string }

function Limits({ row, name, onChange }: LimitsProps) {
  return (
    <div className={classes.limits}>
      {numbers.map(({ field, label }) => (
        <TextInput
          key={field}
          label={label}
          aria-label={`${label}: ${name}`}
          inputMode="numeric"
          placeholder="any"
          maxLength={7}
          value={row[field]}
          onChange={(event) => onChange({ ...row, [field]: event.currentTarget.value })}
        />
      ))}
      <Select
        label="Evidence"
        aria-label={`Evidence: ${name}`}
        data={trusts}
        value={row.trust}
        allowDeselect={false}
        onChange={(trust) => onChange({ ...row, trust: (trust ?? row.trust) as Trust })}
      />
    </div>
  )
}
