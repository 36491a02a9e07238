// How is a definition built? As a sentence, as a formula, and its SQL: three faces of one draft.
import type { Definition } from '@/api/definitionTypes'
import type { PartSize } from '@/api/segmentTypes'
import { DefinitionSentence } from './DefinitionSentence'
import { FormulaFace } from './FormulaFace'
import { SqlFace } from './SqlFace'
import { useFormula, type OnDefinition } from './useFormula'
import classes from './builder.module.css'

export const faces = ['sentence', 'formula', 'sql'] as const
export type Face = (typeof faces)[number]

const faceWords: Record<Face, string> = { sentence: 'Sentence', formula: 'Formula', sql: 'SQL' }

interface DefinitionBuilderProps {
  value: Definition
  onChange: OnDefinition
  face: Face
  onFace: (face: Face) => void
  /** The size of each condition, as far as it is known. */
  parts?: PartSize[]
  /** The sizes are of the draft before. */
  isOld?: boolean
  /** The key of the segment that is changed: it cannot look at itself. */
  ownKey?: string
}

const none: PartSize[] = []

export function DefinitionBuilder(props: DefinitionBuilderProps) {
  const { value, onChange, face, onFace, parts = none, isOld = false, ownKey } = props
  const formula = useFormula(value, onChange)
  return (
    <div className={classes.builder}>
      <div className={classes.faces} role="group" aria-label="How it is shown">
        {faces.map((one) => (
          <button
            key={one}
            type="button"
            className={classes.face}
            aria-pressed={one === face}
            onClick={() => onFace(one)}
          >
            {faceWords[one]}
            {one === 'formula' && formula.unread !== null && (
              <span className={classes.unread}> not read yet</span>
            )}
          </button>
        ))}
      </div>
      {face === 'sentence' && <DefinitionSentence {...{ value, onChange, parts, isOld, ownKey }} />}
      {face === 'formula' && <FormulaFace formula={formula} />}
      {face === 'sql' && <SqlFace definition={value} />}
    </div>
  )
}
