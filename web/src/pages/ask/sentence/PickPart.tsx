// Which of a few fixed words?
import { Part } from './Part'
import classes from './sentence.module.css'

interface PickPartProps<Key extends string | number> {
  label: string
  words: string
  choices: { key: Key; words: string }[]
  chosen: Key
  quiet?: boolean
  after?: string
  onChange: (key: Key) => void
}

export function PickPart<Key extends string | number>(props: PickPartProps<Key>) {
  const { label, words, choices, chosen, quiet, onChange } = props
  return (
    <Part words={words} label={label} quiet={quiet} after={props.after} width={260}>
      {(close) => (
        <ul className={classes.presets}>
          {choices.map((choice) => (
            <li key={choice.key}>
              <button
                type="button"
                className={classes.preset}
                aria-pressed={choice.key === chosen}
                onClick={() => {
                  onChange(choice.key)
                  close()
                }}
              >
                {choice.words}
              </button>
            </li>
          ))}
        </ul>
      )}
    </Part>
  )
}
