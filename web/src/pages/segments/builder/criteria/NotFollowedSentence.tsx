// "have Cart Viewed in the last 7 days without Order Completed in the 2 hours after"
import type { NotFollowed } from '@/api/definitionTypes'
import { What } from '@/pages/ask/sentence/What'
import { LabelPart } from '../parts/LabelPart'
import { LengthPart } from '../parts/LengthPart'
import { WindowPart } from '../parts/WindowPart'
import type { CriterionProps } from './criterion'

export function NotFollowedSentence({ criterion, denied, onChange }: CriterionProps<NotFollowed>) {
  const { first, by, within, window, same } = criterion
  const set = (change: Partial<NotFollowed>) => onChange({ ...criterion, ...change })
  return (
    <>
      {denied ? 'are not customers who have ' : 'have '}
      <What selection={first} label="Change the event" onChange={(first) => set({ first })} />{' '}
      <WindowPart window={window} onChange={(window) => set({ window })} />
      {' without '}
      <What selection={by} label="Change what did not follow" onChange={(by) => set({ by })} />
      {' in the '}
      <LengthPart
        words={within}
        label="Change within how long"
        length={within}
        onChange={(within) => set({ within })}
      />
      {' after, '}
      <LabelPart same={same} events={first} onChange={(same) => set({ same })} />
    </>
  )
}
