// Where do I want to go? Pages, actions and any customer, found by typing.
import { Modal } from '@mantine/core'
import { useId, useState, type KeyboardEvent } from 'react'
import { Icon, type IconName } from '../Icon'
import classes from './CommandPalette.module.css'

export interface Command {
  id: string
  title: string
  detail?: string
  icon: IconName
  group: string
  run: () => void
}

interface CommandPaletteProps {
  opened: boolean
  onClose: () => void
  query: string
  onQuery: (query: string) => void
  commands: Command[]
  /** A search is on its way. */
  busy: boolean
  /** The search failed: why. */
  failure?: string
}

export function CommandPalette(props: CommandPaletteProps) {
  const { opened, onClose, query, onQuery, commands, busy, failure } = props
  return (
    <Modal.Root opened={opened} onClose={onClose} size={600} yOffset="12vh" padding={0}>
      <Modal.Overlay />
      <Modal.Content aria-label="Find a customer, a page or an action">
        <Finder
          {...{ query, onQuery, commands, busy, failure }}
          onRun={(command) => {
            onClose()
            command.run()
          }}
        />
      </Modal.Content>
    </Modal.Root>
  )
}

interface FinderProps extends Pick<
  CommandPaletteProps,
  'query' | 'onQuery' | 'commands' | 'busy' | 'failure'
> {
  onRun: (command: Command) => void
}

function Finder({ query, onQuery, commands, busy, failure, onRun }: FinderProps) {
  const [wanted, setWanted] = useState(0)
  const id = useId()
  const at = Math.min(wanted, commands.length - 1)

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && commands.length > 0) {
      event.preventDefault()
      setWanted((at + step + commands.length) % commands.length)
    } else if (event.key === 'Enter' && commands[at]) {
      event.preventDefault()
      onRun(commands[at])
    }
  }

  return (
    <div className={classes.finder}>
      <div className={classes.field}>
        <Icon name="search" size={16} />
        <input
          className={classes.input}
          role="combobox"
          aria-expanded
          aria-controls={id}
          aria-activedescendant={commands[at] ? `${id}-${at}` : undefined}
          aria-label="Find"
          placeholder="A name, e-mail, phone, id, or a page"
          value={query}
          data-autofocus
          autoFocus
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setWanted(0)
            onQuery(event.currentTarget.value)
          }}
          onKeyDown={onKeyDown}
        />
        {busy && <span className={classes.busy}>Searching…</span>}
      </div>
      {commands.length === 0 && (
        <p className={classes.nothing}>
          {failure ?? (busy ? 'Searching…' : `Nothing is called “${query}”.`)}
        </p>
      )}
      <ul id={id} role="listbox" aria-label="Found" className={classes.list}>
        {commands.map((command, i) => (
          <Option
            key={command.id}
            id={`${id}-${i}`}
            command={command}
            group={commands[i - 1]?.group === command.group ? null : command.group}
            selected={i === at}
            onHover={() => setWanted(i)}
            onRun={() => onRun(command)}
          />
        ))}
      </ul>
    </div>
  )
}

interface OptionProps {
  id: string
  command: Command
  group: string | null
  selected: boolean
  onHover: () => void
  onRun: () => void
}

function Option({ id, command, group, selected, onHover, onRun }: OptionProps) {
  return (
    <>
      {group && (
        <li role="presentation" className={classes.group}>
          {group}
        </li>
      )}
      <li
        id={id}
        role="option"
        aria-selected={selected}
        className={classes.option}
        data-group={command.group}
        onMouseMove={onHover}
        onClick={onRun}
        ref={(element) => {
          if (selected) element?.scrollIntoView({ block: 'nearest' })
        }}
      >
        <Icon name={command.icon} size={16} />
        <span className={classes.title}>
          <bdi>{command.title}</bdi>
        </span>
        {command.detail && <span className={classes.detail}>{command.detail}</span>}
      </li>
    </>
  )
}
