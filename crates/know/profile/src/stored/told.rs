//! What did customers do whose profiles were stored by earlier versions?
//!
//! The blobs in `fixtures` were written by those versions from these events: never change one.

use crate::scene::{Tell, call, day, identify, track};
use base::IdentifierId;
use lexicon::{Event, EventKind};
use serde_json::json;

/// Events, each with the identifier that it came under.
pub(crate) type Told = Vec<(IdentifierId, Event)>;

const BROWSER: IdentifierId = IdentifierId(70_001);
const USER: IdentifierId = IdentifierId(70_002);

/// Somebody of whom every part of a profile is known.
pub(crate) fn everything() -> Told {
    let mut told = who_they_are();
    told.extend(what_they_allow());
    told.extend(what_they_did());
    told
}

/// A browser that looked around, of which no trait and no consent is known.
pub(crate) fn visitor() -> Told {
    let context = json!({"locale": "en-GB", "rapport": {"agent": {"browser": "Firefox"}}});
    let page = |n| call(day(n), EventKind::Page).context(&context).anonymous();
    (0..5).map(|n| (BROWSER, page(n))).collect()
}

fn who_they_are() -> Told {
    let first = json!({"email": "ann@example.com", "plan": "Basic", "age": 41,
                       "address": {"city": "Kiel", "country": "DE"}, "nickname": "Annie"});
    let later = json!({"plan": "Pro", "age": 42, "nickname": null});
    let group = call(day(3), EventKind::Group).account("acme").traits(&json!({"name": "Acme Ltd"}));
    vec![
        (BROWSER, track(day(0), "Came").once(&json!({"referrer": "ad"})).anonymous()),
        (USER, identify(day(1), &first).source(1)),
        (USER, identify(day(5), &later).source(2)),
        (USER, track(day(6), "Left").unset("age").once(&json!({"referrer": "mail"}))),
        (USER, group),
    ]
}

fn what_they_allow() -> Told {
    let said = |at, said| (USER, track(day(at), "Consent Changed").properties(&said));
    let preferences = json!({"consent": {"categoryPreferences": {"Advertising": false}}});
    vec![
        said(
            2,
            json!({"purpose": "marketing", "channel": "email", "granted": true,
                       "text_version": "2026-01"}),
        ),
        said(2, json!({"purpose": "analytics", "granted": true})),
        said(3, json!({"purpose": "marketing", "channel": "sms", "granted": false})),
        (BROWSER, track(day(4), "Seen").context(&preferences).anonymous().source(3)),
        (USER, track(day(9), "Unsubscribed").properties(&json!({"email_id": "e-1"}))),
    ]
}

fn what_they_did() -> Told {
    let products = json!([{"product_id": "HUB", "name": "Hub", "price": 129.0, "quantity": 1}]);
    let order = json!({"order_id": "o-1", "total": 129.0, "currency": "EUR", "products": products});
    let mail = json!({"email_id": "e-1", "email_subject": "Hello", "campaign_name": "Welcome"});
    let context = json!({"locale": "de-DE", "timezone": "Europe/Berlin",
                         "location": {"country": "DE", "city": "Kiel"},
                         "rapport": {"agent": {"browser": "Chrome", "os": "Linux"}}});
    vec![
        (BROWSER, call(day(0), EventKind::Page).context(&context).anonymous()),
        (USER, track(day(7), "Order Completed").properties(&order)),
        (USER, track(day(8), "Email Opened").properties(&mail)),
        (
            USER,
            track(day(8), "Order Refunded").properties(&json!({"order_id": "o-1", "total": 29})),
        ),
    ]
}
