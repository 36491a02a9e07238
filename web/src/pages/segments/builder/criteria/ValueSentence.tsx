// "are customers whose last category in Product Viewed in the last 30 days is Locks"
import type { ValueTest } from '@/api/definitionTypes'
import type { EventTest, TestOp } from '@/api/insightTypes'
import { fieldWords, tested } from '@/kit/chart/words'
import { FieldPart } from '@/pages/ask/sentence/FieldPart'
import { Part } from '@/pages/ask/sentence/Part'
import { PickPart } from '@/pages/ask/sentence/PickPart'
import { TestForm } from '@/pages/ask/sentence/TestForm'
import { What } from '@/pages/ask/sentence/What'
import { WindowPart } from '../parts/WindowPart'
import type { CriterionProps } from './criterion'

const whichWords: Record<ValueTest['which'], string> = {
  first: 'first',
  last: 'last',
  most_frequent: 'most frequent',
}
const choices = (Object.keys(whichWords) as ValueTest['which'][]).map((key) => ({
  key,
  words: whichWords[key],
}))

export function ValueSentence({ criterion, denied, onChange }: CriterionProps<ValueTest>) {
  const { which, label, events, window } = criterion
  const set = (change: object) => onChange({ ...criterion, ...change } as ValueTest)
  return (
    <>
      {denied ? 'are not customers whose ' : 'are customers whose '}
      <PickPart
        label="Change which one"
        words={whichWords[which]}
        choices={choices}
        chosen={which}
        onChange={(which) => set({ which })}
      />{' '}
      <FieldPart
        words={fieldWords(label.field)}
        label="Change the property"
        event={events.events[0]}
        chosen={label.field}
        onChange={(field) => field && set({ label: { field, view: 'whole' } })}
      />
      {' in '}
      <What
        selection={events}
        label="Change the event"
        onChange={(events) => set({ events })}
      />{' '}
      <WindowPart window={window} onChange={(window) => set({ window })} />{' '}
      <Part words={tested('', criterion as TestOp).trim()} label="Change the value" width={340}>
        {(close) => (
          <TestForm
            event={events.events[0]}
            field={label.field}
            test={{ ...(criterion as TestOp), field: label.field, view: 'whole' }}
            onDone={(op) => {
              onChange(valueWith(criterion, op))
              close()
            }}
          />
        )}
      </Part>
    </>
  )
}

/** The same value compared otherwise: nothing of the comparison before stays. */
export function valueWith(
  { which, label, events, window }: Pick<ValueTest, 'which' | 'label' | 'events' | 'window'>,
  test: EventTest,
): ValueTest {
  const op = Object.entries(test).filter(([key]) => key !== 'field' && key !== 'view')
  return {
    ...{ is: 'value', which, label, events, window },
    ...(Object.fromEntries(op) as unknown as TestOp),
  } as ValueTest
}
