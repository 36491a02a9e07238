//! Which events are heard, and as what?

use super::*;
use base::{SourceId, Timestamp};
use lexicon::{Identifier, Json};
use serde_json::json;

fn event(kind: EventKind, name: &str, fields: &Value) -> Event {
    let map = Json::from_map(fields.as_object().expect("a test writes an object"));
    let (properties, traits) = match kind {
        EventKind::Track => (map, Json::empty()),
        _ => (Json::empty(), map),
    };
    Event {
        message_id: "m".into(),
        kind,
        name: name.into(),
        identifiers: vec![Identifier::new(IdentifierKind::UserId, "ann").expect("a good id")],
        links: Vec::new(),
        occurred_at: Timestamp(7),
        received_at: Timestamp(7),
        source: SourceId(1),
        properties,
        traits,
        traits_once: Json::empty(),
        traits_unset: Vec::new(),
        account_key: None,
        context: Json::empty(),
    }
}

/// What is heard, one word for each thing: `referral< code:ANN-7`, `mention> user_id:ben`,
/// `owns ANN-7`, `acme joined`, `acme role buyer`.
fn words(event: &Event) -> String {
    let Some(heard) = hear(event) else { return String::new() };
    let facts = heard.facts.iter().map(|fact| {
        let arrow = if fact.way == Way::Outward { '>' } else { '<' };
        let other = match &fact.other {
            Reference::Identifier(identifier) => identifier.to_string(),
            Reference::Code(code) => format!("code:{code}"),
        };
        format!("{}{arrow} {other}", fact.kind.slug())
    });
    let codes = heard.codes.iter().map(|code| format!("owns {code}"));
    let accounts = heard.accounts.iter().map(|claim| {
        let said = format!("{} {}", claim.statement.slug(), claim.statement.value());
        format!("{} {}", claim.account_key, said.trim_end())
    });
    facts.chain(codes).chain(accounts).collect::<Vec<_>>().join(", ")
}

#[test]
fn tracks_tell_of_referrals_and_mentions() {
    let check = |name: &str, properties: Value, expected: &str| {
        assert_eq!(words(&event(EventKind::Track, name, &properties)), expected, "{name}");
    };
    check("Signed Up", json!({"referral_code": "ann-7"}), "referral< code:ANN-7");
    check("Signed Up", json!({"referralCode": 12345}), "referral< code:12345");
    check("Order Completed", json!({"referrer_id": "ann", "total": 9}), "referral< user_id:ann");
    check("Signed Up", json!({"referrer_email": "A@b.de"}), "referral< email:a@b.de");
    check("Signed Up", json!({"referral_code": "X", "referrer_id": "ann"}), "referral< code:X");
    check("Product Viewed", json!({"referrer": "https://x.de", "$referrer": "y"}), "");
    check("Product Viewed", json!({"price": 9}), "");
    check("Invite Sent", json!({"invitee_email": "ben@x.de"}), "referral> email:ben@x.de");
    check(
        "Referral Sent",
        json!({"referred_id": "ben", "referral_code": "a"}),
        "referral> user_id:ben, owns A",
    );
    check("Referral Code Created", json!({"referral_code": "a"}), "owns A");
    check("Referral Sent", json!({}), "");
    check("Mentioned", json!({"mentioned_id": "ben"}), "mention> user_id:ben");
    check(
        "Mentioned",
        json!({"network": "X", "mentions": ["@Ben", {"id": "cy"}, {"handle": "ben"}, 7, null]}),
        "mention> user_id:cy, mention> social_handle:x:7, mention> social_handle:x:ben",
    );
    check("Mentioned", json!({"text": "we love you"}), "");
    let many: Vec<String> = (0..100).map(|n| format!("h{n}")).collect();
    let heard = hear(&event(EventKind::Track, "Mentioned", &json!({ "mentions": many })));
    assert_eq!(heard.expect("people are mentioned").facts.len(), MENTIONS_MAX);
}

#[test]
fn traits_tell_of_codes_and_referrers() {
    let check = |traits: Value, expected: &str| {
        let event = event(EventKind::Identify, "Identified", &traits);
        assert_eq!(words(&event), expected);
    };
    check(json!({"referral_code": "ann-7"}), "owns ANN-7");
    check(json!({"referredByCode": "ben-1"}), "referral< code:BEN-1");
    check(json!({"referrer_id": "ben", "referral_code": "x"}), "referral< user_id:ben, owns X");
    check(json!({"company": {"id": "acme", "role": "Buyer"}}), "acme role buyer");
    check(
        json!({"company": {"id": "acme"}, "hs_buying_role": "CHAMPION;DECISION_MAKER"}),
        "acme role champion, decision maker",
    );
    check(json!({"hs_buying_role": "CHAMPION"}), "");
    check(json!({"email": "ann@x.de"}), "");
}

#[test]
fn group_calls_and_the_business_specification_tell_of_roles() {
    let grouped = |traits: Value| {
        let mut call = event(EventKind::Group, "Account Joined", &traits);
        call.account_key = Some("acme".into());
        words(&call)
    };
    assert_eq!(grouped(json!({"name": "Acme"})), "acme joined");
    assert_eq!(grouped(json!({"role": "Buyer"})), "acme joined, acme role buyer");
    let nested = json!({"membership": {"role": "admin"}});
    assert_eq!(grouped(nested), "acme joined, acme role admin");
    let mut added = event(EventKind::Track, "Account Added User", &json!({"role": "Owner"}));
    assert_eq!(words(&added), "", "nobody knows which account");
    added.account_key = Some("acme".into());
    assert_eq!(words(&added), "acme joined, acme role owner");
    let mut left = event(EventKind::Track, "Account Removed User", &json!({}));
    left.account_key = Some("acme".into());
    assert_eq!(words(&left), "acme left");
}
