// How is the engine asked, and what becomes of a refusal?
import createClient from 'openapi-fetch'
import type { FailurePlace } from './definitionTypes'
import type { paths } from './schema'
import type { ErrorBody, ErrorKind } from './types'

/** The engine said no, or could not be reached: what happened, and what to do. */
export class ApiFailure extends Error {
  constructor(
    readonly kind: ErrorKind | 'unreachable',
    message: string,
    readonly hint: string | null = null,
    readonly field: string | null = null,
    readonly status = 0,
    /** Where in a text that was sent. */
    readonly at: FailurePlace | null = null,
  ) {
    super(message)
  }
}

/** Whether an error means "this does not exist", which pages say in their own words. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ApiFailure && error.kind === 'not_found'
}

// Looked up at each call, so that a test may put another fetch in place.
const client = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? 'http://localhost',
  fetch: (request) => globalThis.fetch(request),
})

client.use({
  onRequest({ request }) {
    // A foreign site cannot send this header: it proves that our own page asks.
    if (request.method !== 'GET') request.headers.set('x-rapport-csrf', '1')
    return request
  },
  onError() {
    return unreachable()
  },
})

export const api = client

interface Reply {
  data?: unknown
  error?: unknown
  response: Response
}

/** Takes the data out of a reply or throws the ApiFailure that it carried. */
export async function answer<R extends Reply>(
  reply: Promise<R>,
): Promise<Exclude<R['data'], undefined>> {
  const { data, error, response } = await reply
  if (response.ok) return data as Exclude<R['data'], undefined>
  throw failureOf(error, response)
}

type Told = ErrorBody['error'] & { at?: FailurePlace | null }

function failureOf(body: unknown, response: Response): ApiFailure {
  const told = (body as Partial<ErrorBody> | undefined)?.error as Told | undefined
  if (told?.message) {
    return new ApiFailure(
      told.kind,
      told.message,
      told.hint ?? null,
      told.field ?? null,
      response.status,
      told.at ?? null,
    )
  }
  return new ApiFailure(
    response.status === 503 ? 'unavailable' : 'internal',
    `The engine answered with status ${response.status} and no explanation.`,
    'Its log has the cause. Try again in a moment.',
    null,
    response.status,
  )
}

function unreachable(): Error {
  return new ApiFailure(
    'unreachable',
    'The engine could not be reached.',
    'Check that it is running and that this device is online; nothing that you typed is lost.',
  )
}
