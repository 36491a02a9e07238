//! What holds for every input whatever?

use super::*;
use base::Limits;
use collect::inflate::{Wrapping, inflate};
use collect::plan::{Observation, TrackingPlan};
use collect::{Dialect, RawItem};
use lexicon::{EventKind, Json};
use proptest::prelude::*;

const PATHS: [(&str, &str); 9] = [
    ("POST", "/v1/track"),
    ("POST", "/v1/batch"),
    ("POST", "/v1/merge"),
    ("POST", "/e/"),
    ("POST", "/batch/"),
    ("GET", "/e/"),
    ("GET", "/pixel/v1/track"),
    ("POST", "/api/s/s2s/identify"),
    ("POST", "/api/public/apps/batch"),
];

/// JSON made of the words that parsers here know, in places where they do not expect them.
fn some_json() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "type",
        "track",
        "identify",
        "alias",
        "userId",
        "anonymousId",
        "event",
        "properties",
        "traits",
        "context",
        "batch",
        "$identify",
        "distinct_id",
        "$set",
        "uuid",
        "timestamp",
        "sentAt",
        "2026-01-01T00:00:00Z",
        "null",
        "data",
        "previousId",
        "groupId",
        "externalIds",
        "id",
        "$groups",
        "mergeProperties",
        "\\ud83d",
        "\\u0000",
        "",
        " ",
    ]);
    let text = word.clone().prop_map(|word| format!("\"{word}\""));
    let leaf = prop_oneof![
        text,
        Just("null".to_owned()),
        Just("true".to_owned()),
        any::<i64>().prop_map(|n| n.to_string()),
        any::<f32>()
            .prop_filter("JSON has no such number", |n| n.is_finite())
            .prop_map(|n| format!("{n:e}")),
    ];
    leaf.prop_recursive(5, 48, 6, move |inner| {
        let object =
            prop::collection::vec((word.clone(), inner.clone()), 0..6).prop_map(|fields| {
                let fields: Vec<String> =
                    fields.iter().map(|(k, v)| format!("\"{k}\": {v}")).collect();
                format!("{{{}}}", fields.join(", "))
            });
        let array =
            prop::collection::vec(inner, 0..4).prop_map(|items| format!("[{}]", items.join(",")));
        prop_oneof![3 => object, 1 => array]
    })
}

