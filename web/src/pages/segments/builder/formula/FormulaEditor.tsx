// Where is a formula typed? Loaded when somebody looks at it.
import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  pickedCompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { PostgreSQL, SQLDialect } from '@codemirror/lang-sql'
import { bracketMatching, syntaxHighlighting } from '@codemirror/language'
import { Annotation, EditorState, Prec } from '@codemirror/state'
import { drawSelection, EditorView, keymap, placeholder } from '@codemirror/view'
import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useEffect, useId, useImperativeHandle, useRef, type Ref } from 'react'
import { seenEventsQuery, seenTraitsQuery } from '@/api/catalogueQueries'
import { segmentsQuery } from '@/api/segmentQueries'
import { countShort } from '@/kit/number'
import { colours, look } from '@/pages/sql/editor/look'
import { setWrong, wrong as wrongField } from '@/pages/sql/editor/wrong'
import { quotedBefore, words, type QuotedOf } from './offers'
import classes from '../builder.module.css'

export interface FormulaHandle {
  /** Takes the keyboard there. */
  goTo: (at: number) => void
}

export interface FormulaEditorProps {
  text: string
  /** From where to where is wrong, in characters. */
  wrong: { from: number; to: number } | null
  onChange: (text: string) => void
  ref?: Ref<FormulaHandle>
}

export default function FormulaEditor(props: FormulaEditorProps) {
  const { text, wrong, ref } = props
  const box = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const latest = useRef(props)
  const hint = useId()
  const client = useQueryClient()

  useEffect(() => {
    latest.current = props
  })
  useEffect(() => {
    const made = createEditor({
      parent: box.current!,
      text: latest.current.text,
      describedBy: hint,
      seen: seenBy(client),
      onChange: (next) => latest.current.onChange(next),
    })
    view.current = made
    return () => made.destroy()
  }, [hint, client])

  useEffect(() => {
    const made = view.current
    if (!made || made.state.doc.toString() === text) return
    made.dispatch({
      changes: { from: 0, to: made.state.doc.length, insert: text },
      annotations: fromOutside.of(true),
    })
  }, [text])

  const [from, to] = [wrong?.from ?? 0, wrong?.to ?? 0]
  useEffect(() => {
    const made = view.current
    if (!made) return
    const fits = to > from && to <= made.state.doc.length ? { from, to } : null
    made.dispatch({ effects: setWrong.of(fits) })
  }, [from, to, text])

  useImperativeHandle(ref, () => ({
    goTo: (at) => {
      const made = view.current
      if (!made) return
      made.dispatch({ selection: { anchor: Math.min(at, made.state.doc.length) } })
      made.focus()
    },
  }))

  return (
    <div className={classes.editor}>
      <p id={hint} className="visually-hidden">
        Names are offered while you type: arrow keys and Enter take one. Tab leaves the editor.
      </p>
      <div ref={box} />
    </div>
  )
}

/** The text was put there by the page and not typed. */
const fromOutside = Annotation.define<boolean>()

const dialect = SQLDialect.define({
  ...PostgreSQL.spec,
  keywords: 'and or not in is known between starts ends with contains has true false all any none',
  types: words
    .map(({ label }) => label)
    .filter((label) => /^[a-z_]+$/.test(label))
    .join(' '),
})

interface EditorWishes {
  parent: HTMLElement
  text: string
  describedBy: string
  seen: Seen
  onChange: (text: string) => void
}

function createEditor({ parent, text, describedBy, seen, onChange }: EditorWishes): EditorView {
  const state = EditorState.create({
    doc: text,
    extensions: [
      [drawSelection(), history(), bracketMatching(), closeBrackets()],
      [dialect.language, syntaxHighlighting(colours), look, wrongField],
      autocompletion({ override: [inQuotes(seen), anywhere], icons: false }),
      Prec.high(keymap.of([{ key: 'Tab', run: acceptCompletion }])),
      keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
      EditorView.lineWrapping,
      placeholder("did('Order Completed', last => '30 days')"),
      EditorView.contentAttributes.of({
        'aria-label': 'Formula',
        'aria-describedby': describedBy,
        tabindex: '0',
      }),
      EditorView.updateListener.of((update) => {
        const isOwn = !update.transactions.some((one) => one.annotation(fromOutside))
        if (update.docChanged && isOwn) onChange(update.state.doc.toString())
      }),
    ],
  })
  return new EditorView({ parent, state })
}

type Seen = Record<QuotedOf, () => Promise<{ name: string; detail: string }[]>>

/** Asked when they are needed for the first time; without an answer nothing is offered. */
function seenBy(client: QueryClient): Seen {
  const nothing = () => []
  return {
    event: () =>
      client
        .ensureQueryData(seenEventsQuery)
        .then(
          ({ events }) =>
            events.map(({ name, n_events }) => ({ name, detail: countShort(n_events) })),
          nothing,
        ),
    trait: () =>
      client
        .ensureQueryData(seenTraitsQuery)
        .then(
          ({ traits }) => traits.map(({ key, kind }) => ({ name: key, detail: kind })),
          nothing,
        ),
    segment: () =>
      client
        .ensureQueryData(segmentsQuery)
        .then(
          ({ items }) => items.map(({ key, n }) => ({ name: key, detail: countShort(n) })),
          nothing,
        ),
  }
}

const LOOKED_BACK = 2_000

function inQuotes(seen: Seen) {
  return (context: CompletionContext) => {
    const from = Math.max(0, context.pos - LOOKED_BACK)
    const quoted = quotedBefore(context.state.sliceDoc(from, context.pos))
    if (!quoted) return null
    return seen[quoted.of]().then((names): CompletionResult => ({
      from: context.pos - quoted.typed.length,
      options: names.map(({ name, detail }) => ({ label: name, detail, apply: closed(name) })),
      validFor: /^[^']*$/,
    }))
  }
}

/** Puts the whole text in, with its closing quote, and goes on after it. */
function closed(name: string) {
  const text = `${name.replaceAll("'", "''")}'`
  return (view: EditorView, chosen: Completion, from: number, to: number) => {
    const isClosed = view.state.sliceDoc(to, to + 1) === "'"
    view.dispatch({
      changes: { from, to: isClosed ? to + 1 : to, insert: text },
      selection: { anchor: from + text.length },
      annotations: pickedCompletion.of(chosen),
      userEvent: 'input.complete',
    })
  }
}

function anywhere(context: CompletionContext): CompletionResult | null {
  const word = context.matchBefore(/\w+/)
  if (!word && !context.explicit) return null
  const before = context.state.sliceDoc(0, context.pos)
  if ((before.match(/'/g)?.length ?? 0) % 2 === 1) return null
  const options = words.map(({ label, detail, apply }) => ({ label, detail, apply }))
  return { from: word?.from ?? context.pos, options, validFor: /^\w*$/ }
}
