// Which way of several? Small buttons in a row, one of them pressed.
import sentence from '@/pages/ask/sentence/sentence.module.css'

interface WaysProps<Key extends string> {
  label: string
  ways: readonly { key: Key; words: string }[]
  chosen: Key
  onChoose: (key: Key) => void
}

export function Ways<Key extends string>({ label, ways, chosen, onChoose }: WaysProps<Key>) {
  return (
    <div className={sentence.ops} role="group" aria-label={label}>
      {ways.map(({ key, words }) => (
        <button key={key} type="button" aria-pressed={key === chosen} onClick={() => onChoose(key)}>
          {words}
        </button>
      ))}
    </div>
  )
}
