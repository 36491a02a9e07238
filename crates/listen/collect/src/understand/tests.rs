//! Is every event understood as it was meant?

use super::*;
use crate::delivery::Delivery;
use crate::parcel::RawItem;
use base::{Duration, SourceId};
use lexicon::{BlockedValue, IdentifierKind, SourceKind};
use serde_json::{Value, json};

/// 2026-01-02T03:04:05Z, when everything here arrives.
const RECEIVED: Timestamp = Timestamp(1_767_323_045_000_000);
const UUID: &str = "0c2f7b1e-5d53-4f0e-9c1a-2b7c3e8f4a10";

fn delivery(dialect: Dialect, event: &Value) -> Delivery {
    Delivery {
        source: SourceId(1),
        source_kind: SourceKind::Server,
        dialect,
        received_at: RECEIVED,
        sent_at: None,
        store_ip: true,
        ip: Some("203.0.113.7".into()),
        user_agent: None,
        shared: Json::empty(),
        items: vec![RawItem { kind: None, json: event.to_string().into() }],
    }
}

fn understood(delivery: &Delivery) -> Event {
    understand(delivery, 0, &Limits::default()).unwrap_or_else(|e| panic!("{e:?}: {delivery:?}"))
}

fn segment(event: &Value) -> Event {
    understood(&delivery(Dialect::Segment, event))
}

fn posthog(event: &Value) -> Event {
    understood(&delivery(Dialect::PostHog, event))
}

/// Who an event is about, as `user_id:ann anonymous_id:x | user_id:ann=anonymous_id:x same_event`.
fn people(event: &Event) -> String {
    let ids: Vec<String> = event.identifiers.iter().map(ToString::to_string).collect();
    let links: Vec<String> =
        event.links.iter().map(|l| format!("{}={} {}", l.a, l.b, l.rule.slug())).collect();
    let all = format!("{} | {}", ids.join(" "), links.join(", "));
    all.trim_end_matches([' ', '|']).to_owned()
}

fn value(json: &Json) -> Value {
    serde_json::from_str(json.as_str()).unwrap()
}

#[test]
fn segment_identifiers_and_links() {
    let check = |mut event: Value, expected: &str| {
        let fields = event.as_object_mut().unwrap();
        fields.entry("type").or_insert_with(|| "track".into());
        fields.entry("event").or_insert_with(|| "E".into());
        assert_eq!(people(&segment(&event)), expected, "{event}");
    };
    check(json!({"userId": "ann"}), "user_id:ann");
    check(json!({"userId": 7}), "user_id:7");
    check(json!({"anonymousId": "x1"}), "anonymous_id:x1");
    check(
        json!({"anonymousId": "x1", "userId": "ann"}),
        "user_id:ann anonymous_id:x1 | user_id:ann=anonymous_id:x1 same_event",
    );
    check(json!({"userId": "null", "anonymousId": "x1"}), "anonymous_id:x1");
    check(json!({"userId": null, "anonymousId": "x1"}), "anonymous_id:x1");
    check(
        json!({"type": "identify", "userId": "ann", "traits": {"email": "Ann@Example.com", "phone": 4_915_112_345_678_u64}}),
        "user_id:ann email:ann@example.com phone:4915112345678 | \
         user_id:ann=email:ann@example.com trait, user_id:ann=phone:4915112345678 trait",
    );
    check(
        json!({"type": "identify", "traits": {"email": "ann@example.com"}}),
        "email:ann@example.com",
    );
    // The e-mail address of an account is nobody's.
    check(
        json!({"type": "group", "userId": "ann", "groupId": "acme", "traits": {"email": "info@acme.com"}}),
        "user_id:ann",
    );
    check(
        json!({"userId": "ann", "context": {"traits": {"email": "ann@example.com"}}}),
        "user_id:ann email:ann@example.com | user_id:ann=email:ann@example.com trait",
    );
    check(
        json!({"userId": "ann", "context": {"externalIds": [
            {"id": "c-9", "type": "crm_id", "collection": "users", "encoding": "none"},
            {"id": "h", "type": "email", "collection": "users", "encoding": "sha256"},
            {"id": "acme", "type": "account", "collection": "accounts"},
            {"id": "-1", "type": "x"}, 5]}}),
        "user_id:ann crm_id:c-9 email_sha256:h | \
         user_id:ann=crm_id:c-9 attached, user_id:ann=email_sha256:h attached",
    );
    check(
        json!({"anonymousId": "x1", "context": {"device": {"id": "d-1", "type": "ios"}}}),
        "anonymous_id:x1 device_id:d-1 | anonymous_id:x1=device_id:d-1 attached",
    );
    check(json!({"anonymousId": "x1", "context": {"device": {"id": "d-1"}}}), "anonymous_id:x1");
    check(
        json!({"type": "alias", "userId": "ann", "previousId": UUID}),
        &format!("user_id:ann anonymous_id:{UUID} | user_id:ann=anonymous_id:{UUID} stated"),
    );
    check(
        json!({"type": "alias", "userId": "ann", "previousId": "ann-old"}),
        "user_id:ann user_id:ann-old | user_id:ann=user_id:ann-old stated",
    );
    check(
        json!({"type": "merge", "mergeProperties": [{"type": "email", "value": "a@b.co"}, {"type": "mobile", "value": "+4930123456"}]}),
        "email:a@b.co phone:+4930123456 | email:a@b.co=phone:+4930123456 stated",
    );
}

