// How is the dialog of notes opened from within a page?
import { createContext } from 'react'

/** Null where nobody may read notes: on pages for strangers. */
export const NotesOpener = createContext<(() => void) | null>(null)
