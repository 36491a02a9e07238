//! How many microseconds does one event take to be read, kept, and understood?
//!
//! `cargo run --release -p rapport-collect --example understand_speed`

#![expect(clippy::disallowed_methods, reason = "a stopwatch reads the clock")]

extern crate rapport_collect as collect;

use base::{Limits, SourceId, Timestamp};
use collect::delivery::Arrival;
use collect::{Delivery, Request, read, route, understand};
use lexicon::SourceKind;
use std::time::Instant;

const EVENTS_PER_BATCH: usize = 100;
const ROUNDS: usize = 2_000;

fn main() {
    for (name, path, event) in [
        ("segment track, server", "/v1/batch", segment_event("")),
        ("segment track, browser", "/v1/batch", segment_event(USER_AGENT)),
        ("posthog capture", "/batch", POSTHOG.to_owned()),
    ] {
        measure(name, path, &event);
    }
}

const USER_AGENT: &str = r#""userAgent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36","locale":"en-US","timezone":"Europe/Berlin","page":{"path":"/checkout","url":"https://shop.test/checkout"},"#;

const POSTHOG: &str = r#"{"uuid":"019a7d5e-0000-7000-8000-000000000000","event":"Order Completed","properties":{"token":"phc_1","distinct_id":"ann","$lib":"web","$lib_version":"1.449.2","$current_url":"https://shop.test/checkout","$browser":"Chrome","$os":"Windows","$device_type":"Desktop","$device_id":"0c2f7b1e-5d53-4f0e-9c1a-2b7c3e8f4a10","$is_identified":true,"order_id":"o-1001","revenue":99.5,"currency":"EUR"},"timestamp":"2026-01-02T03:04:04.000Z"}"#;

fn segment_event(context: &str) -> String {
    format!(
        r#"{{"type":"track","event":"Order Completed","userId":"customer-12345","anonymousId":"0c2f7b1e-5d53-4f0e-9c1a-2b7c3e8f4a10","messageId":"node-next-1767323044000-0c2f7b1e","timestamp":"2026-01-02T03:04:04.000Z","context":{{{context}"library":{{"name":"@segment/analytics-node","version":"3.1.0"}}}},"integrations":{{}},"properties":{{"order_id":"o-1001","revenue":99.5,"currency":"EUR","coupon":"WINTER","products":[{{"product_id":"p-1","name":"Lamp","price":49.75,"quantity":2}}]}}}}"#
    )
}

fn measure(name: &str, path: &str, event: &str) {
    let batch = vec![event; EVENTS_PER_BATCH].join(",");
    let body = format!(r#"{{"writeKey":"wk","batch":[{batch}],"sentAt":"2026-01-02T03:04:05Z"}}"#);
    let (endpoint, limits) = (route("POST", path).expect("the path is known"), Limits::default());
    let request = Request { body: body.as_bytes(), ..Request::default() };
    let arrival = Arrival {
        source: SourceId(1),
        source_kind: SourceKind::Browser,
        received_at: Timestamp(1_767_323_045_000_000),
        store_ip: true,
        ip: Some("203.0.113.7".into()),
        user_agent: None,
    };
    let mut micros = [0.0; 4];
    let mut timed = |step: usize, started: Instant| {
        micros[step] += started.elapsed().as_secs_f64() * 1e6 / (ROUNDS * EVENTS_PER_BATCH) as f64;
    };
    for _ in 0..ROUNDS {
        let started = Instant::now();
        let parcel = read(&endpoint, &request, &limits).expect("the batch is good");
        timed(0, started);
        let delivery = Delivery::new(parcel, arrival.clone());
        let started = Instant::now();
        let bytes = delivery.encode();
        timed(1, started);
        let started = Instant::now();
        let delivery = Delivery::decode(&bytes).expect("it was encoded just now");
        timed(2, started);
        let started = Instant::now();
        for index in 0..delivery.items.len() {
            std::hint::black_box(understand(&delivery, index, &limits).expect("the event is good"));
        }
        timed(3, started);
    }
    let [read, encode, decode, understood] = micros;
    println!(
        "{name} ({} bytes): read {read:.2}, encode {encode:.2}, decode {decode:.2}, understand {understood:.2} µs/event",
        event.len()
    );
}