#[test]
fn posthog_identifiers_and_links() {
    let check = |event: Value, expected: &str| {
        assert_eq!(people(&posthog(&event)), expected, "{event}");
    };
    check(json!({"event": "E", "distinct_id": "ann"}), "user_id:ann");
    check(json!({"event": "E", "properties": {"distinct_id": "ann"}}), "user_id:ann");
    check(json!({"event": "E", "distinct_id": 7}), "user_id:7");
    check(json!({"event": "E", "distinct_id": UUID}), &format!("anonymous_id:{UUID}"));
    check(
        json!({"event": "E", "distinct_id": "d", "properties": {"$device_id": "d"}}),
        "anonymous_id:d",
    );
    check(
        json!({"event": "E", "distinct_id": "d", "properties": {"$is_identified": false}}),
        "anonymous_id:d",
    );
    check(
        json!({"event": "E", "distinct_id": "d", "properties": {"$process_person_profile": false}}),
        "anonymous_id:d",
    );
    check(
        json!({"event": "$identify", "distinct_id": "ann", "properties": {"$anon_distinct_id": UUID, "$set": {"email": "a@b.co"}}}),
        &format!(
            "user_id:ann anonymous_id:{UUID} email:a@b.co | \
             user_id:ann=anonymous_id:{UUID} same_event, user_id:ann=email:a@b.co trait"
        ),
    );
    // A company whose user ids are UUIDs: the events before and after meet in the anonymous id.
    check(
        json!({"event": "$identify", "distinct_id": UUID}),
        &format!(
            "user_id:{UUID} anonymous_id:{UUID} | user_id:{UUID}=anonymous_id:{UUID} same_event"
        ),
    );
    check(
        json!({"event": "$create_alias", "distinct_id": "ann", "properties": {"alias": "ann-old"}}),
        "user_id:ann user_id:ann-old | user_id:ann=user_id:ann-old stated",
    );
    check(
        json!({"event": "$merge_dangerously", "distinct_id": "ann", "properties": {"alias": UUID}}),
        &format!("user_id:ann anonymous_id:{UUID} | user_id:ann=anonymous_id:{UUID} stated"),
    );
    check(
        json!({"event": "$groupidentify", "distinct_id": "$company_acme", "properties": {"$group_type": "company", "$group_key": "acme"}}),
        "account:acme",
    );
    check(json!({"$distinct_id": "ann", "$set": {"plan": "pro"}}), "user_id:ann");
}

