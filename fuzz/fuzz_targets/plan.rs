//! Is any text a tracking plan or a complaint, and does any object pass or fail it?
#![no_main]

use base::{SourceId, Timestamp};
use collect::plan::{Observation, TrackingPlan};
use lexicon::{Event, EventKind, Identifier, IdentifierKind, Json};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (plan, properties) = text.split_once('\n').unwrap_or((text, "{}"));
    let event = Event {
        message_id: "m".into(),
        kind: EventKind::Track,
        name: "A".into(),
        identifiers: Identifier::new(IdentifierKind::UserId, "u").into_iter().collect(),
        links: Vec::new(),
        occurred_at: Timestamp(0),
        received_at: Timestamp(0),
        source: SourceId(1),
        properties: Json::from_checked_text(properties),
        traits: Json::empty(),
        traits_once: Json::empty(),
        traits_unset: Vec::new(),
        account_key: None,
        context: Json::empty(),
    };
    if let Ok(plan) = TrackingPlan::parse(plan) {
        assert_eq!(TrackingPlan::parse(&plan.to_json()).expect("its own JSON is a plan"), plan);
        let _ = plan.check(&event);
    }
    let mut observation = Observation::from_json(plan).unwrap_or_default();
    observation.observe(&event);
    let _ = observation.to_plan();
    let mut alone = Observation::default();
    alone.observe(&event);
    // Names of more than 200 bytes and properties beyond 300 are not listed.
    if properties.len() <= 200 {
        assert_eq!(alone.to_plan().check(&event), Vec::new());
    }
});
