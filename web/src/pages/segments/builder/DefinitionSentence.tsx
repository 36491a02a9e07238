// How does a definition read while it is built? "Customers who …", one condition under the other.
import { useMemo } from 'react'
import type { Definition } from '@/api/definitionTypes'
import type { PartSize } from '@/api/segmentTypes'
import { Notice } from '@/kit'
import sentence from '@/pages/ask/sentence/sentence.module.css'
import { DraftContext } from './DraftContext'
import { deniedBy, isGroup, joined, tooMuch } from './draft'
import { GroupLines, JointPart } from './GroupLines'
import classes from './builder.module.css'

export interface DefinitionSentenceProps {
  value: Definition
  onChange: (definition: Definition) => void
  parts: PartSize[]
  /** The sizes are of the draft before. */
  isOld: boolean
  ownKey?: string
}

export function DefinitionSentence(props: DefinitionSentenceProps) {
  const { value, onChange, parts, isOld, ownKey } = props
  const root = value.who
  const sizes = useMemo(() => new Map(parts.map(({ path, n }) => [path, n])), [parts])
  const trouble = tooMuch(root)
  return (
    <DraftContext.Provider
      value={{
        root,
        sizes,
        isOld,
        ownKey,
        edit: (change) => onChange({ ...value, who: change(root) }),
      }}
    >
      <div className={`${sentence.sentence} ${classes.sentence}`}>
        <Lead {...props} />
        <GroupLines node={root} path={[]} label="Conditions" />
      </div>
      {trouble && <Notice tone="warn">{trouble}</Notice>}
    </DraftContext.Provider>
  )
}

/** "Customers who", and how their conditions go together where that is not "and". */
function Lead({ value, onChange }: DefinitionSentenceProps) {
  const root = value.who
  const isList = isGroup(root) && deniedBy(root) === null
  if (isList && root.of.length === 0) return <p>Everybody. Say which customers you mean:</p>
  if (!isList || root.is === 'all') return <p>Customers who</p>
  return (
    <p>
      Customers for whom{' '}
      <JointPart
        joint={root.is}
        words={root.is === 'any' ? 'at least one of these holds' : 'none of these holds'}
        onChange={(is) => onChange({ ...value, who: joined(root, [], is) })}
      />
      : they
    </p>
  )
}
