// The page of a web shop that uses Segment's library: `tell` is called by the test.
import { AnalyticsBrowser } from '@segment/analytics-next'

window.tell = {
  /** Loads the library as its documentation says, only with another host. */
  async load({ url, writeKey, options }) {
    const analytics = AnalyticsBrowser.load({ writeKey, cdnURL: url }, options)
    await analytics.ready()
    window.analytics = analytics
    return { anonymousId: (await analytics.user()).anonymousId() }
  },

  /** Makes the calls in order: `[["track", "Event", {…}], …]`. */
  async calls(calls) {
    for (const [name, ...said] of calls) {
      await window.analytics[name](...said)
    }
  },

  async anonymousId() {
    return (await window.analytics.user()).anonymousId()
  },
}
