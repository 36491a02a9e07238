//! Is everything shown that the events said, as they said it?

use crate::scene::{Tell, call, day, identify, track};
use crate::{Certainty, Fragments, Profile, TraitRules};
use base::{IdentifierId, Limits, SourceId};
use lexicon::{ConsentState, Event, EventKind};
use serde_json::{Value, json};

/// The view, and that it is the same from last to first.
fn profile(events: &[Event]) -> Profile {
    let view = |events: &mut dyn Iterator<Item = &Event>| {
        let mut fragments = Fragments::new();
        events.for_each(|event| fragments.absorb(IdentifierId(1), event, &Limits::default()));
        fragments.view(&TraitRules::default())
    };
    let profile = view(&mut events.iter());
    assert_eq!(profile, view(&mut events.iter().rev()));
    profile
}

#[test]
fn the_latest_value_of_a_trait_counts() {
    let check = |events: &[Event], expected: &[(&str, Value, i64)]| {
        let traits = profile(events).traits;
        let shown: Vec<_> =
            traits.iter().map(|t| (t.name.as_str(), t.value.clone(), t.at)).collect();
        let expected: Vec<_> = expected.iter().map(|(n, v, d)| (*n, v.clone(), day(*d))).collect();
        assert_eq!(shown, expected);
    };
    check(
        &[
            identify(day(1), &json!({"plan": "Basic", "age": 4})),
            identify(day(2), &json!({"plan": "Pro"})),
        ],
        &[("age", json!(4), 1), ("plan", json!("Pro"), 2)],
    );
    // Taken away, by `null` or by name; what is said later is there again.
    check(
        &[identify(day(1), &json!({"plan": "Pro"})), identify(day(2), &json!({"plan": null}))],
        &[],
    );
    check(
        &[
            identify(day(1), &json!({"plan": "Pro", "age": 4})),
            track(day(2), "Left").unset("plan"),
            identify(day(3), &json!({"plan": "Plus"})),
        ],
        &[("age", json!(4), 1), ("plan", json!("Plus"), 3)],
    );
    // Once: the earliest, and only where nothing was set, whenever that was.
    let once = |at: i64, value: &str| track(day(at), "Came").once(&json!({"referrer": value}));
    check(&[once(1, "ad"), once(2, "mail")], &[("referrer", json!("ad"), 1)]);
    check(
        &[once(1, "ad"), identify(day(2), &json!({"referrer": "set"})), once(3, "mail")],
        &[("referrer", json!("set"), 2)],
    );
    check(&[once(1, "ad"), track(day(0), "Left").unset("referrer")], &[]);
    // At the same moment the greater value; objects are kept whole; what is too long is left out.
    check(
        &[identify(day(1), &json!({"a": "x"})), identify(day(1), &json!({"a": "y"}))],
        &[("a", json!("y"), 1)],
    );
    let long = "x".repeat(5_000);
    check(
        &[identify(day(1), &json!({"address": {"city": "Kiel"}, "essay": long}))],
        &[("address", json!({"city": "Kiel"}), 1)],
    );
    // A group's traits are the account's.
    check(&[call(day(1), EventKind::Group).traits(&json!({"plan": "x"}))], &[]);
}

#[test]
fn a_trait_knows_where_it_came_from() {
    let mut fragments = Fragments::new();
    let limits = Limits::default();
    let one = identify(day(1), &json!({"plan": "Basic"})).source(7);
    let other = identify(day(2), &json!({"plan": "Pro"})).source(8);
    fragments.absorb(IdentifierId(3), &other, &limits);
    fragments.absorb(IdentifierId(4), &one, &limits);
    let shown = fragments.view(&TraitRules::default()).traits.remove(0);
    assert_eq!((shown.source, shown.came_under), (SourceId(8), IdentifierId(3)));
    let (stay, gone) = fragments.part(|id| id == IdentifierId(3));
    assert_eq!(
        stay.view(&TraitRules::default()).traits[0].value,
        json!("Basic"),
        "unmerged: the older value is back"
    );
    assert_eq!(gone.view(&TraitRules::default()).traits[0].value, json!("Pro"));
}

#[test]
fn who_it_is() {
    let check = |traits: Value, expected: [Option<&str>; 6]| {
        let p = profile(&[identify(day(1), &traits)]);
        let shown = [p.name, p.email, p.phone, p.country, p.city, p.company];
        assert_eq!(shown.each_ref().map(Option::as_deref), expected, "{traits}");
    };
    check(
        json!({"name": "Ann Example", "firstName": "Anna", "email": "a@example.com", "phone": "+4912345",
               "address": {"country": "DE", "city": "Kiel"}, "company": {"name": "Example Ltd"}}),
        [
            Some("Ann Example"),
            Some("a@example.com"),
            Some("+4912345"),
            Some("DE"),
            Some("Kiel"),
            Some("Example Ltd"),
        ],
    );
    check(
        json!({"first_name": "Ann", "last_name": "Example", "country": "GB", "company": "Example Ltd"}),
        [Some("Ann Example"), None, None, Some("GB"), None, Some("Example Ltd")],
    );
    check(
        json!({"lastName": "Example", "name": " "}),
        [Some("Example"), None, None, None, None, None],
    );
    check(json!({"name": {"first": "Ann"}, "email": 7}), [None, Some("7"), None, None, None, None]);
}

