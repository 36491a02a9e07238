// May we write to them, for what, and how?
import { PickPart } from '@/pages/ask/sentence/PickPart'
import type { SpecialProps } from '../criteria/FactSentence'
import { fact as factWith } from '../starts'
import { channelWords } from '../words'

const channels = ['email', 'sms', 'push', 'phone', 'post']
const purposes = ['marketing', 'product news', 'surveys']

export function PermissionPart({ fact, denied, onChange }: SpecialProps<'permission'>) {
  const set = (change: { purpose?: string; channel?: string }) =>
    onChange(factWith({ ...fact, ...change }, { op: 'is', values: ['yes'] }))
  return (
    <>
      {denied ? 'may not be written to ' : 'may be written to '}
      <PickPart
        label="Change how"
        words={`by ${channelWords(fact.channel)}`}
        choices={withOwn(channels, fact.channel).map((key) => ({
          key,
          words: `by ${channelWords(key)}`,
        }))}
        chosen={fact.channel}
        onChange={(channel) => set({ channel })}
      />
      {' for '}
      <PickPart
        label="Change for what"
        words={fact.purpose}
        choices={withOwn(purposes, fact.purpose).map((key) => ({ key, words: key }))}
        chosen={fact.purpose}
        onChange={(purpose) => set({ purpose })}
      />
    </>
  )
}

const withOwn = (usual: string[], own: string) => (usual.includes(own) ? usual : [...usual, own])
