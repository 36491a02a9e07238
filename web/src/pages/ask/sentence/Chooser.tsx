// Which one of these? A list that narrows down as one types.
import { useId, useState, type KeyboardEvent } from 'react'
import { Icon } from '@/kit'
import classes from './sentence.module.css'

export interface Option {
  key: string
  label: string
  /** How often it was seen, what it is like. */
  note?: string
  group?: string
}

interface ChooserProps {
  label: string
  placeholder?: string
  options: Option[]
  /** What is chosen now. */
  chosen?: string[]
  onChoose: (key: string) => void
  busy?: boolean
  /** Why there is nothing to choose from. */
  nothing?: string
  /** What is typed may be chosen as it is. */
  free?: (typed: string) => string
  /** More than these are looked for elsewhere. */
  onTyped?: (typed: string) => void
}

const SHOWN_MAX = 200

export function Chooser(props: ChooserProps) {
  const { label, placeholder, options, chosen = [], onChoose, busy, nothing, free } = props
  const [typed, setTyped] = useState('')
  const [wanted, setWanted] = useState(0)
  const id = useId()
  const found = narrowed(options, typed)
  const extra = free && typed.trim() && !options.some((option) => option.key === typed.trim())
  const shown: Option[] = [
    ...found.slice(0, SHOWN_MAX),
    ...(extra ? [{ key: typed.trim(), label: free(typed.trim()) }] : []),
  ]
  const at = Math.min(wanted, shown.length - 1)

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && shown.length > 0) {
      event.preventDefault()
      setWanted((at + step + shown.length) % shown.length)
    } else if (event.key === 'Enter' && shown[at]) {
      event.preventDefault()
      onChoose(shown[at].key)
    }
  }

  return (
    <div className={classes.chooser}>
      <div className={classes.search}>
        <Icon name="search" size={14} />
        <input
          role="combobox"
          aria-expanded
          aria-controls={id}
          aria-activedescendant={shown[at] ? `${id}-${at}` : undefined}
          aria-label={label}
          placeholder={placeholder ?? 'Type to find'}
          value={typed}
          data-autofocus
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setWanted(0)
            setTyped(event.currentTarget.value)
            props.onTyped?.(event.currentTarget.value.trim())
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      {shown.length === 0 && (
        <p className={classes.nothing}>
          {busy
            ? 'Looking…'
            : typed
              ? `Nothing is called “${typed}”.`
              : (nothing ?? 'Nothing yet.')}
        </p>
      )}
      <ul id={id} role="listbox" aria-label={label} className={classes.options}>
        {shown.map((option, i) => (
          <Line
            key={option.key}
            id={`${id}-${i}`}
            option={option}
            head={option.group === shown[i - 1]?.group ? undefined : option.group}
            active={i === at}
            chosen={chosen.includes(option.key)}
            onHover={() => setWanted(i)}
            onChoose={() => onChoose(option.key)}
          />
        ))}
      </ul>
    </div>
  )
}

interface LineProps {
  id: string
  option: Option
  head: string | undefined
  active: boolean
  chosen: boolean
  onHover: () => void
  onChoose: () => void
}

function Line({ id, option, head, active, chosen, onHover, onChoose }: LineProps) {
  return (
    <>
      {head && (
        <li role="presentation" className={classes.optionHead}>
          {head}
        </li>
      )}
      <li
        id={id}
        role="option"
        aria-selected={chosen}
        data-active={active || undefined}
        className={classes.option}
        onMouseDown={(event) => event.preventDefault()}
        onMouseMove={onHover}
        onClick={onChoose}
        ref={active ? intoList : undefined}
      >
        <bdi className={classes.optionLabel}>{option.label}</bdi>
        {option.note && <span className={classes.optionNote}>{option.note}</span>}
        {chosen && <Icon name="check" size={14} />}
      </li>
    </>
  )
}

/** Scrolls the list and never the page: a list that is not placed yet stands at the page's top. */
function intoList(element: HTMLLIElement | null) {
  const list = element?.parentElement
  if (!element || !list) return
  const [own, around] = [element.getBoundingClientRect(), list.getBoundingClientRect()]
  if (own.top < around.top) list.scrollTop -= around.top - own.top
  else if (own.bottom > around.bottom) list.scrollTop += own.bottom - around.bottom
}

/** Those with every typed word in them; those that begin with it first. */
function narrowed(options: Option[], typed: string): Option[] {
  const words = typed.trim().toLowerCase().split(/\s+/).filter(Boolean)
  const [first] = words
  if (!first) return options
  const fit = options.filter((option) => {
    const text = option.label.toLowerCase()
    return words.every((word) => text.includes(word))
  })
  const begins = (option: Option) => (option.label.toLowerCase().startsWith(first) ? 0 : 1)
  return fit.sort((a, b) => begins(a) - begins(b))
}
