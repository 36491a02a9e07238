// Which things does the SQL page speak of? Short names for the generated schemas.
import type { components } from '@/api/schema'

type Schemas = components['schemas']

export type SqlColumn = Schemas['SqlColumn']
export type SqlAnswer = Schemas['SqlAnswer']
export type Cell = SqlAnswer['rows'][number][number]
export type SchemaTable = Schemas['SqlTable']
export type SchemaFunction = Schemas['SqlFunction']
export type SqlSchema = Schemas['SqlSchema']
/** Where other programs connect. */
export type SqlServer = Schemas['SqlServer']
export type SavedQuery = Schemas['SavedQuery']
export type QueryDraft = Schemas['SavedQueryDraft']

/** A place in a query, both counted from 1. */
export interface Place {
  line: number
  column: number
}
