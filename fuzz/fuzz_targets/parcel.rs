//! Does any request, at any path, end in events or a clear refusal?
#![no_main]

use base::{Limits, SourceId, Timestamp};
use collect::delivery::Arrival;
use collect::{Delivery, Request, read, route, understand};
use lexicon::SourceKind;
use libfuzzer_sys::fuzz_target;

const PATHS: [(&str, &str); 14] = [
    ("POST", "/v1/track"),
    ("POST", "/v1/batch"),
    ("POST", "/v1/identify"),
    ("POST", "/v1/alias"),
    ("POST", "/v1/merge"),
    ("POST", "/beacon/v1/batch"),
    ("GET", "/pixel/v1/page"),
    ("POST", "/e/"),
    ("GET", "/e/"),
    ("POST", "/batch/"),
    ("POST", "/engage"),
    ("POST", "/api/s/s2s/event"),
    ("POST", "/api/public/apps/batch"),
    ("POST", "/i/v1/analytics/events"),
];

fuzz_target!(|data: &[u8]| {
    let mut lines = data.splitn(5, |b| *b == b'\n');
    let mut line = || lines.next().unwrap_or_default();
    let letter = line().first().copied().unwrap_or_default();
    let (method, path) = PATHS[usize::from(letter) % PATHS.len()];
    let text = |line| std::str::from_utf8(line).ok().filter(|text: &&str| !text.is_empty());
    let request = Request {
        query: text(line()),
        content_encoding: text(line()),
        authorization: text(line()),
        write_key_header: None,
        body: line(),
    };
    let endpoint = route(method, path).expect("every path above is known");
    let limits = Limits { body_bytes_inflated_max: 1 << 20, ..Limits::default() };
    match read(&endpoint, &request, &limits) {
        Err(refused) => assert!(matches!(refused.status, 400 | 413), "{refused:?}"),
        Ok(parcel) => {
            let arrival = Arrival {
                source: SourceId(1),
                source_kind: SourceKind::Browser,
                received_at: Timestamp(1_767_323_045_000_000),
                store_ip: true,
                ip: Some("203.0.113.7".into()),
                user_agent: Some("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0".into()),
            };
            let delivery = Delivery::new(parcel, arrival);
            let kept = Delivery::decode(&delivery.encode()).expect("what was encoded decodes");
            assert_eq!(kept, delivery);
            for index in 0..delivery.items.len().min(50) {
                let _ = understand(&delivery, index, &limits);
            }
        }
    }
});
