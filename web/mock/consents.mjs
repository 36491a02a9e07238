// What do the mock's customers permit?
import { DAY } from './customers.mjs'
import { iso, web } from './shop.mjs'

export function consentOf(row) {
  const consents = row.is_known ? consentsOf(Date.parse(row.first_seen)) : []
  return { consents, email_marketing: permission(consents, 'marketing', 'email') }
}

export const permissionOf = (page, purpose, channel) => permission(page.consents, purpose, channel)

function consentsOf(first) {
  const said = (days, message_id) => ({ at: iso(first + days * DAY), source: web, message_id })
  const change = (act, evidence) => ({
    act,
    first: evidence,
    last: evidence,
    n: 1,
    text_version: '2026-01',
  })
  const [asked, confirmed] = [said(0, 'm_asked'), said(1, 'm_confirmed')]
  const consent = (channel, state, evidence, changes) => ({
    purpose: 'marketing',
    channel,
    state,
    since: evidence.at,
    at: evidence.at,
    evidence,
    text_version: state === 'denied' ? null : '2026-01',
    changes,
    n_fallen: 0,
  })
  return [
    consent('email', 'granted', confirmed, [
      change('confirmed', confirmed),
      change('asked', asked),
    ]),
    consent('push', 'pending', asked, [change('asked', asked)]),
    consent('sms', 'denied', asked, [change('withdrawn', asked)]),
  ]
}

function permission(consents, purpose, channel) {
  const own = consents.find((one) => one.purpose === purpose && one.channel === channel)
  const day = own && new Date(own.since).toLocaleDateString('en-GB', { dateStyle: 'long' })
  const words = {
    granted: `Yes: agreed and confirmed on ${day} (text 2026-01, Web shop).`,
    pending: `No: asked on ${day} (text 2026-01, Web shop), and not confirmed yet.`,
    denied: `No: refused on ${day} (Web shop).`,
  }
  return {
    purpose,
    channel,
    allowed: own?.state === 'granted',
    state: own?.state ?? null,
    since: own?.since ?? null,
    words: own ? words[own.state] : 'No: they were not asked, or their answer has not come here.',
    evidence: own?.evidence ?? null,
    text_version: own?.text_version ?? null,
  }
}
