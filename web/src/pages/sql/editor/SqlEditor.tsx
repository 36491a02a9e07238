// Where is a query written? Loaded on the SQL page only.
import type { EditorView } from '@codemirror/view'
import { useEffect, useId, useImperativeHandle, useRef, type Ref } from 'react'
import classes from '../sql.module.css'
import type { Seen } from '../seen'
import type { SqlSchema } from '../types'
import { createEditor } from './create'
import { setWrong } from './wrong'

export interface EditorHandle {
  /** Puts a text where the cursor is, or in place of what is selected. */
  insert: (text: string) => void
  /** Takes the keyboard there. */
  goTo: (at: number) => void
}

/** A text that came from elsewhere: an example, a saved query, the address. */
export interface Loaded {
  text: string
  /** Counts how often one came. */
  n: number
}

export interface SqlEditorProps {
  /** What to begin with; what is typed then is told by `onChange` and not put back. */
  loaded: Loaded
  schema: SqlSchema | undefined
  seen: Seen
  /** From where to where is wrong, in characters. */
  wrong: { from: number; to: number } | null
  onChange: (text: string) => void
  onRun: () => void
  onLeave: () => void
  ref?: Ref<EditorHandle>
}

export default function SqlEditor(props: SqlEditorProps) {
  const { loaded, wrong, ref } = props
  const box = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const latest = useRef(props)
  const hint = useId()

  useEffect(() => {
    latest.current = props
  })
  useEffect(() => {
    const made = createEditor({
      parent: box.current!,
      text: latest.current.loaded.text,
      label: 'SQL query',
      describedBy: hint,
      schema: () => latest.current.schema,
      seen: {
        events: () => latest.current.seen.events(),
        fields: () => latest.current.seen.fields(),
      },
      onChange: (next) => latest.current.onChange(next),
      onRun: () => latest.current.onRun(),
      onLeave: () => latest.current.onLeave(),
    })
    view.current = made
    return () => made.destroy()
  }, [hint])

  useEffect(() => {
    const made = view.current
    if (!made || made.state.doc.toString() === loaded.text) return
    made.dispatch({ changes: { from: 0, to: made.state.doc.length, insert: loaded.text } })
  }, [loaded])

  useEffect(() => {
    const made = view.current
    if (!made) return
    const fits = wrong && wrong.to <= made.state.doc.length ? wrong : null
    made.dispatch({ effects: setWrong.of(fits) })
  }, [wrong])

  useImperativeHandle(ref, () => ({
    insert: (piece) => view.current && insertAt(view.current, piece),
    goTo: (at) => {
      const made = view.current
      if (!made) return
      made.dispatch({
        selection: { anchor: Math.min(at, made.state.doc.length) },
        scrollIntoView: true,
      })
      made.focus()
    },
  }))

  return (
    <div className={classes.editor}>
      <p id={hint} className="visually-hidden">
        Control and Enter run the query. Tab indents; Escape leaves the editor.
      </p>
      <div ref={box} className={classes.editorBox} />
    </div>
  )
}

function insertAt(view: EditorView, piece: string) {
  const { from, to } = view.state.selection.main
  const before = view.state.sliceDoc(from - 1, from)
  const text = /[\w)"]/.test(before) && /^\w/.test(piece) ? ` ${piece}` : piece
  view.dispatch({
    changes: { from, to, insert: text },
    selection: { anchor: from + text.length },
    scrollIntoView: true,
  })
  view.focus()
}
