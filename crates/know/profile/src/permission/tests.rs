//! Is it clear whether we may write, since when, and why?

use crate::scene::{Tell, day, track};
use crate::{Fragments, TraitRules};
use base::{IdentifierId, Limits, SourceId};
use lexicon::{Channel, Event, Purpose};
use serde_json::json;

fn said(at: i64, name: &str, channel: &str) -> Event {
    let (name, is_double) = name.strip_suffix(" ?").map_or((name, false), |name| (name, true));
    let said = json!({"purpose": "marketing", "channel": channel, "text_version": "v2",
                      "double_opt_in": is_double});
    track(day(at), name).properties(&said).source(7)
}

fn check(events: &[Event], allowed: bool, words: &str) {
    let mut fragments = Fragments::new();
    for (n, event) in events.iter().enumerate() {
        fragments.absorb(IdentifierId(1 + n as u64 % 2), event, &Limits::default());
    }
    let profile = fragments.view(&TraitRules::default());
    let marketing = Purpose::new("Marketing").unwrap();
    let permission = profile.permission(&marketing, &Channel::new("email"));
    let name = |source: SourceId| format!("source {}", source.0);
    assert_eq!((permission.allowed, permission.words(name).as_str()), (allowed, words));
    assert_eq!(permission.since().is_none(), permission.decided_by.is_none());
}

#[test]
fn only_a_yes_that_stands_permits() {
    check(&[], false, "No: they were not asked, or their answer has not come here.");
    check(
        &[said(1, "Consent Given", "sms")],
        false,
        "No: they were not asked, or their answer has not come here.",
    );
    let given = said(1, "Consent Given", "email");
    check(std::slice::from_ref(&given), true, "Yes: agreed on 2 January 2026 (text v2, source 7).");
    let asked = said(1, "Consent Given ?", "email");
    check(
        std::slice::from_ref(&asked),
        false,
        "No: asked on 2 January 2026 (text v2, source 7), and not confirmed yet.",
    );
    let confirmed = said(2, "Consent Confirmed", "email");
    check(
        &[asked, confirmed],
        true,
        "Yes: agreed and confirmed on 3 January 2026 (text v2, source 7).",
    );
    let gone = track(day(4), "Unsubscribed").source(7);
    check(&[given, gone], false, "No: refused on 5 January 2026 (source 7).");
}

#[test]
fn a_channel_and_all_channels() {
    let (yes, no) = ("Consent Given", "Consent Withdrawn");
    let agreed = "Yes: agreed on 2 January 2026 (text v2, source 7).";
    let agreed_to_all = "Yes: agreed on 2 January 2026 (for every channel, text v2, source 7).";
    let refused = "No: refused on 2 January 2026 (source 7).";
    check(&[said(1, yes, "all")], true, agreed_to_all);
    check(&[said(1, yes, "email"), said(0, no, "all")], true, agreed);
    check(&[said(1, no, "email"), said(9, yes, "all")], false, refused);
    let all_refused = "No: refused on 6 January 2026 (for every channel, source 7).";
    check(&[said(1, yes, "email"), said(5, no, "all")], false, all_refused);
    check(&[said(5, yes, "email"), said(5, no, "all")], false, all_refused);
    // Asked anew by e-mail after a no to everything: the yes to come is about the channel.
    let pending = "No: asked on 10 January 2026 (text v2, source 7), and not confirmed yet.";
    check(&[said(5, no, "all"), said(9, "Consent Given ?", "email")], false, pending);
}
