// What becomes of answers on their way to the engine? They are sent in order and in the
// background; what fails is kept, shown and tried again, also after a reload.
import { ApiFailure } from '@/api/client'
import type { Verdict } from './wire'

/** An answer to a pair, or that an earlier answer is taken back. */
export interface Answer {
  pair: string
  says: Verdict | 'undo'
  /** Who the two are, should it have to be told. */
  words: string
}

/** An answer that the engine will not take, however often it is sent. */
export interface Refused {
  answer: Answer
  why: string
}

export interface OutboxState {
  waiting: Answer[]
  /** Why the first of them did not get through, while that is so. */
  failure: string | null
  refused: Refused[]
}

/** Sends answers of one sort; says for each why it was not taken, or null. */
export type Send = (answers: Answer[]) => Promise<(string | null)[]>

/** A place that outlives the page; that of the browser, or another one in tests. */
export type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

const RETRY_MS_MIN = 1_000
const RETRY_MS_MAX = 30_000
/** The engine takes so many at a time. */
const BATCH_MAX = 200

/** Asked again, these may be answered otherwise; every other refusal is final. */
const PASSING = ['unreachable', 'unavailable', 'limited', 'internal', 'unauthenticated']

export class Outbox {
  private state: OutboxState
  private readonly listeners = new Set<() => void>()
  /** So many at the head were sent at least once, and may have arrived. */
  private nSent = 0
  private nTries = 0
  private isSending = false
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly send: Send,
    private readonly shelf: Shelf,
    private readonly key: string,
  ) {
    this.state = { waiting: kept(shelf, key), failure: null, refused: [] }
    void this.work()
  }

  readonly now = (): OutboxState => this.state

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  /** Takes answers. One that has not left yet is taken back without telling anybody. */
  readonly put = (answers: Answer[]): void => {
    let waiting = this.state.waiting
    for (const answer of answers) {
      const at = waiting.findLastIndex((one) => one.pair === answer.pair)
      const isUnsaid = answer.says === 'undo' && at >= this.nSent && waiting[at]?.says !== 'undo'
      waiting = isUnsaid ? waiting.filter((_, i) => i !== at) : [...waiting, answer]
    }
    this.set({ waiting })
    void this.work()
  }

  /** Tries at once what would be tried later. */
  readonly retry = (): void => {
    this.nTries = 0
    clearTimeout(this.timer)
    this.timer = undefined
    void this.work()
  }

  /** The refusals have been read. */
  readonly dismiss = (): void => this.set({ refused: [] })

  private async work(): Promise<void> {
    const batch = headOf(this.state.waiting)
    if (batch.length === 0 || this.isSending || this.timer !== undefined) return
    this.isSending = true
    this.nSent = batch.length
    try {
      this.arrived(batch, await this.send(batch))
    } catch (error) {
      this.failed(batch, error)
    } finally {
      this.isSending = false
    }
    void this.work()
  }

  private arrived(batch: Answer[], problems: (string | null)[]): void {
    const refused = batch.flatMap((answer, i) => {
      const why = problems[i]
      return why ? [{ answer, why }] : []
    })
    this.nSent = 0
    this.nTries = 0
    this.set({
      waiting: this.state.waiting.slice(batch.length),
      failure: null,
      refused: [...this.state.refused, ...refused],
    })
  }

  private failed(batch: Answer[], error: unknown): void {
    const why = error instanceof Error ? error.message : String(error)
    if (error instanceof ApiFailure && !PASSING.includes(error.kind)) {
      this.arrived(
        batch,
        batch.map(() => why),
      )
      return
    }
    const delay = Math.min(RETRY_MS_MIN * 2 ** this.nTries, RETRY_MS_MAX)
    this.nTries += 1
    this.timer = setTimeout(() => {
      this.timer = undefined
      void this.work()
    }, delay)
    this.set({ failure: why })
  }

  private set(part: Partial<OutboxState>): void {
    this.state = { ...this.state, ...part }
    keep(this.shelf, this.key, this.state.waiting)
    this.listeners.forEach((listener) => listener())
  }
}

/** The longest beginning that one request can carry: answers, or undone ones. */
function headOf(waiting: Answer[]): Answer[] {
  const isUndo = waiting[0]?.says === 'undo'
  const end = waiting.findIndex((one) => (one.says === 'undo') !== isUndo)
  return waiting.slice(0, Math.min(end < 0 ? waiting.length : end, BATCH_MAX))
}

function kept(shelf: Shelf, key: string): Answer[] {
  try {
    const found: unknown = JSON.parse(shelf.getItem(key) ?? '[]')
    return Array.isArray(found) ? found.filter(isAnswer) : []
  } catch {
    // Written by something else, or no storage is allowed: then nothing was kept.
    return []
  }
}

/** Only ids, never values: a browser is no place for people's data. */
function keep(shelf: Shelf, key: string, waiting: Answer[]): void {
  try {
    if (waiting.length === 0) shelf.removeItem(key)
    else shelf.setItem(key, JSON.stringify(waiting.map((one) => ({ ...one, words: '' }))))
  } catch {
    // Full or forbidden: the answers stay in this page and are sent from here.
  }
}

function isAnswer(one: unknown): one is Answer {
  const { pair, says } = (one ?? {}) as Partial<Answer>
  return typeof pair === 'string' && ['same', 'different', 'skip', 'undo'].includes(says ?? '')
}
