//! Do plans say what was agreed, and observations what was seen?

use super::*;
use base::{SourceId, Timestamp};
use lexicon::{Identifier, IdentifierKind};
use proptest::prelude::*;

fn event(kind: EventKind, name: &str, object: &str) -> Event {
    let json = Json::from_checked_text(object);
    let is_traits = matches!(kind, EventKind::Identify | EventKind::Group);
    let (properties, traits) =
        if is_traits { (Json::empty(), json) } else { (json, Json::empty()) };
    Event {
        message_id: "m".into(),
        kind,
        name: name.into(),
        identifiers: vec![Identifier::new(IdentifierKind::UserId, "u").unwrap()],
        links: Vec::new(),
        occurred_at: Timestamp(0),
        received_at: Timestamp(0),
        source: SourceId(1),
        properties,
        traits,
        traits_once: Json::empty(),
        traits_unset: Vec::new(),
        account_key: None,
        context: Json::empty(),
    }
}

fn seen(events: &[Event]) -> Observation {
    let mut observation = Observation::default();
    events.iter().for_each(|event| observation.observe(event));
    observation
}

#[test]
fn a_plan_is_inferred_from_what_came() {
    let observation = seen(&[
        event(EventKind::Track, "Paid", r#"{"amount":5,"at":"2026-01-01T00:00:00Z","ok":true}"#),
        event(EventKind::Track, "Paid", r#"{"amount":"5","tags":["a"]}"#),
        event(EventKind::Identify, "Identified", r#"{"plan":"pro"}"#),
        event(EventKind::Alias, "Identity Linked", "{}"),
    ]);
    let plan = serde_json::to_value(observation.to_plan()).unwrap();
    let expected = serde_json::json!({"events": [
        {"name": "Identified", "kind": "identify", "n": 1, "properties": [
            {"name": "plan", "types": ["string"], "required": true, "n": 1, "example": "\"pro\""}]},
        {"name": "Paid", "kind": "track", "n": 2, "properties": [
            {"name": "amount", "types": ["string", "number"], "required": true, "n": 2, "example": "5"},
            {"name": "at", "types": ["datetime"], "required": false, "n": 1, "example": "\"2026-01-01T00:00:00Z\""},
            {"name": "ok", "types": ["boolean"], "required": false, "n": 1, "example": "true"},
            {"name": "tags", "types": ["array"], "required": false, "n": 1, "example": "[\"a\"]"}]}]});
    assert_eq!(plan, expected);
    assert_eq!(Observation::from_json(&observation.to_json()), Some(observation));
}

#[test]
fn fields_that_can_be_asked_for_are_found_inside_of_objects() {
    let paid = r#"{"amount":5,"to":{"city":"Ulm","at":{"lat":1.5}},"lines":[{"a":1}],"x.y":1,
                   "no.step":{"a":1},"of":{"dot.ted":1},"gone":null,"to.city":"Bonn"}"#;
    let mut paid = event(EventKind::Track, "Paid", paid);
    paid.context = Json::from_checked_text(r#"{"page":{"path":"/a"},"locale":"de"}"#);
    let observation = seen(&[paid, event(EventKind::Track, "Paid", "{}")]);
    let fields = observation.to_fields();
    let told = |of: &[PlannedProperty]| {
        let one = |p: &PlannedProperty| format!("{} {}", p.name, p.n.unwrap());
        of.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    let SeenEvent { n, properties, n_inside, inside, .. } = &fields.events[0];
    assert_eq!((*n, *n_inside), (2, 2));
    assert_eq!(told(properties), "amount 1, to.city 1, x.y 1");
    assert_eq!(told(inside), "to.at.lat 1");
    assert_eq!(properties[1].example.as_deref(), Some("\"Bonn\""), "that very name comes first");
    assert_eq!((fields.n_events, told(&fields.context)), (2, "locale 1, page.path 1".to_owned()));
    assert!(fields.context.iter().all(|part| part.example.is_none()), "{:?}", fields.context);
    assert_eq!(Observation::from_json(&observation.to_json()).as_ref(), Some(&observation));
    let mut forgetful = observation;
    forgetful.forget_examples();
    let fields = forgetful.to_fields();
    assert_eq!((&fields.events[0].inside[..], fields.events[0].n_inside), (&[][..], 0));
    assert_eq!((&fields.context[..], fields.n_events), (&[][..], 0));
    assert_eq!(told(&fields.events[0].properties), "amount 1, to.city 1, x.y 1", "names stay");
    let before = r#"{"events":{"Paid":{"track":{"n":1,"properties":{}}}}}"#;
    assert!(Observation::from_json(before).is_some(), "as it was kept before there were fields");
}

#[test]
fn violations_name_the_property() {
    let plan = TrackingPlan::parse(
        r#"{"events":[{"name":"Paid","kind":"track","properties":[
            {"name":"amount","types":["number"],"required":true},
            {"name":"note","types":["string"]},
            {"name":"due","types":["datetime","null"]},
            {"name":"any"}]}]}"#,
    )
    .unwrap();
    let check = |kind, name: &str, object: &str, expected: &[(&str, &str)]| {
        let found = plan.check(&event(kind, name, object));
        let found: Vec<(&str, &str)> = found.iter().map(|r| (r.reason.slug(), &*r.field)).collect();
        assert_eq!(found, expected, "{name} {object}");
    };
    let track = EventKind::Track;
    check(track, "Paid", r#"{"amount":1,"note":"2026-01-01","due":null,"any":[]}"#, &[]);
    check(track, "Paid", "{}", &[("plan_mismatch", "properties.amount")]);
    check(track, "Paid", r#"{"amount":"1"}"#, &[("plan_mismatch", "properties.amount")]);
    check(track, "Paid", r#"{"amount":1,"due":"soon"}"#, &[("plan_mismatch", "properties.due")]);
    check(track, "Paid", r#"{"amount":1,"x":1}"#, &[("unplanned_property", "properties.x")]);
    check(track, "Payed", "{}", &[("unplanned_event", "event")]);
    check(EventKind::Page, "Paid", "{}", &[("unplanned_event", "event")]);
    check(EventKind::Alias, "Identity Linked", "{}", &[]);
}

#[test]
fn a_plan_with_mistakes_says_where() {
    let check = |json: &str, expected: &str| {
        assert_eq!(TrackingPlan::parse(json).unwrap_err().to_string(), expected, "{json}");
    };
    check("[]", "the plan does not parse at line 1 column 2");
    check("{\"events\":[{\"name\":\"\",\"kind\":\"track\"}]}", "events[0].name: the name is empty");
    let twice = r#"{"events":[{"name":"A","kind":"track"},{"name":"A","kind":"track"}]}"#;
    check(twice, "events[1].name: 'A' stands there twice");
    let property =
        r#"{"events":[{"name":"A","kind":"track","properties":[{"name":"p"},{"name":"p"}]}]}"#;
    check(property, "events[0].properties[1].name: 'p' stands there twice");
}

/// Found by the fuzz target `plan`.
#[test]
fn of_two_properties_with_one_name_the_last_counts() {
    let twice = event(EventKind::Track, "A", r#"{"y":"2026-01-01","y":[1]}"#);
    let plan = seen(std::slice::from_ref(&twice)).to_plan();
    assert_eq!(plan.check(&twice), Vec::new());
    assert_eq!(plan.events[0].properties[0].types, [PropertyType::Array].into());
}

#[test]
fn an_observation_is_bounded() {
    let mut observation = Observation::default();
    for i in 0..600 {
        observation.observe(&event(EventKind::Track, &format!("E{i}"), "{}"));
    }
    let wide: Vec<String> = (0..1_000).map(|i| format!("\"p{i}\":0")).collect();
    observation.observe(&event(EventKind::Track, "E0", &format!("{{{}}}", wide.join(","))));
    let plan = observation.to_plan();
    assert_eq!((plan.events.len(), observation.n_unlisted()), (500, 100));
    assert_eq!(plan.events[0].properties.len(), 300);
    plan.validate().unwrap();
}

fn some_event() -> impl Strategy<Value = Event> {
    let object = prop::collection::btree_map(
        "[a-d]",
        prop_oneof!["1", "true", "null", Just("\"x\"".to_owned())],
        0..4,
    );
    (prop::sample::select(EventKind::ALL.to_vec()), "[A-C]", object).prop_map(
        |(kind, name, object)| {
            let fields: Vec<String> =
                object.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
            event(kind, &name, &format!("{{{}}}", fields.join(",")))
        },
    )
}

/// The plan without its examples, the one part that depends on who came first.
fn essence(observation: &Observation) -> TrackingPlan {
    let mut plan = observation.to_plan();
    plan.events.iter_mut().flat_map(|e| &mut e.properties).for_each(|p| p.example = None);
    plan
}

proptest! {
    #[test]
    fn order_and_grouping_do_not_matter(events in prop::collection::vec(some_event(), 0..30), cut in 0usize..30) {
        let cut = cut.min(events.len());
        let (left, right) = events.split_at(cut);
        let mut merged = seen(right);
        merged.merge(seen(left));
        let reversed: Vec<Event> = events.iter().rev().cloned().collect();
        prop_assert_eq!(essence(&merged), essence(&seen(&events)));
        prop_assert_eq!(essence(&seen(&reversed)), essence(&seen(&events)));
    }

    #[test]
    fn what_was_observed_agrees_with_its_own_plan(events in prop::collection::vec(some_event(), 1..30)) {
        let plan = seen(&events).to_plan();
        for event in &events {
            prop_assert_eq!(plan.check(event), Vec::new());
        }
    }
}
