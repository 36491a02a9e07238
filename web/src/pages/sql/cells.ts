// How is a value of an answer written, and what kind of value is it?
import { absolute } from '@/kit/time'
import type { Cell, SqlColumn } from './types'

export type CellKind = 'number' | 'time' | 'json' | 'boolean' | 'text'

const numbers =
  /^(SMALLINT|INTEGER|BIGINT|NUMERIC|DECIMAL|REAL|DOUBLE( PRECISION)?|U?INT\d*|FLOAT\d*)(\(|$)/i
const times = /^TIMESTAMP/i

/** The kind of a column, by its type. Texts that hold JSON are told apart cell by cell. */
export function kindOf(type: string): CellKind {
  if (type.endsWith('[]')) return 'json'
  if (numbers.test(type)) return 'number'
  if (times.test(type)) return 'time'
  if (/^BOOL/i.test(type)) return 'boolean'
  return /^JSON/i.test(type) ? 'json' : 'text'
}

/** The object or list that a text holds; undefined where it is only a text. */
export function jsonIn(cell: Cell): object | undefined {
  if (typeof cell !== 'string' || !/^\s*[[{]/.test(cell)) return undefined
  try {
    const value: unknown = JSON.parse(cell)
    return value !== null && typeof value === 'object' ? value : undefined
  } catch {
    return undefined
  }
}

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 20, useGrouping: true })
const GROUPED_FROM = 10_000

/**
 * Whether thousands are set apart in a column. Not in ids, and not where nothing is as large: years
 * stay years.
 */
export function isGrouped(column: SqlColumn, cells: Cell[]): boolean {
  if (kindOf(column.type) !== 'number' || /(^|_)(id|number|year)$/i.test(column.name)) return false
  return cells.some((cell) => Math.abs(Number(cell)) >= GROUPED_FROM)
}

/** Every digit that the engine answered. */
export function numberText(cell: Cell, isGrouped: boolean): string {
  const plain = String(cell)
  if (!isGrouped || !/^-?\d+(\.\d+)?$/.test(plain)) return plain
  const [whole, fraction] = plain.split('.') as [string, string?]
  const thousands = grouped.format(BigInt(whole))
  const sign = plain.startsWith('-') && !thousands.startsWith('-') ? '-' : ''
  return sign + thousands + (fraction ? `.${fraction}` : '')
}

/** 2026-07-01 14:03:07.25: as it stands in the data, UTC, without what is zero at its end. */
export function timeText(cell: Cell): string {
  const parts = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)?(\.\d+)?(Z|[+-]00:?00)?$/.exec(String(cell))
  if (!parts) return String(cell)
  const [, day, minutes, seconds = '', fraction = ''] = parts
  const rest = fraction.replace(/\.?0+$/, '')
  const clock = minutes + (seconds && (seconds !== ':00' || rest) ? seconds + rest : '')
  return clock === '00:00' ? day! : `${day} ${clock}`
}

/** What a hover says of a time: the same moment in the viewer's zone. */
export function timeHover(cell: Cell): string {
  const at = new Date(String(cell))
  return Number.isNaN(at.getTime()) ? String(cell) : absolute(at)
}

/** Text that is one line, whatever was in it. */
export function oneLine(cell: Cell): string {
  return String(cell).replace(/\s+/g, ' ').trim()
}

/**
 * An answer read without losing digits: whole numbers too large for JavaScript stay as they were
 * written.
 */
export function readExactly(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text)
  type Reviver = (key: string, value: unknown, context?: { source: string }) => unknown
  const keep: Reviver = (_, value, context) =>
    typeof value === 'number' &&
    !Number.isSafeInteger(value) &&
    /^-?\d+$/.test(context?.source ?? '')
      ? context!.source
      : value
  return JSON.parse(text, keep as (key: string, value: unknown) => unknown)
}
