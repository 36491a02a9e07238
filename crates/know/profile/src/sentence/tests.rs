//! Does the paragraph read well, whoever it is about?

use super::words::{ago, amount, count, list, month, quantity, span};
use crate::scene::{Tell, call, day, identify, track};
use crate::{Fragments, TraitRules};
use base::{Currency, Duration, IdentifierId, Limits, Money, Timestamp};
use lexicon::{Event, EventKind};
use serde_json::json;

fn order(at: i64, id: &str, total: f64) -> Event {
    let said = json!({"order_id": id, "total": total, "currency": "EUR"});
    track(day(at), "Order Completed").properties(&said)
}

fn check(now: i64, events: &[Event], expected: &str) {
    let mut fragments = Fragments::new();
    for event in events {
        fragments.absorb(IdentifierId(1), event, &Limits::default());
    }
    assert_eq!(fragments.view(&TraitRules::default()).sentence(day(now)), expected);
}

#[test]
fn customers_in_words() {
    check(0, &[], "Nothing is known of this customer yet.");
    check(
        3,
        &[call(day(0), EventKind::Page).anonymous()],
        "Anonymous visitor, first seen 3 days ago, 1 event, last seen 3 days ago.",
    );
    let located = json!({"location": {"country": "Germany", "city": "Kiel"}});
    check(
        1,
        &[
            call(day(0), EventKind::Page).anonymous().context(&located),
            call(Timestamp(day(1).0 - 7_200_000_000), EventKind::Page).anonymous(),
        ],
        "Anonymous visitor from Kiel, Germany, first seen 1 day ago, 2 events, last seen 2 hours ago.",
    );
    check(
        100,
        &[identify(day(0), &json!({"country": "DE"}))],
        "Known from DE since January 2026, no orders yet, 1 event, last seen on 1 January 2026.",
    );
    check(
        12,
        &[order(0, "o1", 1204.5)],
        "Customer since January 2026, 1 order worth €1,205, placed 12 days ago.",
    );
    check(
        31 + 28,
        &[order(0, "o1", 20.0), order(59, "o2", 12.5), track(day(59), "Seen")],
        "Customer since January 2026, 2 orders worth €32.50, last one just now.",
    );
}

#[test]
fn orders_that_did_not_last() {
    let cancelled = track(day(1), "Order Cancelled").properties(&json!({"order_id": "o1"}));
    check(
        2,
        &[order(0, "o1", 20.0), cancelled.clone()],
        "Known since January 2026, no orders yet, 1 order cancelled, 2 events, last seen 1 day ago.",
    );
    check(
        3,
        &[order(0, "o1", 20.0), cancelled, order(2, "o2", 30.0)],
        "Customer since January 2026, 1 order worth €30.00 (1 more cancelled), placed 1 day ago.",
    );
}

#[test]
fn quiet_customers() {
    let monthly: Vec<Event> = (0..4).map(|n| order(n * 30, &format!("o{n}"), 10.0)).collect();
    check(
        120,
        &monthly,
        "Customer since January 2026, 4 orders worth €40.00, last one 30 days ago.",
    );
    check(
        240,
        &monthly,
        "Customer since January 2026, 4 orders worth €40.00, last one on 1 April 2026, \
         quiet for 5 months where orders came about every 30 days before.",
    );
}

#[test]
fn possessions_mail_and_consent() {
    let products = json!([
        {"product_id": "hub", "name": "Hub"},
        {"product_id": "cam", "name": "Camera", "quantity": 2},
    ]);
    let bought = |products: &serde_json::Value| {
        let said = json!({"order_id": "o1", "total": 9, "currency": "CHF", "products": products});
        track(day(0), "Order Completed").properties(&said)
    };
    let mail =
        |at: i64, id: &str, name: &str| track(day(at), name).properties(&json!({"email_id": id}));
    check(
        1,
        &[
            bought(&products),
            mail(0, "e1", "Email Delivered"),
            mail(0, "e2", "Email Opened"),
            track(day(0), "Unsubscribed"),
        ],
        "Customer since January 2026, 1 order worth CHF 9.00, placed 1 day ago, \
         has 2 × Camera and Hub, opened 1 of 2 e-mails, wants no marketing by e-mail.",
    );
    let asked = json!({"purpose": "marketing", "channel": "email", "double_opt_in": true});
    check(
        1,
        &[bought(&json!([])), track(day(0), "Consent Given").properties(&asked)],
        "Customer since January 2026, 1 order worth CHF 9.00, placed 1 day ago, \
         has not confirmed marketing by e-mail yet.",
    );
    let many: Vec<_> = (0..30).map(|n| json!({"product_id": format!("p{n:02}")})).collect();
    check(
        1,
        &[bought(&many.into()), mail(0, "e1", "Email Delivered")],
        "Customer since January 2026, 1 order worth CHF 9.00, placed 1 day ago, \
         has p00, p01 and 28 other products, did not open the one e-mail that arrived.",
    );
}

#[test]
fn several_currencies_are_not_mixed() {
    let yen = json!({"order_id": "o2", "total": 5000, "currency": "JPY"});
    let none = json!({"order_id": "o3", "total": 7});
    check(
        1,
        &[
            order(0, "o1", 20.0),
            track(day(0), "Order Completed").properties(&yen),
            track(day(0), "Order Completed").properties(&none),
        ],
        "Customer since January 2026, 3 orders worth JPY 5,000, €20.00 and 7.00 without a currency, \
         last one 1 day ago.",
    );
}

#[test]
fn words() {
    assert_eq!(count(0, "order"), "0 orders");
    assert_eq!(count(1_234_567, "event"), "1,234,567 events");
    assert_eq!(list(&[]), "");
    assert_eq!(quantity(2.0), "2");
    assert_eq!(quantity(0.25), "0.25");
    assert_eq!(month(Timestamp(-1)), "December 1969");
    assert_eq!(month(Timestamp(951_782_400_000_000)), "February 2000", "29 February");
    let eur = Currency::parse("EUR").unwrap();
    assert_eq!(amount(Money { minor: -5, currency: eur }), "−€0.05");
    assert_eq!(amount(Money { minor: i64::MIN, currency: eur }), "−€92,233,720,368,547,758");
    assert_eq!(span(Duration::days(100)), "3 months");
    assert_eq!(span(Duration::days(900)), "2 years");
    assert_eq!(ago(day(0), day(-1)), "just now", "a clock that goes ahead");
    assert_eq!(ago(day(0), Timestamp(day(0).0 + 60_000_000)), "1 minute ago");
}
