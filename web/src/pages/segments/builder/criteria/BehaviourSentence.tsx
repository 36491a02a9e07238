// "have Order Completed at least 2 times in the last 30 days"
import type { Behaviour } from '@/api/definitionTypes'
import { What } from '@/pages/ask/sentence/What'
import { NumberPart } from '../parts/NumberPart'
import { VerbPart } from '../parts/VerbPart'
import { WindowPart } from '../parts/WindowPart'
import { isValueMeasure } from '../words'
import type { CriterionProps } from './criterion'

export function BehaviourSentence({ criterion, denied, onChange }: CriterionProps<Behaviour>) {
  const { events, window, measure, number } = criterion
  const set = (change: Partial<Behaviour>) => onChange({ ...criterion, ...change })
  const what = (
    <What selection={events} label="Change the event" onChange={(events) => set({ events })} />
  )
  const howMany = (
    <NumberPart
      measure={measure}
      number={number}
      denied={denied}
      onChange={(number) => set({ number })}
    />
  )
  return (
    <>
      <VerbPart behaviour={criterion} denied={denied} onChange={onChange} />{' '}
      {isValueMeasure(measure) ? (
        <>
          {howMany} in {what}
        </>
      ) : (
        <>
          {what} {howMany}
        </>
      )}{' '}
      <WindowPart window={window} onChange={(window) => set({ window })} />
    </>
  )
}