#[test]
fn a_verified_address_says_so() {
    let check = |traits: Value, expected: &str| {
        let event = json!({"type": "identify", "userId": "ann", "traits": traits});
        assert_eq!(people(&segment(&event)), expected, "{event}");
        let event =
            json!({"event": "$identify", "distinct_id": "ann", "properties": {"$set": traits}});
        let rule = expected.rsplit_once(' ').unwrap().1;
        assert!(posthog(&event).links.iter().any(|link| link.rule.slug() == rule), "{event}");
    };
    let email = "user_id:ann email:a@x.org | user_id:ann=email:a@x.org";
    check(json!({"email": "a@x.org", "email_verified": true}), &format!("{email} verified"));
    check(json!({"email": "a@x.org", "emailVerified": true}), &format!("{email} verified"));
    check(json!({"email": "a@x.org", "email_verified": false}), &format!("{email} trait"));
    check(json!({"email": "a@x.org", "email_verified": "yes"}), &format!("{email} trait"));
    check(json!({"email": "a@x.org", "phone_verified": true}), &format!("{email} trait"));
    let phone = "user_id:ann phone:+4930123456 | user_id:ann=phone:+4930123456";
    check(
        json!({"phone": "+49 30 123456", "phone_number_verified": true}),
        &format!("{phone} verified"),
    );
}

#[test]
fn a_blocked_value_is_as_good_as_absent() {
    let nobody = BlockedValue { kind: Some(IdentifierKind::UserId), pattern: "qa-*".into() };
    let blocked = Blocked::new(false, [nobody]);
    let check = |event: Value, expected: &str| {
        let delivery = delivery(Dialect::Segment, &event);
        let event = understand_without(&delivery, 0, &Limits::default(), &blocked);
        assert_eq!(people(&event.unwrap()), expected);
    };
    let event = |user: &str| json!({"type": "page", "userId": user, "anonymousId": "b-1"});
    check(event("QA-7"), "anonymous_id:b-1");
    check(event("ann"), "user_id:ann anonymous_id:b-1 | user_id:ann=anonymous_id:b-1 same_event");
    // What is not blocked here is somebody, whatever it is elsewhere.
    check(
        event("guest"),
        "user_id:guest anonymous_id:b-1 | user_id:guest=anonymous_id:b-1 same_event",
    );
}

#[test]
fn segment_kinds_say_what_they_mean() {
    let check = |event: Value, expected: Value| {
        let e = segment(&event);
        let found = json!({"kind": e.kind.slug(), "name": e.name, "properties": value(&e.properties),
            "traits": value(&e.traits), "account": e.account_key});
        assert_eq!(found, expected, "{event}");
    };
    check(
        json!({"type": "track", "userId": "u", "event": " Order Completed ", "properties": {"revenue": 5}}),
        json!({"kind": "track", "name": "Order Completed", "properties": {"revenue": 5}, "traits": {}, "account": null}),
    );
    check(
        json!({"type": "page", "userId": "u", "name": "Home", "category": "Shop", "properties": {"url": "/"}}),
        json!({"kind": "page", "name": "Page Viewed", "properties": {"name": "Home", "category": "Shop", "url": "/"}, "traits": {}, "account": null}),
    );
    check(
        json!({"type": "screen", "userId": "u", "name": "Home", "properties": {"name": "Own"}}),
        json!({"kind": "screen", "name": "Screen Viewed", "properties": {"name": "Own"}, "traits": {}, "account": null}),
    );
    check(
        json!({"type": "group", "userId": "u", "groupId": 9, "traits": {"name": "Acme"}, "properties": {"x": 1}}),
        json!({"kind": "group", "name": "Account Joined", "properties": {}, "traits": {"name": "Acme"}, "account": "9"}),
    );
    // RudderStack's way: traits in the context; its own traits go before.
    check(
        json!({"type": "identify", "userId": "u", "traits": {"a": 1}, "context": {"traits": {"a": 2, "b": 3}}}),
        json!({"kind": "identify", "name": "Identified", "properties": {}, "traits": {"a": 1, "b": 3}, "account": null}),
    );
    check(
        json!({"type": "track", "userId": "u", "event": "E", "context": {"traits": {"a": 2}}}),
        json!({"kind": "track", "name": "E", "properties": {}, "traits": {}, "account": null}),
    );
}