/// The server's own clock is believed (1970 to 2096); the client's says anything.
fn some_delivery() -> impl Strategy<Value = Delivery> {
    let item = (prop::option::of(prop::sample::select(EventKind::ALL.to_vec())), some_json())
        .prop_map(|(kind, json)| RawItem { kind, json: json.into() });
    let items = prop::collection::vec(item, 0..4);
    let kinds = prop::sample::select(SourceKind::ALL.to_vec());
    (
        prop::sample::select(Dialect::ALL.to_vec()),
        kinds,
        items,
        0..4_000_000_000_000_000i64,
        any::<Option<i64>>(),
        any::<bool>(),
    )
        .prop_map(|(dialect, source_kind, items, received, sent, store_ip)| Delivery {
            source: SourceId(3),
            source_kind,
            dialect,
            received_at: Timestamp(received),
            sent_at: sent.map(Timestamp),
            store_ip,
            ip: store_ip.then(|| "203.0.113.7".into()),
            user_agent: Some("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)".into()),
            shared: Json::from_checked_text(r#"{"context":{"app":{"name":"A"}}}"#),
            items,
        })
}

/// What every understood event keeps to.
fn holds_together(event: &Event) -> Result<(), TestCaseError> {
    prop_assert!(!event.identifiers.is_empty() && !event.message_id.is_empty());
    prop_assert!(event.occurred_at >= Timestamp::EARLIEST);
    for link in &event.links {
        prop_assert!(link.a != link.b);
        prop_assert!(event.identifiers.contains(&link.a) && event.identifiers.contains(&link.b));
    }
    for json in [&event.properties, &event.traits, &event.traits_once, &event.context] {
        let parsed: Result<serde_json::Map<String, serde_json::Value>, _> =
            serde_json::from_str(json.as_str());
        prop_assert!(parsed.is_ok(), "{json:?}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_without_panic(
        at in 0..PATHS.len(), body: Vec<u8>, query in ".{0,60}", auth in ".{0,30}", encoding in "(gzip|br|deflate|zstd|x|,| )*",
    ) {
        let (method, path) = PATHS[at];
        let request = Request {
            query: Some(&query), authorization: Some(&auth), write_key_header: Some(&auth),
            content_encoding: Some(&encoding), body: &body,
        };
        if let Err(refused) = send(method, path, &request, &Limits::default()) {
            prop_assert!(matches!(refused.status, 400 | 413) && !refused.message.is_empty());
        }
    }

    #[test]
    fn any_json_is_read_and_understood_without_panic(at in 0..PATHS.len(), body in some_json()) {
        let (method, path) = PATHS[at];
        let request = Request { body: body.as_bytes(), ..Request::default() };
        if let Ok(parcel) = send(method, path, &request, &Limits::default()) {
            let delivery = delivered(parcel, SourceKind::Browser);
            for index in 0..delivery.items.len() {
                if let Ok(event) = understand(&delivery, index, &Limits::default()) {
                    holds_together(&event)?;
                }
            }
        }
    }

    #[test]
    fn understanding_is_a_function(delivery in some_delivery()) {
        let again = Delivery::decode(&delivery.encode()).expect("what was encoded decodes");
        prop_assert_eq!(&again, &delivery);
        for index in 0..=delivery.items.len() {
            let first = understand(&delivery, index, &Limits::default());
            prop_assert_eq!(&first, &understand(&again, index, &Limits::default()));
            if let Ok(event) = first {
                holds_together(&event)?;
                prop_assert!(delivery.store_ip || !event.context.as_str().contains("203.0.113.7"));
            }
        }
    }

    /// What one event says does not depend on its neighbours, except for made ids of events that
    /// say nothing about time.
    #[test]
    fn neighbours_do_not_matter(delivery in some_delivery()) {
        let delivery = Delivery { sent_at: Some(Timestamp(0)), ..delivery };
        let mut reversed = delivery.clone();
        reversed.items.reverse();
        let all = |delivery: &Delivery| -> Vec<_> {
            let one = |index| understand(delivery, index, &Limits::default()).map_err(|refusal| refusal.reason);
            (0..delivery.items.len()).map(one).collect()
        };
        let mut backwards = all(&reversed);
        backwards.reverse();
        prop_assert_eq!(all(&delivery), backwards);
    }

    #[test]
    fn any_bytes_inflate_within_bounds(mut body: Vec<u8>, magic in 0..4usize, encoding in "(gzip|br|deflate|zstd)") {
        let magics: [&[u8]; 4] = [b"", &[0x1f, 0x8b, 8, 0], &[0x28, 0xb5, 0x2f, 0xfd], b"data="];
        body.splice(0..0, magics[magic].iter().copied());
        let wrapping = Wrapping { content_encoding: Some(&encoding), compression: Some("base64"), bytes_max: 64, too_large_status: 413 };
        if let Ok(body) = inflate(&body, &wrapping) {
            prop_assert!(body.len() <= 64);
        }
    }

    #[test]
    fn any_bytes_decode_or_are_damaged(bytes: Vec<u8>, head in prop::collection::vec(0u8..3, 0..3)) {
        let _ = Delivery::decode(&bytes);
        let _ = Delivery::decode(&[head, bytes].concat());
    }

    #[test]
    fn any_text_is_a_plan_or_a_complaint(text in "\\PC{0,80}", json in some_json()) {
        for text in [text, json] {
            if let Ok(plan) = TrackingPlan::parse(&text) {
                prop_assert_eq!(TrackingPlan::parse(&plan.to_json()).unwrap(), plan);
            }
            let _ = Observation::from_json(&text);
        }
    }
}
