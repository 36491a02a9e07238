// What does Rapport's own API say about what arrived?
import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'

const PAGE = 200

/** Asks the HTTP API as an administrator. */
export class Api {
  constructor(url, token) {
    this.url = url
    this.token = token
  }

  /** Makes a source; the answer carries its `id` and `write_key`. */
  createSource(name, kind) {
    return this.ask('POST', '/api/sources', { name, kind })
  }

  /** Every event of a source that the debugger knows, oldest first. */
  async debugEvents(source, status) {
    const query = { source, ...(status && { status }) }
    return (await this.pages('/api/debugger', query)).reverse()
  }

  /** One event, raw and as understood. */
  debugEvent(seq) {
    return this.ask('GET', `/api/debugger/${encodeURIComponent(seq)}`)
  }

  /** The customer that an identifier points to, or null. */
  async lookup(kind, value) {
    const found = await this.ask(
      'GET',
      `/api/lookup?${new URLSearchParams({ kind, value })}`,
      null,
      {
        mayMiss: true,
      },
    )
    return found?.customer_id ?? null
  }

  customer(id) {
    return this.ask('GET', `/api/customers/${id}`)
  }

  /** A customer's whole timeline, oldest first. */
  async timeline(id) {
    return (await this.pages(`/api/customers/${id}/events`, {})).reverse()
  }

  account(id) {
    return this.ask('GET', `/api/accounts/${id}`)
  }

  async pages(path, query) {
    const items = []
    let cursor = null
    do {
      const asked = new URLSearchParams({ ...query, limit: PAGE, ...(cursor && { cursor }) })
      const page = await this.ask('GET', `${path}?${asked}`)
      items.push(...page.items)
      cursor = page.next_cursor
    } while (cursor)
    return items
  }

  async ask(method, path, body, { mayMiss = false } = {}) {
    const answer = await fetch(this.url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      body: body && JSON.stringify(body),
    })
    const text = await answer.text()
    if (mayMiss && answer.status === 404) {
      return null
    }
    assert.ok(answer.ok, `${method} ${path} answered ${answer.status}: ${text}`)
    return JSON.parse(text)
  }
}

/** Asks until `isEnough(answer)`, at most `ms`; the last answer either way. */
export async function eventually(ask, isEnough, ms = 10_000) {
  const deadline = Date.now() + ms
  for (;;) {
    const answer = await ask()
    if (isEnough(answer) || Date.now() > deadline) {
      return answer
    }
    await pause(100)
  }
}