#[test]
fn posthog_kinds_say_what_they_mean() {
    let check = |event: Value, expected: Value| {
        let e = posthog(&event);
        let unset: Vec<&str> = e.traits_unset.iter().map(|name| &**name).collect();
        let found = json!({"kind": e.kind.slug(), "name": e.name, "properties": value(&e.properties),
            "traits": value(&e.traits), "once": value(&e.traits_once), "unset": unset, "account": e.account_key});
        assert_eq!(found, expected, "{event}");
    };
    check(
        json!({"event": "$pageview", "distinct_id": "u", "properties": {"$current_url": "https://x.de/a", "$pathname": "/a", "title": "A", "$lib": "web", "token": "t"}}),
        json!({"kind": "page", "name": "Page Viewed", "properties": {"url": "https://x.de/a", "path": "/a", "title": "A", "$lib": "web"},
            "traits": {}, "once": {}, "unset": [], "account": null}),
    );
    check(
        json!({"event": "$screen", "distinct_id": "u", "properties": {"$screen_name": "Home"}}),
        json!({"kind": "screen", "name": "Screen Viewed", "properties": {"name": "Home"}, "traits": {}, "once": {}, "unset": [], "account": null}),
    );
    check(
        json!({"event": "Paid", "distinct_id": "u", "$set": {"a": 1}, "properties": {"x": 1, "$set": {"a": 2, "b": 2},
            "$set_once": {"c": 3}, "$unset": ["d"], "$groups": {"project": 7, "company": "acme"}}}),
        json!({"kind": "track", "name": "Paid", "properties": {"x": 1, "$groups": {"project": 7, "company": "acme"}},
            "traits": {"a": 1, "b": 2}, "once": {"c": 3}, "unset": ["d"], "account": "acme"}),
    );
    check(
        json!({"event": "$groupidentify", "distinct_id": "u", "properties": {"$group_type": "project", "$group_key": 7, "$group_set": {"name": "P"}}}),
        json!({"kind": "group", "name": "Account Joined", "properties": {"$group_type": "project", "$group_key": 7, "$group_set": {"name": "P"}},
            "traits": {"name": "P"}, "once": {}, "unset": [], "account": "project:7"}),
    );
    check(
        json!({"event": "$autocapture", "distinct_id": "u", "properties": {"$event_type": "click"}}),
        json!({"kind": "track", "name": "$autocapture", "properties": {"$event_type": "click"}, "traits": {}, "once": {}, "unset": [], "account": null}),
    );
}

