// Which sentence does a condition have?
import type { Criterion } from '@/api/definitionTypes'
import { BehaviourSentence } from './criteria/BehaviourSentence'
import { FactSentence } from './criteria/FactSentence'
import { InOrderSentence } from './criteria/InOrderSentence'
import { NotFollowedSentence } from './criteria/NotFollowedSentence'
import { ShareSentence } from './criteria/ShareSentence'
import { ValueSentence } from './criteria/ValueSentence'
import type { CriterionProps } from './criteria/criterion'

/** "The same" has conditions inside and is drawn as a group. */
type Plain = Exclude<Criterion, { is: 'same' }>

export function CriterionSentence({ criterion, ...rest }: CriterionProps<Plain>) {
  switch (criterion.is) {
    case 'behaviour':
      return <BehaviourSentence criterion={criterion} {...rest} />
    case 'fact':
      return <FactSentence criterion={criterion} {...rest} />
    case 'value':
      return <ValueSentence criterion={criterion} {...rest} />
    case 'in_order':
      return <InOrderSentence criterion={criterion} {...rest} />
    case 'not_followed':
      return <NotFollowedSentence criterion={criterion} {...rest} />
    case 'share':
      return <ShareSentence criterion={criterion} {...rest} />
  }
}
