//! Do whole requests of real and of nonsensical clients become what they should?

extern crate rapport_collect as collect;

mod clients;
mod laws;
mod nonsense;
mod replies;

use base::{Limits, SourceId, Timestamp};
use collect::delivery::Arrival;
use collect::{Delivery, Parcel, Refused, Request, read, route, understand};
use lexicon::{Event, SourceKind};
use std::io::Write;

/// 2026-01-02T03:04:05Z, when everything here arrives.
const RECEIVED: Timestamp = Timestamp(1_767_323_045_000_000);

fn send(
    method: &str,
    path: &str,
    request: &Request<'_>,
    limits: &Limits,
) -> Result<Parcel, Refused> {
    let endpoint = route(method, path).unwrap_or_else(|| panic!("{method} {path} leads nowhere"));
    read(&endpoint, request, limits)
}

/// The delivery as the processor sees it: through the log and out again.
fn delivered(parcel: Parcel, source_kind: SourceKind) -> Delivery {
    let arrival = Arrival {
        source: SourceId(1),
        source_kind,
        received_at: RECEIVED,
        store_ip: true,
        ip: Some("203.0.113.7".into()),
        user_agent: Some("curl/8.0".into()),
    };
    let delivery = Delivery::new(parcel, arrival);
    Delivery::decode(&delivery.encode()).expect("what was encoded decodes")
}

fn events(delivery: &Delivery) -> Vec<Event> {
    let one = |index| understand(delivery, index, &Limits::default()).expect("every event is good");
    (0..delivery.items.len()).map(one).collect()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).expect("memory takes everything");
    encoder.finish().expect("memory takes everything")
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// A form's escapes for what base 64 contains.
fn escaped(text: &str) -> String {
    text.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
}
