// How is the place of an error shown in the text, until somebody changes it?
import { StateEffect, StateField } from '@codemirror/state'
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view'

export const setWrong = StateEffect.define<{ from: number; to: number } | null>()

const mark = Decoration.mark({ class: 'cm-wrong', attributes: { 'aria-invalid': 'true' } })

export const wrong = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(shown, change) {
    for (const effect of change.effects) {
      if (!effect.is(setWrong)) continue
      const range = effect.value
      if (!range || range.from >= range.to) return Decoration.none
      return Decoration.set([mark.range(range.from, Math.min(range.to, change.newDoc.length))])
    }
    return change.docChanged ? Decoration.none : shown
  },
  provide: (field) => EditorView.decorations.from(field),
})
