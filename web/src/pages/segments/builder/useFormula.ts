// What is typed as a formula, and which definition does the engine read in it?
import { useDebouncedCallback } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { Definition } from '@/api/definitionTypes'
import { readDefinition, readDefinitionQuery } from '@/api/segmentQueries'
import { nodeOf } from './shape'

/** The engine is asked once somebody stops typing. */
const SETTLE_MS = 250

interface Typed {
  text: string
  /** The tree that was read in it; null while nothing could be. */
  read: string | null
  /** The tree that stood there before, until what was read has taken its place. */
  before: string | null
  trouble: unknown
}

export interface Formula {
  /** What is typed, else the definition as the engine writes it; null until it is known. */
  text: string | null
  /** A text that could not be read (yet), and is no part of the definition. */
  unread: string | null
  /** Why the text could not be read. */
  trouble: unknown
  /** Why the definition could not be written as a formula. */
  unwritten: unknown
  type: (text: string) => void
  /** Back to the definition as it is. */
  forget: () => void
}

/** Also says whether it was typed, where each letter would be a step of its own. */
export type OnDefinition = (definition: Definition, isTyped?: boolean) => void

export function useFormula(value: Definition, onChange: OnDefinition): Formula {
  const [typed, setTyped] = useState<Typed | null>(null)
  const own = JSON.stringify(value.who)
  const shown = shownOf(typed, own)
  if (typed?.read === own && typed.before !== null) setTyped({ ...typed, before: null })
  const written = useQuery({ ...readDefinitionQuery(value), enabled: shown === null })
  const whole = written.isPlaceholderData ? undefined : written.data
  const latest = useRef('')
  const current = useRef({ value, onChange })
  useEffect(() => {
    current.current = { value, onChange }
  })

  // The draft that is typed over, and the one that was read and is on its way: where another one
  // has come from elsewhere meanwhile, what was typed is not for it.
  const over = useRef<string[]>([])
  const read = useDebouncedCallback(async (text: string) => {
    try {
      const { definition } = await readDefinition({ formula: text })
      if (latest.current !== text) return
      const { value: now, onChange: tell } = current.current
      // As an address gives it back: the same tree has the same text then.
      const who = nodeOf(definition.who) ?? definition.who
      const [next, before] = [JSON.stringify(who), JSON.stringify(now.who)]
      if (!over.current.includes(before)) return setTyped(null)
      over.current = [before, next]
      setTyped({ text, read: next, before, trouble: null })
      if (next !== before) tell({ ...now, who }, true)
    } catch (trouble) {
      if (latest.current === text) setTyped({ text, read: null, before: null, trouble })
    }
  }, SETTLE_MS)

  return {
    text: shown?.text ?? whole?.formula ?? null,
    unread: shown?.read === null ? shown.text : null,
    trouble: shown?.trouble ?? null,
    unwritten: shown ? null : written.error,
    type: (text) => {
      latest.current = text
      if (over.current[0] !== own) over.current = [own]
      setTyped({ text, read: null, before: null, trouble: null })
      read(text)
    },
    forget: () => {
      latest.current = ''
      setTyped(null)
    },
  }
}

/** What was typed counts until the definition is changed elsewhere; what was not read is kept. */
function shownOf(typed: Typed | null, own: string): Typed | null {
  if (typed === null || typed.read === null) return typed
  return typed.read === own || typed.before === own ? typed : null
}