/// Dialect, reason, field, event.
const WRONG: &str = r#"
segment wrong_type batch[0] [1]
segment wrong_type batch[0] "x"
segment missing type {"userId":"u","event":"E"}
segment unknown_kind type {"type":"tracks","userId":"u"}
segment unknown_kind type {"type":5,"userId":"u"}
segment missing event {"type":"track","userId":"u"}
segment missing event {"type":"track","userId":"u","event":"  "}
segment wrong_type event {"type":"track","userId":"u","event":{"a":1}}
segment missing userId {"type":"track","event":"E"}
segment blocked_value userId {"type":"track","event":"E","userId":"null"}
segment wrong_type userId {"type":"track","event":"E","userId":["u"]}
segment too_large userId {"type":"track","event":"E","userId":"LONG"}
segment too_large event {"type":"track","event":"LONG","userId":"u"}
segment too_large messageId {"type":"track","event":"E","userId":"u","messageId":"LONG"}
segment wrong_type properties {"type":"track","event":"E","userId":"u","properties":[1]}
segment wrong_type traits {"type":"identify","userId":"u","traits":"x"}
segment wrong_type context {"type":"track","event":"E","userId":"u","context":7}
segment wrong_type integrations {"type":"track","event":"E","userId":"u","integrations":7}
segment missing groupId {"type":"group","userId":"u"}
segment missing previousId {"type":"alias","userId":"u"}
segment missing userId {"type":"alias","previousId":"u"}
segment missing mergeProperties {"type":"merge","mergeProperties":[]}
segment missing mergeProperties {"type":"merge","mergeProperties":7}
segment wrong_type timestamp {"type":"track","event":"E","userId":"u","timestamp":"soon"}
segment wrong_type timestamp {"type":"track","event":"E","userId":"u","timestamp":true}
segment out_of_range timestamp {"type":"track","event":"E","userId":"u","timestamp":"1812-06-24"}
segment out_of_range properties.a {"type":"track","event":"E","userId":"u","properties":{"a":1e999}}
segment out_of_range properties.products[1].price {"type":"track","event":"E","userId":"u","properties":{"products":[{"price":1e2},{"price":-1.5E+400}]}}
segment out_of_range properties.n {"type":"track","event":"E","userId":"u","properties":{"n":DIGITS}}
segment out_of_range traits.age {"type":"identify","userId":"u","traits":{"age":1e309}}
segment out_of_range context.screen.width {"type":"page","userId":"u","context":{"screen":{"width":1e999}}}
segment out_of_range userId {"type":"track","event":"E","userId":1e999}
segment out_of_range batch[0] 1e999
import out_of_range properties.total {"type":"track","event":"E","userId":"u","properties":{"total":1e999}}
posthog out_of_range properties.$set.age {"event":"E","distinct_id":"u","properties":{"$set":{"age":1e999}}}
segment too_large batch[0] {"type":"track","event":"E","userId":"u","properties":{"a":DEEP}}
segment too_large batch[0] {"type":"track","event":"E","userId":"u","properties":{"a":"HUGE"}}
posthog missing event {"distinct_id":"u"}
posthog missing distinct_id {"event":"E"}
posthog blocked_value distinct_id {"event":"E","distinct_id":"$posthog_cookieless"}
posthog blocked_value distinct_id {"event":"E","distinct_id":"undefined"}
posthog wrong_type properties.distinct_id {"event":"E","properties":{"distinct_id":{}}}
posthog missing properties.alias {"event":"$create_alias","distinct_id":"u"}
posthog missing properties.$group_key {"event":"$groupidentify","distinct_id":"u"}
posthog wrong_type properties {"event":"E","distinct_id":"u","properties":"p"}
"#;

#[test]
fn what_is_wrong_is_named() {
    let deep = format!("{}1{}", "[".repeat(100), "]".repeat(100));
    for case in WRONG.lines().filter(|line| !line.is_empty()) {
        let [dialect, reason, field, event] = case.splitn(4, ' ').collect::<Vec<_>>()[..] else {
            panic!("four words: {case}");
        };
        let event = event.replace("LONG", &"x".repeat(600)).replace("DEEP", &deep);
        let event = event.replace("HUGE", &"y".repeat(33_000)).replace("DIGITS", &"9".repeat(400));
        let mut delivery = delivery(Dialect::from_slug(dialect).unwrap(), &Value::Null);
        delivery.items[0].json = event.into();
        let refusal = understand(&delivery, 0, &Limits::default()).expect_err(case);
        assert_eq!((refusal.reason.slug(), &*refusal.field), (reason, field), "{case}: {refusal}");
    }
}

#[test]
fn batches_and_fields_have_bounds() {
    let limits =
        Limits { properties_per_event_max: 3, events_per_batch_max: 2, ..Limits::default() };
    let many = json!({"type": "track", "event": "E", "userId": "u", "properties": {"a": 1, "b": 2, "c": 3, "d": 4}});
    let refusal = understand(&delivery(Dialect::Segment, &many), 0, &limits).unwrap_err();
    assert_eq!((refusal.reason, &*refusal.field), (RefusalReason::TooLarge, "properties"));
    let mut batch =
        delivery(Dialect::Segment, &json!({"type": "track", "event": "E", "userId": "u"}));
    batch.items = vec![batch.items[0].clone(); 3];
    assert!(understand(&batch, 1, &limits).is_ok());
    assert_eq!(understand(&batch, 2, &limits).unwrap_err().field, "batch[2]");
    assert_eq!(understand(&batch, 9, &limits).unwrap_err().field, "batch[9]");
    batch.dialect = Dialect::Import;
    assert!(understand(&batch, 2, &limits).is_ok(), "an import's slices are as long as it likes");
}