#[test]
fn how_sure_it_is() {
    let check = |events: &[Event], expected| assert_eq!(profile(events).certainty, expected);
    check(&[track(day(1), "Seen").anonymous()], Certainty::Anonymous);
    check(&[identify(day(1), &json!({"email": "a@example.com"})).anonymous()], Certainty::Claimed);
    check(&[track(day(1), "Seen")], Certainty::Known);
    assert_eq!(Fragments::new().view(&TraitRules::default()).certainty, Certainty::Anonymous);
}

#[test]
fn consent_by_purpose_and_channel() {
    use ConsentState::{Denied, Granted};
    let check = |events: &[Event], expected: &[(&str, &str, ConsentState, i64, Option<&str>)]| {
        let consents = profile(events).consents;
        let shown = consents.iter().map(|c| {
            (c.purpose.as_str(), c.channel.as_str(), c.state, c.at, c.text_version.as_deref())
        });
        let expected: Vec<_> =
            expected.iter().map(|&(p, c, s, d, v)| (p, c, s, day(d), v)).collect();
        assert_eq!(shown.collect::<Vec<_>>(), expected);
    };
    let changed = |at: i64, said: Value| track(day(at), "Consent Changed").properties(&said);
    check(
        &[changed(
            1,
            json!({"purpose": "Marketing", "channel": "Email", "granted": true, "text_version": 3}),
        )],
        &[("marketing", "email", Granted, 1, Some("3"))],
    );
    check(
        &[
            changed(1, json!({"purpose": "marketing", "channel": "sms", "granted": "yes"})),
            changed(2, json!({"purpose": "marketing", "channel": "sms", "granted": false})),
            changed(2, json!({"purpose": "analytics", "granted": true})),
        ],
        &[("analytics", "all", Granted, 2, None), ("marketing", "sms", Denied, 2, None)],
    );
    // At the same moment no beats yes.
    check(
        &[
            changed(1, json!({"purpose": "marketing", "channel": "sms", "granted": false})),
            changed(1, json!({"purpose": "marketing", "channel": "sms", "granted": true})),
        ],
        &[("marketing", "sms", Denied, 1, None)],
    );
    // No purpose, or no answer: nothing was said.
    check(
        &[
            changed(1, json!({"granted": true})),
            changed(1, json!({"purpose": "x", "granted": "maybe"})),
        ],
        &[],
    );
    let preferences = json!({"consent": {"categoryPreferences": {"Advertising": true, "Analytics": false, "Odd": []}}});
    check(
        &[track(day(1), "Segment Consent Preference Updated").context(&preferences)],
        &[("advertising", "all", Granted, 1, None), ("analytics", "all", Denied, 1, None)],
    );
    for name in ["Unsubscribed", "Email Marked as Spam"] {
        check(
            &[
                changed(1, json!({"purpose": "marketing", "channel": "email", "granted": true})),
                track(day(2), name).properties(&json!({"email_id": "e"})),
            ],
            &[("marketing", "email", Denied, 2, None)],
        );
    }
}

#[test]
fn messages_go_their_way() {
    let check = |steps: &[(i64, &str)], status: &str| {
        let events: Vec<_> = steps
            .iter()
            .map(|&(at, name)| {
                let said = json!({"email_id": "e1", "email_subject": "Hello", "campaign_id": "c1", "campaign_name": "Welcome"});
                track(day(at), name).properties(&said)
            })
            .collect();
        let profile = profile(&events);
        assert_eq!(profile.messages.len(), 1);
        let message = &profile.messages[0];
        assert_eq!(message.status.slug(), status);
        assert_eq!(message.campaign.as_deref(), Some("Welcome"));
        assert_eq!(message.subject.as_deref(), Some("Hello"));
        assert_eq!(message.at(), day(steps.iter().map(|s| s.0).min().unwrap()));
        message.clone()
    };
    let all = check(
        &[
            (1, "Email Sent"),
            (2, "Email Delivered"),
            (3, "Email Opened"),
            (4, "Email Opened"),
            (5, "Email Link Clicked"),
        ],
        "clicked",
    );
    assert_eq!(all.sent_at, Some(day(1)));
    assert_eq!(all.delivered_at, Some(day(2)));
    assert_eq!(all.opened_at, Some(day(3)), "the first time");
    assert_eq!(all.clicked_at, Some(day(5)));
    check(&[(1, "Email Sent")], "sent");
    check(&[(2, "Email Delivered")], "delivered");
    check(&[(1, "Email Delivered"), (2, "Email Bounced")], "bounced");
    check(&[(1, "Email Opened")], "opened");
    let left = check(&[(1, "Email Link Clicked"), (2, "Unsubscribed")], "unsubscribed");
    assert_eq!(left.unsubscribed_at, Some(day(2)));
    let spam = check(&[(1, "Email Opened"), (2, "Email Marked as Spam")], "marked_as_spam");
    assert_eq!(spam.marked_as_spam_at, Some(day(2)));
}

