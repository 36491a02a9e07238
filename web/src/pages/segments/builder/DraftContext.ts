// What do all parts of a definition's sentence share? The draft, its sizes, the way to change it.
import { createContext, useContext } from 'react'
import type { Node } from '@/api/definitionTypes'
import type { PartSize } from '@/api/segmentTypes'

export interface Drafted {
  root: Node
  /** Sizes of conditions by their place: "who.of[0]". */
  sizes: Map<string, PartSize['n']>
  /** The sizes are of the draft before. */
  isOld: boolean
  /** The segment that is being defined cannot look at itself. */
  ownKey: string | undefined
  /** Puts another tree in place of this one. */
  edit: (change: (root: Node) => Node) => void
}

export const DraftContext = createContext<Drafted | null>(null)

export function useDraft(): Drafted {
  const draft = useContext(DraftContext)
  if (!draft) throw new Error('a part of a definition stands outside of its sentence')
  return draft
}
