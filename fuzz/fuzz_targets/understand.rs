//! Is any event understood or refused, the same way twice, and whole?
#![no_main]

use base::{Limits, SourceId, Timestamp};
use collect::{Delivery, Dialect, RawItem, understand};
use lexicon::{EventKind, Json, SourceKind};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let [dialect, kind, json @ ..] = data else { return };
    let Ok(json) = std::str::from_utf8(json) else { return };
    let delivery = Delivery {
        source: SourceId(1),
        source_kind: SourceKind::Browser,
        dialect: Dialect::ALL[usize::from(*dialect) % Dialect::ALL.len()],
        received_at: Timestamp(1_767_323_045_000_000),
        sent_at: None,
        store_ip: true,
        ip: Some("203.0.113.7".into()),
        user_agent: None,
        shared: Json::from_checked_text(r#"{"context":{"app":{"name":"A"}}}"#),
        items: vec![RawItem {
            kind: EventKind::ALL.get(usize::from(*kind) % 8).copied(),
            json: json.into(),
        }],
    };
    let limits = Limits::default();
    let first = understand(&delivery, 0, &limits);
    assert_eq!(first, understand(&delivery, 0, &limits));
    let Ok(event) = first else { return };
    assert!(!event.identifiers.is_empty() && !event.message_id.is_empty());
    assert!(event.occurred_at >= Timestamp::EARLIEST);
    for json in [&event.properties, &event.traits, &event.traits_once, &event.context] {
        let parsed =
            serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(json.as_str());
        assert!(parsed.is_ok(), "{json:?}");
    }
});