#[test]
fn messages_are_told_apart_by_id_else_campaign() {
    let mail = |at: i64, said: Value| track(day(at), "Email Opened").properties(&said);
    let ids: Vec<_> = profile(&[
        mail(1, json!({"email_id": 8, "campaign_id": "c"})),
        mail(2, json!({"message_id": "m"})),
        mail(3, json!({"campaign_id": "c"})),
        mail(4, json!({"campaign_id": "c"})),
        mail(5, json!({})),
    ])
    .messages
    .into_iter()
    .map(|m| m.id)
    .collect();
    assert_eq!(ids.len(), 4);
    assert!(ids[0].starts_with("event:m-"), "{ids:?}");
    assert_eq!(ids[1..], ["campaign:c", "m", "8"]);
}

#[test]
fn accounts_come_from_groups() {
    let profile = profile(&[
        call(day(3), EventKind::Group).account("acme").traits(&json!({"name": "Acme Ltd"})),
        call(day(1), EventKind::Group).account("acme").traits(&json!({"plan": "x"})),
        track(day(2), "Seen").account("beta").traits(&json!({"name": "Ann"})),
    ]);
    let shown: Vec<_> = profile
        .accounts
        .iter()
        .map(|a| (a.account_key.as_str(), a.name.as_deref(), a.since))
        .collect();
    assert_eq!(shown, [("acme", Some("Acme Ltd"), day(1)), ("beta", None, day(2))]);
    assert_eq!(profile.company.as_deref(), Some("Acme Ltd"));
}

#[test]
fn circumstances_are_the_latest_and_agents_all() {
    let context = |browser: &str, locale: &str, country: &str| {
        json!({"locale": locale, "timezone": "Europe/Berlin", "location": {"country": country},
               "rapport": {"agent": {"browser": browser, "os": "Linux", "device": "pc"}}})
    };
    let profile = profile(&[
        track(day(1), "Seen").context(&context("Firefox", "de", "DE")),
        track(day(3), "Seen").context(&context("Chrome", "en", "GB")),
        track(day(2), "Seen").context(&context("Firefox", "fr", "FR")),
        track(day(4), "Seen")
            .context(&json!({"locale": 5.5, "location": "nowhere", "rapport": []})),
    ]);
    assert_eq!(profile.locale.as_deref(), Some("5.5"));
    assert_eq!(profile.timezone.as_deref(), Some("Europe/Berlin"));
    assert_eq!(profile.country.as_deref(), Some("GB"));
    let agents: Vec<_> = profile.agents.iter().map(|a| (a.browser.as_str(), a.last_seen)).collect();
    assert_eq!(agents, [("Chrome", day(3)), ("Firefox", day(2))]);
}

#[test]
fn counts_keep_the_names_that_matter() {
    let mut events: Vec<_> = (0..500).map(|n| track(day(0), &format!("Made up {n}"))).collect();
    events.extend(
        (0..3).map(|n| track(day(n), "Order Completed").properties(&json!({"order_id": n}))),
    );
    let profile = profile(&events);
    assert_eq!(profile.counts.len(), 64);
    assert_eq!((profile.counts[0].name.as_str(), profile.counts[0].n), ("Order Completed", 3));
    assert_eq!(profile.n_other_events, 500 - 63);
    assert_eq!(profile.n_events, 503);
    assert_eq!((profile.first_seen, profile.last_seen), (Some(day(0)), Some(day(2))));
}

#[test]
fn the_latest_traits_stay_when_there_are_too_many() {
    let limits = Limits { traits_per_customer_max: 2, ..Limits::default() };
    let mut fragments = Fragments::new();
    for (at, name) in [(3, "c"), (1, "a"), (2, "b"), (4, "a")] {
        fragments.absorb(IdentifierId(1), &identify(day(at), &json!({name: at})), &limits);
    }
    let names: Vec<_> =
        fragments.view(&TraitRules::default()).traits.into_iter().map(|t| t.name).collect();
    assert_eq!(names, ["a", "c"]);
}
