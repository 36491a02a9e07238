// The page of a web shop that uses PostHog's library: `tell` is called by the test.
import posthog from 'posthog-js'

window.tell = {
  /** Loads the library as its documentation says, only with another host. */
  load({ url, token, options }) {
    return new Promise((resolve) => {
      posthog.init(token, {
        api_host: url,
        // The browser of the tests says that it is a robot, and PostHog keeps silent for robots.
        opt_out_useragent_filter: true,
        ...options,
        loaded: (loaded) => resolve({ distinctId: loaded.get_distinct_id() }),
      })
    })
  },

  /** Makes the calls in order: `[["capture", "Event", {…}], …]`. */
  calls(calls) {
    for (const [name, ...said] of calls) {
      posthog[name](...said)
    }
  },

  distinctId: () => posthog.get_distinct_id(),

  /** What the library says about flags, once it has heard from the server. */
  flags() {
    return new Promise((resolve) => {
      posthog.onFeatureFlags((flags, variants, context) => {
        const one = posthog.isFeatureEnabled('nothing') ?? null
        resolve({ flags, variants, errors: context?.errorsLoading ?? null, one })
      })
    })
  },

  surveys: () =>
    new Promise((resolve) => {
      posthog.getSurveys((surveys, context) => resolve({ surveys, error: context?.error ?? null }))
    }),

  earlyAccess: () =>
    new Promise((resolve) => {
      posthog.getEarlyAccessFeatures((features) => resolve(features), true)
    }),
}
