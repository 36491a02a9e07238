//! Does a file under a mapping become events that are whole, from any row on?

use base::{Limits, SourceId, Timestamp};
use collect::{Delivery, Dialect, RawItem, understand};
use lexicon::{Json, SourceKind};
use serde_json::{Map, Value};
use std::path::Path;
use sync::conversion::EVENT_BYTES_MAX;
use sync::{Conversion, Mapping};

/// Events that are told: a few bytes can be unpacked to millions of rows.
const EVENTS_MAX: usize = 2_000;

/// Checks every event of `path` under `mapping`, then that a start at `from_row` gives the last
/// of them.
pub fn check(path: &Path, mapping: &Mapping, from_row: u64) {
    let (events, is_whole) = events(path, mapping, 0);
    for event in &events {
        assert!(event.len() <= EVENT_BYTES_MAX);
        let object: Map<String, Value> = serde_json::from_str(event).expect("an event is JSON");
        assert!(object.contains_key("messageId") && object.contains_key("type"), "{event}");
        let _ = understand(&delivery(event), 0, &Limits::default());
    }
    if is_whole {
        let (last, _) = self::events(path, mapping, from_row);
        assert!(events.ends_with(&last), "from row {from_row}: {last:?} of {events:?}");
    }
}

/// The events from a row on, and whether the file was told to its end.
fn events(path: &Path, mapping: &Mapping, from_row: u64) -> (Vec<String>, bool) {
    let mut events = Vec::new();
    let Ok(conversion) = Conversion::new(path, mapping, from_row) else { return (events, false) };
    for chunk in conversion {
        let Ok(chunk) = chunk else { return (events, false) };
        assert!(chunk.from_row <= chunk.to_row);
        assert!(chunk.rejects.iter().all(|reject| reject.row > 0 && !reject.reason.is_empty()));
        events.extend(chunk.events);
        if events.len() > EVENTS_MAX {
            return (events, false);
        }
    }
    (events, true)
}

fn delivery(event: &str) -> Delivery {
    Delivery {
        source: SourceId(1),
        source_kind: SourceKind::Import,
        dialect: Dialect::Import,
        received_at: Timestamp(1_767_323_045_000_000),
        sent_at: None,
        store_ip: true,
        ip: None,
        user_agent: None,
        shared: Json::empty(),
        items: vec![RawItem { kind: None, json: event.into() }],
    }
}
