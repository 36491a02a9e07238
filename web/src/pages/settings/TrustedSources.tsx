// Which sources are trusted more than others, and whose values count as verified?
import { ActionIcon, Checkbox, Select } from '@mantine/core'
import type { Source } from '@/api/types'
import { EmptyState, Icon } from '@/kit'
import classes from './settings.module.css'
import { movedUp, type TraitDraft } from './traitDraft'

interface TrustedSourcesProps {
  draft: TraitDraft
  sources: Source[]
  onChange: (part: Partial<TraitDraft>) => void
}

export function TrustedSources({ draft, sources, onChange }: TrustedSourcesProps) {
  const { trusted, verified } = draft
  const nameOf = (id: string) => sources.find((source) => source.id === id)?.name ?? id
  const others = sources.filter((source) => !trusted.includes(source.id))
  if (sources.length === 0) {
    return (
      <EmptyState icon="radio" title="Your sources will be listed here">
        There is no source yet, so there is none to trust.
      </EmptyState>
    )
  }
  const toggle = (id: string) =>
    onChange({
      verified: verified.includes(id) ? verified.filter((one) => one !== id) : [...verified, id],
    })
  return (
    <div className={classes.rows}>
      <p>
        For the rule “Most trusted source”. The first in the list is trusted most; sources that are
        not in it come after all that are.
      </p>
      {trusted.length > 0 && (
        <ol className={classes.trusted}>
          {trusted.map((id, place) => (
            <li key={id}>
              <span className={classes.grow}>
                {place + 1}. {nameOf(id)}
              </span>
              <ActionIcon
                variant="subtle"
                aria-label={`Trust ${nameOf(id)} more`}
                disabled={place === 0}
                onClick={() => onChange({ trusted: movedUp(trusted, id) })}
              >
                <Icon name="arrow-up" />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                aria-label={`Take ${nameOf(id)} off the list`}
                onClick={() => onChange({ trusted: trusted.filter((one) => one !== id) })}
              >
                <Icon name="x" />
              </ActionIcon>
            </li>
          ))}
        </ol>
      )}
      {others.length > 0 && (
        <Select
          label="Add a trusted source"
          placeholder="Choose a source"
          data={others.map((source) => ({ value: source.id, label: source.name }))}
          value={null}
          className={classes.choice}
          onChange={(id) => id && onChange({ trusted: [...trusted, id] })}
        />
      )}
      <fieldset className={classes.scopes}>
        <legend>Sources whose values are verified, for the rule “Verified first”</legend>
        {sources.map((source) => (
          <Checkbox
            key={source.id}
            label={source.name}
            checked={verified.includes(source.id)}
            onChange={() => toggle(source.id)}
          />
        ))}
      </fieldset>
      <p className="muted small">
        An e-mail address or telephone number that the customer confirmed counts as verified too.
      </p>
    </div>
  )
}