#[test]
fn the_time_is_the_customers() {
    let at = |text: &str| Timestamp::parse(text).unwrap();
    let check =
        |times: Value, batch_sent: Option<&str>, expected: Timestamp, original: Option<&str>| {
            let mut event = json!({"type": "track", "event": "E", "userId": "u"});
            event.as_object_mut().unwrap().extend(times.as_object().unwrap().clone());
            let mut delivery = delivery(Dialect::Segment, &event);
            delivery.sent_at = batch_sent.map(at);
            let understood = understood(&delivery);
            assert_eq!(understood.occurred_at.to_string(), expected.to_string(), "{times}");
            let kept = value(&understood.context);
            assert_eq!(kept["rapport"]["original_timestamp"].as_str(), original, "{times}");
        };
    check(json!({}), None, RECEIVED, None);
    check(json!({"timestamp": "2026-01-01T00:00:00Z"}), None, at("2026-01-01T00:00:00Z"), None);
    check(json!({"timestamp": 1_767_225_600}), None, at("2026-01-01T00:00:00Z"), None);
    check(json!({"timestamp": "1767225600000"}), None, at("2026-01-01T00:00:00Z"), None);
    // The client's clock is an hour fast: sent at 04:04:05 by its own reckoning.
    check(
        json!({"timestamp": "2026-01-02T04:00:05Z"}),
        Some("2026-01-02T04:04:05Z"),
        at("2026-01-02T03:00:05Z"),
        Some("2026-01-02T04:00:05Z"),
    );
    check(
        json!({"originalTimestamp": "2026-01-02T04:00:05Z", "timestamp": "2026-01-02T01:00:00Z", "sentAt": "2026-01-02T04:04:05Z"}),
        None,
        at("2026-01-02T03:00:05Z"),
        Some("2026-01-02T04:00:05Z"),
    );
    // A second or two is the travel of the request, and shuffles nothing.
    check(
        json!({"timestamp": "2026-01-02T03:04:00Z"}),
        Some("2026-01-02T03:04:03.300Z"),
        at("2026-01-02T03:04:00Z"),
        None,
    );
    // Sent a month ago for the first time, and again now: the correction ends at seven days.
    check(
        json!({"timestamp": "2025-12-01T00:00:00Z"}),
        Some("2025-12-01T00:00:10Z"),
        at("2025-12-08T00:00:00Z"),
        Some("2025-12-01T00:00:00Z"),
    );
    check(json!({"timestamp": "2026-01-03T03:00:00Z"}), None, at("2026-01-03T03:00:00Z"), None);
    check(
        json!({"timestamp": "2027-01-01T00:00:00Z"}),
        None,
        RECEIVED,
        Some("2027-01-01T00:00:00Z"),
    );
    check(
        json!({"timestamp": "2026-01-01T00:00:00Z", "sentAt": "nonsense"}),
        None,
        at("2026-01-01T00:00:00Z"),
        None,
    );

    let offset = posthog(&json!({"event": "E", "distinct_id": "u", "offset": 1_500}));
    assert_eq!(offset.occurred_at, RECEIVED.minus(Duration(1_500_000)));
}

#[test]
fn a_missing_message_id_is_made_so_that_repeats_are_known() {
    let timed =
        json!({"type": "track", "event": "E", "userId": "u", "timestamp": "2026-01-01T00:00:00Z"});
    let first = delivery(Dialect::Segment, &timed);
    let id = |delivery: &Delivery| understood(delivery).message_id;
    assert!(id(&first).starts_with("m_") && id(&first).len() == 34);
    let later = Delivery { received_at: RECEIVED.plus(Duration::hours(1)), ..first.clone() };
    assert_eq!(id(&first), id(&later), "the same request again is the same event");
    let spaced = RawItem { kind: None, json: serde_json::to_string_pretty(&timed).unwrap().into() };
    assert_eq!(
        id(&first),
        id(&Delivery { items: vec![spaced], ..first.clone() }),
        "blanks say nothing"
    );
    assert_ne!(id(&first), id(&Delivery { source: SourceId(2), ..first.clone() }));
    assert_ne!(id(&first), id(&Delivery { sent_at: Some(RECEIVED), ..first.clone() }));

    let timeless =
        delivery(Dialect::Segment, &json!({"type": "track", "event": "E", "userId": "u"}));
    let again = Delivery { received_at: RECEIVED.plus(Duration(1)), ..timeless.clone() };
    assert_ne!(id(&timeless), id(&again), "two calls without a time are two events");
    let twice = Delivery { items: vec![timeless.items[0].clone(); 2], ..timeless.clone() };
    let second = understand(&twice, 1, &Limits::default()).unwrap();
    assert_ne!(id(&twice), second.message_id);

    let given =
        delivery(Dialect::PostHog, &json!({"event": "E", "distinct_id": "u", "uuid": UUID}));
    assert_eq!(&*id(&given), UUID);
    assert_eq!(
        &*segment(&json!({"type": "track", "event": "E", "userId": "u", "messageId": 12}))
            .message_id,
        "12"
    );
}

