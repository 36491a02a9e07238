// "have Product Viewed, then Product Added within 1 hour, the first in the last 7 days"
import type { InOrder } from '@/api/definitionTypes'
import { QuietButton } from '@/kit'
import { EventPart } from '@/pages/ask/sentence/EventPart'
import { What } from '@/pages/ask/sentence/What'
import { LabelPart } from '../parts/LabelPart'
import { LengthPart } from '../parts/LengthPart'
import { WindowPart } from '../parts/WindowPart'
import { anyEvent } from '../starts'
import type { CriterionProps } from './criterion'

const STEPS_MAX = 6

export function InOrderSentence({ criterion, denied, onChange }: CriterionProps<InOrder>) {
  const { steps, within, window, without, same } = criterion
  const set = (change: Partial<InOrder>) => onChange({ ...criterion, ...change })
  return (
    <>
      {denied ? 'do not have ' : 'have '}
      {steps.map((step, at) => (
        <span key={at}>
          {at > 0 && ', then '}
          <What
            selection={step}
            label={`Change step ${at + 1}`}
            onChange={(next) => set({ steps: steps.map((one, i) => (i === at ? next : one)) })}
          />
          {steps.length > 2 && (
            <QuietButton
              label={`Leave step ${at + 1} out`}
              onClick={() => set({ steps: steps.filter((_, i) => i !== at) })}
            >
              ×
            </QuietButton>
          )}
        </span>
      ))}{' '}
      {steps.length < STEPS_MAX && (
        <EventPart
          selection={null}
          empty="then…"
          label="Add a step"
          quiet
          onChange={(next) => set({ steps: [...steps, next] })}
        />
      )}{' '}
      <LengthPart
        words={`within ${within}`}
        label="Change within how long"
        length={within}
        onChange={(within) => set({ within })}
      />
      {', the first '}
      <WindowPart window={window} onChange={(window) => set({ window })} />
      {', '}
      <WithoutPart without={without} onChange={(without) => set({ without })} />{' '}
      <LabelPart same={same} events={steps[0] ?? anyEvent} onChange={(same) => set({ same })} />
    </>
  )
}

function WithoutPart({ without, onChange }: WithoutPartProps) {
  return (
    <>
      {without && 'without '}
      <EventPart
        selection={without}
        empty="without…"
        label="Change what may not come between"
        quiet={without === null}
        onChange={onChange}
        onRemove={without ? () => onChange(null) : undefined}
      />
      {without && ' in between'}
    </>
  )
}

interface WithoutPartProps {
  without: InOrder['without']
  onChange: (without: InOrder['without']) => void
}
