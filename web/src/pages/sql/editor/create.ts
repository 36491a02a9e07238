// What is the editor made of?
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
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { PostgreSQL, schemaCompletionSource, SQLDialect } from '@codemirror/lang-sql'
import {
  bracketMatching,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
  syntaxTree,
} from '@codemirror/language'
import { EditorState, Prec } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  placeholder,
} from '@codemirror/view'
import type { Seen } from '../seen'
import type { SqlSchema } from '../types'
import { colours, look } from './look'
import { keywords, offers, wantsTable } from './offers'
import { fieldsWithin, quotedBefore, type FieldOffer } from './quoted'
import { wrong } from './wrong'

/** As PostgreSQL, but only what is a word of the language stands out: `name`, `month` are names. */
const dialect = SQLDialect.define({
  ...PostgreSQL.spec,
  keywords: [...new Set(keywords.join(' ').toLowerCase().split(' '))].join(' '),
  types:
    'bigint boolean date double integer interval numeric real smallint text timestamp timestamptz varchar',
})

export interface EditorWishes {
  parent: HTMLElement
  text: string
  label: string
  describedBy: string
  schema: () => SqlSchema | undefined
  seen: Seen
  onChange: (text: string) => void
  onRun: () => void
  /** Esc: whoever works by keyboard goes on from here. */
  onLeave: () => void
}

export function createEditor(wishes: EditorWishes): EditorView {
  const { parent, text, label, describedBy, schema, seen, onChange, onRun, onLeave } = wishes
  const run = () => {
    onRun()
    return true
  }
  const leave = () => {
    onLeave()
    return true
  }
  const keys = [
    { key: 'Mod-Enter', run },
    { key: 'Tab', run: acceptCompletion },
    { key: 'Escape', run: leave },
  ]
  const state = EditorState.create({
    doc: text,
    extensions: [
      [lineNumbers(), highlightActiveLineGutter(), drawSelection(), history()],
      [indentOnInput(), indentUnit.of('  '), bracketMatching(), closeBrackets()],
      [dialect.language, syntaxHighlighting(colours), look, wrong],
      autocompletion({
        override: [inQuotes(seen), afterDot(schema), anywhere(schema)],
        icons: false,
      }),
      Prec.high(keymap.of(keys)),
      keymap.of([...closeBracketsKeymap, ...completionKeymap]),
      keymap.of([...historyKeymap, ...defaultKeymap, indentWithTab]),
      EditorView.lineWrapping,
      placeholder('SELECT …'),
      EditorView.contentAttributes.of({
        'aria-label': label,
        'aria-describedby': describedBy,
        tabindex: '0',
      }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) onChange(update.state.doc.toString())
      }),
    ],
  })
  return new EditorView({ parent, state })
}

/** Columns after "events." or after another name of a table. */
function afterDot(schema: EditorWishes['schema']) {
  return (context: CompletionContext) => {
    if (!context.matchBefore(/[\w"]+\.\w*/)) return null
    const tables = (schema()?.tables ?? []).map((table): [string, object[]] => [
      table.name,
      table.columns.map(({ name, type, note }) => ({
        label: name,
        type: 'property',
        detail: type,
        info: note || undefined,
      })),
    ])
    const source = schemaCompletionSource({
      dialect,
      schema: Object.fromEntries(tables) as Record<string, []>,
    })
    return source(context)
  }
}

/** Names of events and of fields, as they were seen in the data. */
function inQuotes(seen: Seen) {
  return (context: CompletionContext) => {
    const from = Math.max(0, context.pos - LOOKED_BACK)
    const quoted = quotedBefore(context.state.sliceDoc(from, context.pos))
    if (!quoted) return null
    const offered =
      quoted.is === 'event'
        ? seen.events().then((names) => names.map(eventOffer))
        : seen.fields().then((fields) => fieldsWithin(fields, quoted).map(fieldOffer))
    return offered.then((options): CompletionResult => ({
      from: context.pos - quoted.typed.length,
      options,
      validFor: /^[^']*$/,
    }))
  }
}

const LOOKED_BACK = 400
const eventOffer = (name: string) => ({ label: name, apply: closed(name) })
const fieldOffer = ({ name, detail }: FieldOffer) => ({
  label: name,
  detail,
  apply: closed(name),
})

/** Puts the whole text in, with its closing quote, and goes on after it. */
function closed(name: string) {
  const text = `${name.replaceAll("'", "''")}'`
  return (view: EditorView, chosen: Completion, from: number, to: number) => {
    const isClosed = view.state.sliceDoc(to, to + 1) === "'"
    view.dispatch({
      changes: { from, to: isClosed ? to + 1 : to, insert: text },
      selection: { anchor: from + text.length },
      annotations: pickedCompletion.of(chosen),
    })
  }
}

function anywhere(schema: EditorWishes['schema']) {
  return (context: CompletionContext): CompletionResult | null => {
    const known = schema()
    const word = context.matchBefore(/\w+/)
    if (!known || (!word && !context.explicit)) return null
    const from = word?.from ?? context.pos
    if (context.state.sliceDoc(from - 1, from) === '.') return null
    const inside = syntaxTree(context.state).resolveInner(context.pos, -1).name
    if (/String|Comment|QuotedIdentifier|Number/.test(inside)) return null
    const tablesFirst = wantsTable(context.state.sliceDoc(Math.max(0, from - LOOKED_BACK), from))
    const options = offers(known, context.state.doc.toString(), tablesFirst)
    return { from, options, validFor: /^\w*$/ }
  }
}
