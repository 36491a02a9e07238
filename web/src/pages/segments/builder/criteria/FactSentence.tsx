// "are customers whose plan is pro", "may be written to by e-mail for marketing"
import type { Fact, FactCriterion } from '@/api/definitionTypes'
import { Part } from '@/pages/ask/sentence/Part'
import { HeldPart } from '../parts/HeldPart'
import { FactOps } from '../parts/FactOps'
import { PermissionPart } from '../parts/PermissionPart'
import { SegmentPart } from '../parts/SegmentPart'
import { factTestWords } from '../words'
import type { CriterionProps } from './criterion'

export function FactSentence(props: CriterionProps<FactCriterion>) {
  const { criterion, denied } = props
  const { fact } = criterion
  switch (fact.of) {
    case 'permission':
      if (isYes(criterion)) return <PermissionPart fact={fact} {...props} />
      break
    case 'segment':
      if (isIn(criterion)) return <SegmentPart fact={fact} {...props} />
      break
    case 'holding':
      if (criterion.op === 'at_least') return <HeldPart {...{ fact }} {...props} />
  }
  return (
    <>
      {denied ? 'are not customers whose ' : 'are customers whose '}
      <TestPart {...props} />
    </>
  )
}

const saysOnly = (criterion: FactCriterion, value: string) =>
  criterion.op === 'is' && criterion.values.length === 1 && criterion.values[0] === value
const isYes = (criterion: FactCriterion) => saysOnly(criterion, 'yes')
const isIn = (criterion: FactCriterion) => saysOnly(criterion, 'in')

export interface SpecialProps<Of extends Fact['of']> extends CriterionProps<FactCriterion> {
  fact: Extract<Fact, { of: Of }>
}

/** One word for all of it: what is known, how it is compared, with what. */
function TestPart({ criterion, onChange }: CriterionProps<FactCriterion>) {
  return (
    <Part words={factTestWords(criterion)} label="Change this condition" width={340}>
      {(close) => (
        <FactOps
          fact={criterion.fact}
          given={criterion}
          onDone={(next) => {
            onChange(next)
            close()
          }}
        />
      )}
    </Part>
  )
}
