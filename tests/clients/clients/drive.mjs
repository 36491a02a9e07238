// Tells a story with a library for node: the job comes on standard input, the answers go to
// standard output, and what the library itself writes goes to standard error.
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'

for (const level of ['log', 'info', 'debug', 'warn', 'error']) {
  console[level] = (...said) => process.stderr.write(`${said.map(String).join(' ')}\n`)
}

const drivers = { 'segment-node': segment, 'rudder-node': rudder, 'posthog-node': posthog }

async function segment({ url, write_key: writeKey, steps }) {
  const { Analytics } = await import('@segment/analytics-node')
  const client = new Analytics({ writeKey, host: url, flushAt: 20, flushInterval: 500 })
  client.on('error', (error) => console.error('error:', error.code, error.reason))
  for (const { call, ...said } of steps) {
    client[call](dated(said))
  }
  await client.closeAndFlush({ timeout: 50_000 })
  return {}
}

async function rudder({ url, write_key: writeKey, gzip, steps }) {
  const { default: Analytics } = await import('@rudderstack/rudder-sdk-node')
  const options = { dataPlaneUrl: url, flushAt: 20, flushInterval: 500, gzip, retryCount: 5 }
  const client = new Analytics(writeKey, { ...options, errorHandler: (e) => console.error(e) })
  const heard = steps.map(
    ({ call, ...said }) => new Promise((resolve) => client[call](dated(said), resolve)),
  )
  await client.flush()
  const errors = (await Promise.all(heard)).filter(Boolean)
  return { errors: errors.map(String) }
}

async function posthog({ url, write_key: key, gzip, steps }) {
  const { PostHog } = await import('posthog-node')
  const client = new PostHog(key, {
    host: url,
    flushAt: 20,
    flushInterval: 500,
    fetchRetryDelay: 500,
    disableCompression: !gzip,
    ...(steps.some(({ call }) => call === 'flags') && { personalApiKey: 'phx_of_nobody' }),
  })
  client.on('error', (error) => console.error('error:', error))
  const answers = {}
  for (const { call, ...said } of steps) {
    answers[call] = await posthogCalls[call](client, dated(said))
    // Its clock has milliseconds: two values of one trait must not share one.
    await pause(2)
  }
  await client.shutdown(50_000)
  return answers
}

const posthogCalls = {
  capture: (client, said) => client.capture(said),
  capture_immediately: (client, said) => client.captureImmediate(said),
  capture_ai: (client, said) => client.captureAi(said),
  identify: (client, said) => client.identify(said),
  set: (client, said) => client.setPersonProperties(said),
  set_once: (client, { distinctId, properties }) =>
    client.setPersonProperties({ distinctId, propertiesOnce: properties }),
  unset: (client, said) => client.unsetPersonProperties(said),
  alias: (client, said) => client.alias(said),
  group: (client, said) => client.groupIdentify(said),
  exception: (client, { distinctId, message }) =>
    client.captureException(new Error(message), distinctId),
  flags: async (client, { distinctId }) => {
    await client.reloadFeatureFlags()
    const flags = await client.evaluateFlags(distinctId)
    return {
      all: await client.getAllFlags(distinctId),
      one: flags.isEnabled('nothing'),
      payloads: await client.getAllFlagsAndPayloads(distinctId),
    }
  },
}

/** JSON has no dates, the libraries want one. */
function dated({ timestamp, ...said }) {
  return timestamp ? { ...said, timestamp: new Date(timestamp) } : said
}

const job = JSON.parse(await text(process.stdin))
const answers = await drivers[job.library](job)
process.stdout.write(`\n${JSON.stringify(answers)}\n`)