#[test]
fn circumstances_are_put_together() {
    let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
    let event = json!({"type": "track", "event": "E", "userId": "u", "integrations": {"All": false},
        "context": {"page": {"url": "/a"}, "locale": "de", "rapport": {"forged": 1}}});
    let mut browser = delivery(Dialect::Segment, &event);
    browser.source_kind = SourceKind::Browser;
    browser.user_agent = Some(chrome.into());
    browser.shared = Json::from_checked_text(
        r#"{"context":{"locale":"en","app":{"name":"A"}},"integrations":{"X":true}}"#,
    );
    assert_eq!(
        value(&understood(&browser).context),
        json!({"page": {"url": "/a"}, "locale": "de", "app": {"name": "A"}, "integrations": {"All": false},
            "userAgent": chrome, "ip": "203.0.113.7",
            "rapport": {"agent": {"browser": "Chrome", "os": "Windows 10", "device": "desktop"}}})
    );
    let check = |kind, store_ip, context: Value, expected: Option<&str>| {
        let event = json!({"type": "track", "event": "E", "userId": "u", "context": context});
        let delivery =
            Delivery { source_kind: kind, store_ip, ..delivery(Dialect::Segment, &event) };
        assert_eq!(value(&understood(&delivery).context)["ip"].as_str(), expected, "{event}");
    };
    check(SourceKind::Server, true, json!({}), None);
    check(SourceKind::Server, true, json!({"direct": true}), Some("203.0.113.7"));
    check(SourceKind::Server, true, json!({"ip": "::ffff:198.51.100.1"}), Some("198.51.100.1"));
    check(SourceKind::Server, true, json!({"ip": "not an address"}), None);
    check(SourceKind::Browser, true, json!({"ip": "198.51.100.1"}), Some("198.51.100.1"));
    check(SourceKind::Browser, false, json!({"ip": "198.51.100.1"}), None);
    check(SourceKind::Browser, false, json!({}), None);
}

#[test]
fn posthog_circumstances_speak_segments_words() {
    let event = posthog(&json!({"event": "E", "distinct_id": "u", "properties": {
        "$lib": "web", "$lib_version": "1.449.2", "$current_url": "https://x.de/", "$ip": "198.51.100.9",
        "utm_source": "ads", "$browser": "Firefox", "$os": "Linux", "$device_type": "Desktop",
        "$screen_width": 1920, "$timezone": "Europe/Berlin", "$session_id": "s-1"}}));
    assert_eq!(
        value(&event.context),
        json!({"library": {"name": "web", "version": "1.449.2"}, "page": {"url": "https://x.de/"},
            "campaign": {"source": "ads"}, "screen": {"width": 1920}, "timezone": "Europe/Berlin",
            "sessionId": "s-1", "ip": "198.51.100.9",
            "rapport": {"agent": {"browser": "Firefox", "os": "Linux", "device": "desktop"}}})
    );
    assert!(!event.properties.as_str().contains("$ip"), "an address is kept in one place");
}

