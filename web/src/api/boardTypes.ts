// Which words do boards and their cards have? Short names for the schemas.
import type { components } from './schema'

type Schemas = components['schemas']

export type Board = Schemas['Board']
export type BoardChange = Schemas['BoardChange']
export type BoardLine = Schemas['BoardLine']
export type BoardTemplate = Schemas['BoardTemplate']
export type NewBoard = Schemas['NewBoard']
export type Card = Schemas['Card']
export type CardAsk = Schemas['CardAsk']
export type CardChart = Schemas['CardChart']
export type CardLook = Schemas['CardLook']
export type MetricAsk = Schemas['MetricAsk']
