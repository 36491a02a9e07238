// How much does it say when a field agrees, and how much when it differs?
import classes from './duplicates.module.css'
import { kindWords } from './kinds'
import { bitsWords, oddsWords, strengthWords } from './strength'
import type { ModelField } from './wire'

const notes: Record<string, string | undefined> = {
  empty: 'empty for nearly everybody, so it takes no part',
  constant: 'the same for everybody, so it takes no part',
  not_learned: 'too little was seen to learn from; what is usual is assumed',
}

export function ModelFields({ fields }: { fields: ModelField[] }) {
  return (
    <ul className={classes.fields}>
      {fields.map((field) => (
        <li key={field.name}>
          <span className={classes.fieldName}>
            {field.name}
            {kindWords(field.kind) !== field.name && (
              <span className="muted small"> {kindWords(field.kind)}</span>
            )}
          </span>
          {field.is_used ? (
            <span className={classes.fieldSays}>
              <Says when="the same" bits={field.weight_same} />
              <Says when="different" bits={field.weight_different} />
            </span>
          ) : (
            <span className="muted">takes no part</span>
          )}
          {field.note && (
            <span className={classes.fieldNote}>{notes[field.note] ?? field.note}</span>
          )}
        </li>
      ))}
    </ul>
  )
}

function Says({ when, bits }: { when: string; bits: number }) {
  return (
    <span title={`${bitsWords(bits)}: ${oddsWords(bits)}`}>
      <span className="muted">{when}:</span> {strengthWords(bits)}{' '}
      <span className={classes.bits}>{bitsWords(bits)}</span>
    </span>
  )
}
