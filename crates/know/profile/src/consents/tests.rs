//! Does what stands follow from the answers, in whatever order they come?

use super::*;
use crate::scene::{Tell, day, track};
use lexicon::{ConsentState, Event};
use proptest::prelude::*;
use serde_json::json;

fn told(events: &[Event], limits: &Limits) -> Consents {
    let mut consents = Consents::default();
    for event in events {
        let telling = Telling::new(event);
        match crate::semantic::Semantic::of(&event.name) {
            Some(crate::semantic::Semantic::Consent(named)) => {
                consents.absorb(&telling, named, limits);
            }
            _ => consents.absorb_objection_to_email(&telling, limits),
        }
    }
    consents
}

fn act(at: i64, name: &str) -> Event {
    let (name, is_double) = name.strip_suffix(" ?").map_or((name, false), |name| (name, true));
    let said = json!({"purpose": "marketing", "channel": "email", "double_opt_in": is_double,
                      "text_version": format!("v{at}")});
    track(day(at), name).properties(&said)
}

/// The state, since which day, and the version of the text.
fn stands(acts: &[(i64, &str)]) -> (ConsentState, i64, Option<String>) {
    let events: Vec<Event> = acts.iter().map(|&(at, name)| act(at, name)).collect();
    let shown = told(&events, &Limits::default()).shown();
    let reversed: Vec<Event> = events.into_iter().rev().collect();
    assert_eq!(told(&reversed, &Limits::default()).shown(), shown);
    let consent = &shown[0];
    let since = (0..40).find(|&n| day(n) == consent.since).expect("a day of the test");
    (consent.state, since, consent.text_version.clone())
}

const GIVEN: &str = "Consent Given";
const ASKED: &str = "Consent Given ?";
const CONFIRMED: &str = "Consent Confirmed";
const WITHDRAWN: &str = "Consent Withdrawn";

#[test]
fn what_stands_follows_from_the_answers() {
    use ConsentState::{Denied, Granted, Pending};
    let check = |acts: &[(i64, &str)], state, since, text: Option<&str>| {
        assert_eq!(stands(acts), (state, since, text.map(str::to_owned)), "{acts:?}");
    };
    check(&[(1, GIVEN)], Granted, 1, Some("v1"));
    check(&[(1, ASKED)], Pending, 1, Some("v1"));
    check(&[(1, CONFIRMED)], Granted, 1, Some("v1"));
    check(&[(1, WITHDRAWN)], Denied, 1, None);
    check(&[(1, ASKED), (3, CONFIRMED)], Granted, 3, Some("v3"));
    check(&[(1, ASKED), (3, ASKED)], Pending, 1, Some("v3"));
    check(&[(1, ASKED), (3, WITHDRAWN)], Denied, 3, None);
    check(&[(1, GIVEN), (3, GIVEN)], Granted, 1, Some("v3"));
    check(&[(1, GIVEN), (3, WITHDRAWN), (5, GIVEN)], Granted, 5, Some("v5"));
    // A question does not take back a yes; what it asked about counts once it is confirmed.
    check(&[(1, GIVEN), (3, ASKED)], Granted, 1, Some("v1"));
    check(&[(1, GIVEN), (3, ASKED), (4, CONFIRMED)], Granted, 1, Some("v4"));
    // A link that is followed after the withdrawal is an old one.
    check(&[(1, ASKED), (3, WITHDRAWN), (4, CONFIRMED)], Denied, 3, None);
    check(&[(3, WITHDRAWN), (4, ASKED), (5, CONFIRMED)], Granted, 5, Some("v5"));
    check(&[(1, GIVEN), (3, "Unsubscribed")], Denied, 3, None);
    // At the same moment, no comes last.
    check(&[(1, GIVEN), (1, WITHDRAWN)], Denied, 1, None);
    check(&[(1, ASKED), (1, CONFIRMED)], Granted, 1, Some("v1"));
}

#[test]
fn a_confirmation_without_a_text_confirms_what_was_asked() {
    let mut confirmed = act(2, CONFIRMED);
    confirmed = confirmed.properties(&json!({"purpose": "marketing", "channel": "email"}));
    let shown = told(&[act(1, ASKED), confirmed.clone()], &Limits::default()).shown();
    assert_eq!(shown[0].text_version.as_deref(), Some("v1"));
    assert_eq!(shown[0].evidence.message_id.as_deref(), Some(&*confirmed.message_id));
    assert_eq!(shown[0].source(), Some(confirmed.source));
    let acts: Vec<_> = shown[0].changes.iter().map(|change| change.act).collect();
    assert_eq!(acts, [ConsentAct::Confirmed, ConsentAct::Asked]);
}

#[test]
fn pending_may_be_said_by_the_older_event_too() {
    let said = json!({"purpose": "marketing", "channel": "email", "granted": "pending"});
    let event = track(day(1), "Consent Changed").properties(&said);
    assert_eq!(told(&[event], &Limits::default()).shown()[0].state, ConsentState::Pending);
}

#[test]
fn what_falls_off_is_counted_and_the_last_withdrawal_stays() {
    let limits = Limits { answers_per_consent_max: 3, ..Limits::default() };
    let mut events = vec![act(0, GIVEN), act(1, WITHDRAWN)];
    events.extend((2..8).map(|at| act(at, CONFIRMED)));
    let shown = told(&events, &limits).shown();
    assert_eq!(shown[0].state, ConsentState::Denied, "confirmations without a new question");
    assert_eq!((shown[0].changes.len(), shown[0].n_fallen), (4, 4));
}

#[test]
fn what_is_said_along_with_every_event_is_one_answer() {
    let mut consents = Consents::default();
    for (at, granted) in [(1, true), (2, true), (3, false), (4, true), (5, true)] {
        let event = track(day(at), "Seen");
        let granted = [(Cow::Borrowed("Advertising"), Loose::Flag(granted))].into();
        consents.absorb_categories(&Telling::new(&event), &granted, &Limits::default());
    }
    let shown = consents.shown();
    assert_eq!(
        (shown[0].state, shown[0].since, shown[0].at),
        (ConsentState::Granted, day(5), day(5))
    );
    let changes: Vec<_> = shown[0].changes.iter().map(|c| (c.act, c.n, c.first.at)).collect();
    assert_eq!(changes, [(ConsentAct::Given, 4, day(1)), (ConsentAct::Withdrawn, 1, day(3))]);
}

fn acts() -> impl Strategy<Value = (Vec<Event>, Vec<Event>)> {
    let name = prop_oneof![Just(GIVEN), Just(ASKED), Just(CONFIRMED), Just(WITHDRAWN)];
    let event = (0..8i64, name, any::<u32>()).prop_map(|(at, name, id)| {
        let event = act(at, name);
        Event { message_id: format!("m{id}").into(), ..event }
    });
    proptest::collection::vec(event, 1..30)
        .prop_flat_map(|events| (Just(events.clone()), Just(events).prop_shuffle()))
}

proptest! {
    #[test]
    fn order_has_no_say_within_and_beyond_the_bounds((events, shuffled) in acts()) {
        for answers_per_consent_max in [2, 100] {
            let limits = Limits { answers_per_consent_max, ..Limits::default() };
            prop_assert_eq!(told(&events, &limits), told(&shuffled, &limits));
        }
    }
}
