// What did people note beside days?
import { queryOptions } from '@tanstack/react-query'
import { answer, api } from './client'
import type { components } from './schema'

export type Note = components['schemas']['Note']
type NoteDraft = components['schemas']['NoteDraft']
type NoteChange = components['schemas']['NoteChange']

export const notesQuery = queryOptions({
  queryKey: ['notes'],
  queryFn: () => answer(api.GET('/api/notes')),
})

const at = (id: string) => ({ params: { path: { id } } })

export const writeNote = (body: NoteDraft) => answer(api.POST('/api/notes', { body }))

export const changeNote = (id: string, body: NoteChange) =>
  answer(api.PUT('/api/notes/{id}', { ...at(id), body }))

export const deleteNote = (id: string) => answer(api.DELETE('/api/notes/{id}', at(id)))
