//! What does it cost to unpack, change and pack a profile, and how large is one?
//!
//! `cargo run --release -p rapport-profile --example blob_speed`

#![expect(clippy::disallowed_methods, reason = "a stopwatch reads the clock")]

use base::{IdentifierId, Limits, SourceId, Timestamp};
use lexicon::{Event, EventKind, Identifier, IdentifierKind, Json};
use rapport_profile::Fragments;
use serde_json::{Value, json};
use std::hint::black_box;
use std::time::Instant;

const ROUNDS: u32 = 20_000;
const NEW_YEAR: i64 = 1_767_225_600_000_000;

fn json(value: &Value) -> Json {
    Json::from_map(value.as_object().expect("an object"))
}

fn event(n: i64, kind: EventKind, name: &str) -> Event {
    let at = Timestamp(NEW_YEAR + n * 3_600_000_000 + n * 1_237);
    Event {
        message_id: format!("0f6c1a5e-7d0b-4b1e-9c3a-{n:012x}").into(),
        kind,
        name: name.into(),
        identifiers: vec![Identifier::new(IdentifierKind::UserId, "u1").expect("good")],
        links: Vec::new(),
        occurred_at: at,
        received_at: at,
        source: SourceId(1 + (n % 2).unsigned_abs()),
        properties: Json::empty(),
        traits: Json::empty(),
        traits_once: Json::empty(),
        traits_unset: Vec::new(),
        account_key: None,
        context: json(&json!({"locale": "en-GB", "timezone": "Europe/London",
            "page": {"path": "/hubs", "title": "Hubs", "url": "https://northlight.example/hubs"},
            "rapport": {"agent": {"browser": "Chrome", "os": "Linux", "device": "pc"}}})),
    }
}

fn page(n: i64) -> Event {
    event(n, EventKind::Page, "Page Viewed")
}

fn identify(n: i64, extra: &Value) -> Event {
    let mut traits = json!({"email": "ann.example@example.com", "firstName": "Ann",
        "lastName": "Example", "plan": "Pro", "phone": "+44 20 7946 0958", "city": "London",
        "country": "GB", "newsletter": true});
    let map = traits.as_object_mut().expect("an object");
    map.extend(extra.as_object().expect("an object").clone());
    Event { traits: json(&traits), ..event(n, EventKind::Identify, "Identified") }
}

fn order(n: i64) -> Event {
    let said = json!({"order_id": format!("NL-{n}"), "total": 288.0, "currency": "GBP", "products": [
        {"product_id": "NL-HUB-2", "name": "Northlight Hub 2", "price": 129.0, "quantity": 1},
        {"product_id": "NL-CAM-1", "name": "Northlight Cam", "price": 79.5, "quantity": 2}]});
    Event { properties: json(&said), ..event(n, EventKind::Track, "Order Completed") }
}

/// Customers from the lightest to one whose traits change all the time.
fn customers() -> Vec<(&'static str, Vec<Event>)> {
    let pages = |n: i64| (0..n).map(page).collect::<Vec<_>>();
    let with = |mut events: Vec<Event>, more: Vec<Event>| {
        events.extend(more);
        events
    };
    let same = |n: i64| (0..n).map(|i| identify(40 + i, &json!({}))).collect::<Vec<_>>();
    let churn = (0..100)
        .map(|i| identify(40 + i, &json!({"last_login": format!("{i:020}"), "n_sessions": i})));
    vec![
        ("visitor, 12 pages", pages(12)),
        ("customer, 1 identify", with(pages(30), vec![identify(31, &json!({})), order(32)])),
        ("customer, 100 equal identifies", with(pages(30), with(same(100), vec![order(150)]))),
        ("customer, 100 changing identifies", with(pages(30), churn.collect())),
    ]
}

/// Nanoseconds of one call, the best of five series.
fn nanos(mut call: impl FnMut()) -> f64 {
    let series = (0..5).map(|_| {
        let start = Instant::now();
        (0..ROUNDS / 5).for_each(|_| call());
        start.elapsed().as_secs_f64() * 1e9 / f64::from(ROUNDS / 5)
    });
    series.fold(f64::INFINITY, f64::min)
}

fn main() {
    let limits = Limits::default();
    println!(
        "{:34} {:>6} {:>9} {:>9} {:>9} {:>9}",
        "", "bytes", "decode", "encode", "+ page", "+ ident"
    );
    for (name, events) in customers() {
        let mut fragments = Fragments::new();
        for event in &events {
            fragments.absorb(IdentifierId(1), event, &limits);
        }
        let blob = fragments.encode();
        let decode = nanos(|| drop(black_box(Fragments::decode(black_box(&blob)))));
        let encode = nanos(|| drop(black_box(black_box(&fragments).encode())));
        let turn = |event: Event| {
            nanos(|| {
                let mut unpacked = Fragments::decode(black_box(&blob)).expect("a good blob");
                unpacked.absorb(IdentifierId(1), &event, &limits);
                drop(black_box(unpacked.encode()));
            })
        };
        let (with_page, with_identify) = (turn(page(500)), turn(identify(501, &json!({}))));
        let bytes = blob.len();
        println!(
            "{name:34} {bytes:6} {decode:7.0}ns {encode:7.0}ns {with_page:7.0}ns {with_identify:7.0}ns"
        );
    }
}
