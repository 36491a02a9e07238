//! Are blobs of version 1 still understood, and is everything of version 2 kept?

use super::told::{Told, everything, visitor};
use crate::scene::day;
use crate::{DecodeError, Fragments, Profile, TraitRules};
use base::Limits;

/// Blobs that version 1 wrote.
const EVERYTHING: &[u8] = include_bytes!("fixtures/everything.v1");
const VISITOR: &[u8] = include_bytes!("fixtures/visitor.v1");
const NOBODY: &[u8] = include_bytes!("fixtures/nobody.v1");

fn absorbed(told: &Told) -> Fragments {
    let mut fragments = Fragments::new();
    for (identifier, event) in told {
        fragments.absorb(*identifier, event, &Limits::default());
    }
    fragments
}

fn view(fragments: &Fragments) -> Profile {
    fragments.view(&TraitRules::default())
}

/// What version 1 did not keep: which event it was, and what was said before.
fn as_version_1(mut profile: Profile) -> Profile {
    for value in &mut profile.traits {
        (value.since, value.n, value.message_id) = (value.at, 1, None);
        (value.others, value.n_others) = (Vec::new(), 0);
    }
    for taken in &mut profile.taken_away {
        (taken.by.source, taken.by.message_id) = (None, None);
    }
    for consent in &mut profile.consents {
        consent.since = consent.at;
        consent.changes.truncate(1);
        for change in &mut consent.changes {
            (change.first.message_id, change.last.message_id) = (None, None);
        }
        consent.evidence = consent.changes[0].last.clone();
    }
    profile
}

#[test]
fn version_1_says_what_it_always_said() {
    for (blob, told) in [(EVERYTHING, everything()), (VISITOR, visitor()), (NOBODY, Vec::new())] {
        assert_eq!(blob[0], 1);
        let read = Fragments::decode(blob).expect("version 1 is read");
        assert_eq!(view(&read), as_version_1(view(&absorbed(&told))));
        let again = Fragments::decode(&read.encode()).expect("what was read can be written");
        assert_eq!(again, read);
        assert_eq!(read.encode()[0], 2);
    }
}

#[test]
fn version_1_goes_on_where_it_was() {
    let told = everything();
    let mut read = Fragments::decode(EVERYTHING).expect("version 1 is read");
    let later = crate::scene::identify(day(20), &serde_json::json!({"plan": "Max", "age": 42}));
    let (user, _) = told[1];
    read.absorb(user, &later, &Limits::default());
    let traits = view(&read).traits;
    let plan = traits.iter().find(|t| t.name == "plan").expect("it was set");
    assert_eq!((plan.value.as_str(), plan.others.len()), (Some("Max"), 1));
    assert_eq!(plan.others[0].message_id, None);
    assert_eq!(plan.message_id.as_deref(), Some(&*later.message_id));
}

#[test]
fn version_1_cut_short_is_an_error() {
    for length in 1..EVERYTHING.len() {
        let cut = Fragments::decode(&EVERYTHING[..length]);
        assert!(matches!(cut, Err(DecodeError::Damaged { .. })), "{length}");
    }
}

#[test]
fn version_2_keeps_everything() {
    let fragments = absorbed(&everything());
    let blob = fragments.encode();
    assert_eq!(blob[0], 2);
    assert_eq!(Fragments::decode(&blob).expect("it was just written"), fragments);
}

/// A value that names an event beyond the table is damage, not a crash.
#[test]
fn a_value_without_its_event_is_an_error() {
    let blob = absorbed(&everything()).encode();
    let mut n_damaged = 0;
    for place in 1..blob.len() {
        let mut damaged = blob.clone();
        damaged[place] ^= 0x55;
        match Fragments::decode(&damaged) {
            Ok(fragments) => drop(view(&fragments).sentence(day(30))),
            Err(DecodeError::Damaged { source: postcard::Error::SerdeDeCustom }) => n_damaged += 1,
            Err(_) => {}
        }
    }
    assert!(n_damaged > 5, "only {n_damaged} of the changes were found to be that");
}
