// What does somebody paste so that the first event arrives? Complete, with the key in it.

export interface Snippet {
  id: string
  label: string
  /** Where the code goes and what must be installed first. */
  before?: string
  code: string
}

type Write = (origin: string, key: string) => Omit<Snippet, 'id' | 'label'>

const curl: Write = (origin, key) => ({
  before: 'In any terminal. It sends one event of one known customer.',
  code: `curl ${origin}/v1/track \\
  -u ${key}: \\
  -H 'content-type: application/json' \\
  -d '{"userId":"demo-1","event":"Product Viewed","properties":{"product_id":"hub-2","price":129,"currency":"EUR"}}'`,
})

const segmentNode: Write = (origin, key) => ({
  before: 'npm install @segment/analytics-node, then run this as first.mjs.',
  code: `import { Analytics } from '@segment/analytics-node'

const analytics = new Analytics({ writeKey: '${key}', host: '${origin}' })

analytics.identify({ userId: 'demo-1', traits: { name: 'Ada', email: 'ada@example.org' } })
analytics.track({ userId: 'demo-1', event: 'Product Viewed', properties: { product_id: 'hub-2' } })
await analytics.closeAndFlush()`,
})

const segmentBrowser: Write = (origin, key) => ({
  before: 'npm install @segment/analytics-next, then in the code of your site.',
  code: `import { AnalyticsBrowser } from '@segment/analytics-next'

export const analytics = AnalyticsBrowser.load(
  { writeKey: '${key}', cdnURL: '${origin}' },
  {
    integrations: {
      'Segment.io': { apiHost: '${withoutScheme(origin)}/v1', protocol: '${schemeOf(origin)}' },
    },
  },
)

analytics.page()
analytics.track('Product Viewed', { product_id: 'hub-2' })`,
})

const python: Write = (origin, key) => ({
  before: 'pip install segment-analytics-python, then run this.',
  code: `import segment.analytics as analytics

analytics.write_key = '${key}'
analytics.host = '${origin}'

analytics.identify('demo-1', {'name': 'Ada', 'email': 'ada@example.org'})
analytics.track('demo-1', 'Product Viewed', {'product_id': 'hub-2'})
analytics.flush()`,
})

const rudderNode: Write = (origin, key) => ({
  before: 'npm install @rudderstack/rudder-sdk-node, then run this as first.mjs.',
  code: `import RudderAnalytics from '@rudderstack/rudder-sdk-node'

const client = new RudderAnalytics('${key}', { dataPlaneUrl: '${origin}' })

client.identify({ userId: 'demo-1', traits: { email: 'ada@example.org' } })
client.track({ userId: 'demo-1', event: 'Product Viewed', properties: { product_id: 'hub-2' } })
client.flush()`,
})

const rudderPython: Write = (origin, key) => ({
  before: 'pip install rudder-sdk-python, then run this.',
  code: `import rudderstack.analytics as analytics

analytics.write_key = '${key}'
analytics.dataPlaneUrl = '${origin}'

analytics.track('demo-1', 'Product Viewed', {'product_id': 'hub-2'})
analytics.flush()`,
})

const posthogBrowser: Write = (origin, key) => ({
  before: 'npm install posthog-js, then in the code of your site.',
  code: `import posthog from 'posthog-js'

posthog.init('${key}', { api_host: '${origin}' })

posthog.identify('demo-1', { email: 'ada@example.org' })
posthog.capture('Product Viewed', { product_id: 'hub-2' })`,
})

const posthogNode: Write = (origin, key) => ({
  before: 'npm install posthog-node, then run this as first.mjs.',
  code: `import { PostHog } from 'posthog-node'

const posthog = new PostHog('${key}', { host: '${origin}' })

posthog.capture({ distinctId: 'demo-1', event: 'Product Viewed', properties: { product_id: 'hub-2' } })
await posthog.shutdown()`,
})

const posthogPython: Write = (origin, key) => ({
  before: 'pip install posthog, then run this.',
  code: `from posthog import Posthog

posthog = Posthog('${key}', host='${origin}')

posthog.capture('Product Viewed', distinct_id='demo-1', properties={'product_id': 'hub-2'})
posthog.shutdown()`,
})

const all: [id: string, label: string, write: Write][] = [
  ['curl', 'curl', curl],
  ['segment-browser', 'Segment, browser', segmentBrowser],
  ['segment-node', 'Segment, Node', segmentNode],
  ['segment-python', 'Segment, Python', python],
  ['rudder-node', 'RudderStack, Node', rudderNode],
  ['rudder-python', 'RudderStack, Python', rudderPython],
  ['posthog-js', 'PostHog, browser', posthogBrowser],
  ['posthog-node', 'PostHog, Node', posthogNode],
  ['posthog-python', 'PostHog, Python', posthogPython],
]

/** Every snippet for an engine at `origin` and a source with `key`. */
export function snippetsFor(origin: string, key: string): Snippet[] {
  return all.map(([id, label, write]) => ({ id, label, ...write(origin, key) }))
}

/** The snippet that most likely fits a source of this kind. */
export function usualSnippet(sourceKind: string): string {
  return sourceKind === 'browser' ? 'segment-browser' : 'curl'
}

const schemeOf = (origin: string) => origin.split('://')[0] ?? 'https'
const withoutScheme = (origin: string) => origin.replace(/^[a-z]+:\/\//, '')