#[test]
fn text_that_databases_refuse_is_mended() {
    let mut delivery = delivery(Dialect::Segment, &Value::Null);
    delivery.items[0].json = r#"{"type":"track","userId":"u\u0000","event":"E","properties":{"cut":"smile \ud83d","whole":"\ud83d\ude00","zero":"a\u0000b","back":"\\u0000"}}"#.into();
    let event = understood(&delivery);
    assert_eq!(
        value(&event.properties),
        json!({"cut": "smile \u{fffd}", "whole": "😀", "zero": "a\u{fffd}b", "back": "\\u0000"})
    );
    assert_eq!(&*event.identifiers[0].value, "u\u{fffd}");
}

#[test]
fn no_text_of_an_event_keeps_a_zero_character() {
    let mut segment = delivery(Dialect::Segment, &Value::Null);
    segment.items[0].json = r#"{"type":"group","event":"E","userId":"u","groupId":"g\u0000","messageId":"m\u0000","context":{"externalIds":[{"id":"7","type":"loy\u0000alty"}],"c\u0000":1},"traits":{"a\u0000":1}}"#.into();
    let mut posthog = delivery(Dialect::PostHog, &Value::Null);
    posthog.items[0].json = r#"{"event":"E\u0000","distinct_id":"u\u0000","uuid":"m\u0000","properties":{"$unset":["a\u0000"],"$groups":{"company":"c\u0000"},"$raw_user_agent":"\u0000"}}"#.into();
    for delivery in [segment, posthog] {
        let event = understood(&delivery);
        let told = format!("{event:?}");
        assert!(told.contains('\u{fffd}'), "{told}");
        assert!(!told.contains("\\0") && !told.contains("u0000"), "{told}");
    }
}

#[test]
fn numbers_that_a_float_holds_are_kept_as_sent() {
    let properties = r#"{"a":1e308,"b":-1.5E-999,"c":"1e999","d":12345678901234567890123}"#;
    let mut delivery = delivery(Dialect::Segment, &Value::Null);
    delivery.items[0].json =
        format!(r#"{{"type":"track","event":"E","userId":"u","properties":{properties}}}"#).into();
    assert_eq!(understood(&delivery).properties.as_str(), properties);
}

#[test]
fn an_imported_order_says_who_bought_it() {
    let check = |dialect, event: Value, expected: Value| {
        let event = understood(&delivery(dialect, &event));
        assert_eq!(value(&event.traits), expected, "{event:?}");
    };
    let order = json!({"type": "track", "event": "Order Completed", "userId": "u", "traits": {"no": 1},
        "context": {"traits": {"name": "Ann", "plan": "pro"}}});
    check(Dialect::Import, order.clone(), json!({"name": "Ann", "plan": "pro"}));
    check(Dialect::Segment, order.clone(), json!({}));
    check(Dialect::RudderStack, order, json!({}));
    let page = json!({"type": "page", "userId": "u", "context": {"traits": {"name": "Ann"}}});
    check(Dialect::Import, page, json!({"name": "Ann"}));
    let group = json!({"type": "group", "userId": "u", "groupId": "g", "traits": {"name": "Acme"},
        "context": {"traits": {"name": "Ann"}}});
    check(Dialect::Import, group, json!({"name": "Acme"}));
}

#[test]
fn a_visit_from_nowhere_has_no_referrer() {
    let visit = |referrer: &str| {
        posthog(&json!({"event": "$pageview", "distinct_id": "u",
            "properties": {"$current_url": "https://x.de/", "$referrer": referrer}}))
    };
    let direct = visit("$direct");
    assert_eq!(value(&direct.properties), json!({"url": "https://x.de/"}));
    assert_eq!(value(&direct.context), json!({"page": {"url": "https://x.de/"}}));
    let led = visit("https://y.de/");
    assert_eq!(value(&led.properties)["referrer"], "https://y.de/");
    assert_eq!(value(&led.context)["page"]["referrer"], "https://y.de/");
}

#[test]
fn what_is_done_on_behalf_of_an_account_names_it() {
    let account = |context: Value| {
        segment(&json!({"type": "track", "event": "E", "userId": "ann", "context": context}))
            .account_key
    };
    assert_eq!(account(json!({"groupId": " acme "})).as_deref(), Some("acme"));
    for nothing in [json!({}), json!({"groupId": " "}), json!({"groupId": "x".repeat(600)})] {
        assert_eq!(account(nothing), None);
    }
}
