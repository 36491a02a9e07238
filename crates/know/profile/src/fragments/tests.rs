//! Does the order of events matter, do blobs survive, and are they small?

use crate::scene::{Tell, call, day, identify, track};
use crate::{Consent, DecodeError, Fragments, Profile, TraitHistory, TraitRule, TraitRules};
use base::{IdentifierId, Limits, SourceId, Timestamp};
use lexicon::{Event, EventKind};
use proptest::prelude::*;
use serde_json::{Value, json};

const A: IdentifierId = IdentifierId(1);

fn absorbed(events: &[(IdentifierId, Event)], limits: &Limits) -> Fragments {
    let mut fragments = Fragments::new();
    for (identifier, event) in events {
        fragments.absorb(*identifier, event, limits);
    }
    fragments
}

/// Rules under which every kind of rule has a trait.
fn rules() -> TraitRules {
    let by_name = [
        ("a".into(), TraitRule::MostTrusted),
        ("b".into(), TraitRule::VerifiedFirst),
        ("c".into(), TraitRule::Longest),
    ];
    TraitRules {
        default: TraitRule::Latest,
        by_name: by_name.into(),
        trusted: vec![SourceId(2)],
        verified: [SourceId(1)].into(),
    }
}

fn view(fragments: &Fragments) -> Profile {
    fragments.view(&rules())
}

/// The histories of all traits.
fn histories(fragments: &Fragments) -> Vec<TraitHistory> {
    let names = fragments.trait_names().into_iter();
    names.filter_map(|name| fragments.trait_history(name, &rules())).collect()
}

/// Limits so small that a handful of events runs into them.
fn tiny() -> Limits {
    Limits {
        traits_per_customer_max: 2,
        values_per_trait_max: 2,
        past_value_bytes_max: 3,
        answers_per_consent_max: 2,
        orders_per_customer_max: 2,
        holdings_per_customer_max: 3,
        messages_per_customer_max: 2,
        ..Limits::default()
    }
}

fn products() -> impl Strategy<Value = Value> {
    let product = (0..4u8, -2..4i64, proptest::option::of(0..5i64)).prop_map(|(id, n, price)| {
        json!({"product_id": format!("p{id}"), "quantity": n as f64 / 2.0, "price": price,
               "name": format!("Product {}", n + i64::from(id)), "category": price.map(|p| p.to_string())})
    });
    proptest::collection::vec(product, 0..3).prop_map(Value::Array)
}

fn order_event() -> impl Strategy<Value = (&'static str, Value)> {
    let name = prop_oneof![
        Just("Order Completed"),
        Just("Order Updated"),
        Just("Order Refunded"),
        Just("Order Cancelled"),
    ];
    let currency = prop_oneof![Just(json!("EUR")), Just(json!("JPY")), Just(Value::Null)];
    let amount = proptest::option::of(-3..9i64);
    (name, 0..4u8, amount.clone(), amount, currency, proptest::option::of(products())).prop_map(
        |(name, id, total, revenue, currency, products)| {
            let id = if id == 0 { Value::Null } else { json!(format!("o{id}")) };
            let properties = json!({"order_id": id, "total": total, "revenue": revenue,
                "currency": currency, "products": products, "coupon": total.map(|t| t.to_string())});
            (name, properties)
        },
    )
}

fn other_event() -> impl Strategy<Value = (&'static str, Value)> {
    let email = prop_oneof![
        Just("Email Sent"),
        Just("Email Delivered"),
        Just("Email Opened"),
        Just("Email Link Clicked"),
        Just("Email Bounced"),
        Just("Email Marked as Spam"),
        Just("Unsubscribed"),
    ];
    let email = (email, 0..4u8, 0..3u8).prop_map(|(name, id, campaign)| {
        let id = if id == 0 { Value::Null } else { json!(format!("e{id}")) };
        let subject = format!("About {campaign}");
        (name, json!({"email_id": id, "campaign_id": campaign, "email_subject": subject}))
    });
    let consent = (0..2u8, 0..3u8, any::<bool>()).prop_map(|(purpose, channel, granted)| {
        let channel = ["", "email", "sms"][usize::from(channel)];
        let purpose = ["marketing", "analytics"][usize::from(purpose)];
        let said = json!({"purpose": purpose, "channel": channel, "granted": granted,
                          "text_version": granted.then_some("v2")});
        ("Consent Changed", said)
    });
    let acts = ["Consent Given", "Consent Confirmed", "Consent Withdrawn"];
    let act = (0..3usize, 0..2u8, any::<bool>()).prop_map(move |(act, channel, is_double)| {
        let channel = ["email", "all"][usize::from(channel)];
        let said = json!({"purpose": "marketing", "channel": channel, "double_opt_in": is_double});
        (acts[act], said)
    });
    let plain = (0..90u8).prop_map(|n| (["Seen", "Heard", "Felt"][usize::from(n % 3)], json!({})));
    prop_oneof![email, consent, act, plain]
}

fn any_traits() -> impl Strategy<Value = Value> {
    let value =
        prop_oneof![Just(Value::Null), (0..3i64).prop_map(|n| json!(n)), Just(json!({"a": [1]}))];
    proptest::collection::btree_map("[a-d]", value, 0..3)
        .prop_map(|map| Value::Object(map.into_iter().collect()))
}

fn any_context() -> impl Strategy<Value = Value> {
    (0..4u8, 0..3u8, any::<bool>(), any::<bool>()).prop_map(|(agent, place, yes, nested)| {
        let agent = json!({"browser": format!("B{agent}"), "os": "Linux", "device": "pc"});
        let locale = ["en", "de", "fr"][usize::from(place)];
        let mut context = json!({"locale": locale,
            "timezone": "Europe/Berlin",
            "location": {"country": format!("C{place}"), "city": format!("T{place}")},
            "consent": {"categoryPreferences": {"Advertising": yes}}});
        if nested {
            context["rapport"] = json!({"agent": agent});
        } else {
            context["rapport.agent"] = agent;
        }
        context
    })
}

/// Any event, at one of few moments, so that ties are common.
fn any_event() -> impl Strategy<Value = Event> {
    let tracked = prop_oneof![3 => order_event().boxed(), 3 => other_event().boxed()];
    let traits = (any_traits(), any_traits(), proptest::option::of("[a-d]"));
    let call_kind = prop_oneof![Just(EventKind::Identify), Just(EventKind::Group)];
    let what = prop_oneof![
        2 => tracked.prop_map(|(name, said)| track(day(0), name).properties(&said)),
        1 => (call_kind, traits).prop_map(|(kind, (set, once, unset))| {
            let event = call(day(0), kind).traits(&set).once(&once);
            match unset {
                Some(name) => event.unset(&name),
                None => event,
            }
        }),
    ];
    let account = proptest::option::of(0..3u8);
    (what, 0..12i64, 1..3u64, any_context(), account, any::<u32>()).prop_map(
        |(event, at, source, context, account, id)| {
            let event = match account {
                Some(n) => event.account(&format!("acc{n}")),
                None => event,
            };
            let event = event.context(&context).source(source);
            Event { occurred_at: day(at), message_id: format!("m{id}").into(), ..event }
        },
    )
}

type Told = Vec<(IdentifierId, Event)>;

/// Events under three identifiers, and the same in another order.
fn told() -> impl Strategy<Value = (Told, Told)> {
    let event = (1..4u64, any_event()).prop_map(|(id, event)| (IdentifierId(id), event));
    proptest::collection::vec(event, 0..40)
        .prop_flat_map(|events| (Just(events.clone()), Just(events).prop_shuffle()))
}

/// The view as seen when it does not matter which identifier an event came under.
fn without_origin(profile: Profile) -> Profile {
    let mut profile = profile;
    profile.came_under.clear();
    for value in &mut profile.traits {
        value.came_under = A;
        value.others.iter_mut().for_each(|other| other.came_under = A);
        // What one source says under two identifiers are two statements.
        (value.since, value.n) = (value.at, 1);
    }
    profile
}

/// Of what was said along with other events, the first time and the number begin anew where it had
/// fallen out.
fn without_what_returned(consent: &mut Consent) {
    consent.n_fallen = 0;
    consent.since = consent.at;
    consent.evidence = consent.changes[0].last.clone();
    for change in &mut consent.changes {
        (change.first, change.n) = (change.last.clone(), 1);
    }
}

/// What is promised beyond the bounds as well, and which messages are left.
fn exact_parts(profile: Profile) -> (Profile, Vec<String>) {
    let mut messages: Vec<_> = profile.messages.into_iter().map(|message| message.id).collect();
    messages.sort_unstable();
    let mut traits = profile.traits;
    for value in &mut traits {
        // A name that had fallen out and came back begins anew.
        (value.since, value.n) = (value.at, 1);
        (value.others, value.n_others) = (Vec::new(), 0);
    }
    let mut consents = profile.consents;
    consents.iter_mut().for_each(without_what_returned);
    let promised = Profile {
        traits,
        consents,
        messages: Vec::new(),
        orders: Vec::new(),
        order_totals: Vec::new(),
        holdings: Vec::new(),
        first_order_at: None,
        ..profile
    };
    (promised, messages)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn order_has_no_say((events, shuffled) in told()) {
        let limits = Limits::default();
        let one = absorbed(&events, &limits);
        let other = absorbed(&shuffled, &limits);
        prop_assert_eq!(&one, &other);
        prop_assert_eq!(one.encode(), other.encode());
        prop_assert_eq!(view(&one), view(&other));
        prop_assert_eq!(histories(&one), histories(&other));
    }

    #[test]
    fn parts_joined_are_the_whole((events, shuffled) in told(), cut in 0..40usize) {
        let limits = Limits::default();
        let (first, second) = shuffled.split_at(cut.min(shuffled.len()));
        let joined = absorbed(second, &limits).join(absorbed(first, &limits));
        prop_assert_eq!(joined, absorbed(&events, &limits));
    }

    #[test]
    fn it_does_not_matter_which_identifier_they_came_under((events, _) in told()) {
        let limits = Limits::default();
        let under_one: Vec<_> = events.iter().map(|(_, event)| (A, event.clone())).collect();
        let one = absorbed(&under_one, &limits);
        let many = absorbed(&events, &limits);
        prop_assert_eq!(without_origin(view(&one)), without_origin(view(&many)));
        prop_assert_eq!(one.summary(&rules()), many.summary(&rules()));
    }

    #[test]
    fn parting_undoes_joining((events, _) in told(), goes in 1..4u64) {
        let limits = Limits::default();
        let whole = absorbed(&events, &limits);
        let (stay, gone) = whole.clone().part(|id| id.0 == goes);
        prop_assert!(gone.identifiers().all(|id| id.0 == goes));
        prop_assert!(stay.identifiers().all(|id| id.0 != goes));
        let alone: Vec<_> = events.iter().filter(|(id, _)| id.0 == goes).cloned().collect();
        prop_assert_eq!(histories(&gone), histories(&absorbed(&alone, &limits)));
        prop_assert_eq!(view(&gone), view(&absorbed(&alone, &limits)));
        let again = stay.join(gone);
        prop_assert_eq!(again.encode(), whole.encode());
        prop_assert_eq!(again, whole);
    }

    #[test]
    fn blobs_round_trip_and_are_exact((events, _) in told()) {
        let limits = Limits::default();
        let mut stored = Fragments::new().encode();
        for (identifier, event) in &events {
            let mut fragments = Fragments::decode(&stored).unwrap();
            fragments.absorb(*identifier, event, &limits);
            stored = fragments.encode();
        }
        prop_assert_eq!(Fragments::decode(&stored).unwrap(), absorbed(&events, &limits));
    }

    #[test]
    fn the_summary_agrees_with_the_view((events, _) in told()) {
        let fragments = absorbed(&events, &Limits::default());
        let (summary, view) = (fragments.summary(&rules()), view(&fragments));
        prop_assert_eq!(summary.n_events, view.n_events);
        prop_assert_eq!(summary.first_seen, view.first_seen);
        prop_assert_eq!(summary.last_seen, view.last_seen);
        prop_assert_eq!(summary.n_orders, view.order_totals.iter().map(|t| t.n_orders).sum::<u64>());
        let main = view.order_totals.first();
        prop_assert_eq!(summary.revenue_minor, main.map_or(0, |t| t.revenue_minor));
        prop_assert_eq!(summary.certainty, view.certainty);
        prop_assert!(view.sentence(day(400)).ends_with('.'));
    }

    #[test]
    fn beyond_the_bounds_the_promised_parts_are_exact((events, shuffled) in told()) {
        let under_one = |events: &Told| events.iter().map(|(_, e)| (A, e.clone())).collect::<Vec<_>>();
        let one = absorbed(&under_one(&events), &tiny());
        let other = absorbed(&under_one(&shuffled), &tiny());
        let latest = TraitRules::default();
        prop_assert_eq!(exact_parts(one.view(&latest)), exact_parts(other.view(&latest)));
    }

    #[test]
    fn beyond_the_bound_sums_of_orders_are_exact(
        orders in proptest::collection::vec((0..20i64, 1..500i64), 1..12).prop_shuffle(),
    ) {
        let told = |(n, (at, cents)): (usize, &(i64, i64))| {
            let said = json!({"order_id": n, "total": *cents as f64 / 100.0, "currency": "EUR"});
            (A, track(day(*at), "Order Completed").properties(&said))
        };
        let events: Vec<_> = orders.iter().enumerate().map(told).collect();
        let view = view(&absorbed(&events, &tiny()));
        prop_assert_eq!(view.order_totals[0].n_orders, orders.len() as u64);
        let sum: i64 = orders.iter().map(|(_, cents)| cents).sum();
        prop_assert_eq!(view.order_totals[0].revenue_minor, sum);
        prop_assert_eq!(view.orders.len(), orders.len().min(2));
        let first = orders.iter().map(|(at, _)| day(*at)).min();
        prop_assert_eq!(view.first_order_at, first);
    }

    #[test]
    fn nonsense_is_an_error_and_no_crash(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Fragments::decode(&bytes);
        for version in [1, 2] {
            let mut versioned = vec![version];
            versioned.extend(&bytes);
            if let Ok(fragments) = Fragments::decode(&versioned) {
                let _ = view(&fragments).sentence(day(0));
                let _ = histories(&fragments);
                let _ = fragments.encode();
            }
        }
    }
}

#[test]
fn damaged_blobs_are_told_apart() {
    let good = absorbed(&typical_customer(), &Limits::default()).encode();
    assert!(Fragments::decode(&good).is_ok());
    assert!(matches!(Fragments::decode(&[]), Err(DecodeError::Empty)));
    let unknown = Fragments::decode(&[9, 0]).unwrap_err();
    assert_eq!(unknown.to_string(), "the profile has version 9, the newest known one is 2");
    for length in 1..good.len() {
        let cut = Fragments::decode(&good[..length]);
        assert!(matches!(cut, Err(DecodeError::Damaged { .. })), "{length}");
    }
    let longer = [good.as_slice(), &[0]].concat();
    assert!(matches!(Fragments::decode(&longer), Err(DecodeError::Trailing { n_bytes: 1 })));
}

fn page(at: Timestamp) -> Event {
    let context = json!({
        "ip": "203.0.113.7", "locale": "en-GB", "timezone": "Europe/London",
        "library": {"name": "analytics.js", "version": "npm:next-1.84.3"},
        "page": {"path": "/hubs", "referrer": "", "search": "", "title": "Hubs | Northlight Home",
                 "url": "https://northlight.example/hubs"},
        "userAgent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
        "rapport": {"agent": {"browser": "Chrome", "os": "Linux", "device": "pc"}},
    });
    call(at, EventKind::Page).context(&context)
}

/// 40 events of a customer with two orders of two products.
fn typical_customer() -> Vec<(IdentifierId, Event)> {
    let mut events: Vec<(IdentifierId, Event)> = Vec::new();
    let visits = (0..30).map(|n| (IdentifierId(123_456), page(day(n)).anonymous()));
    events.extend(visits);
    let traits = json!({"email": "ann.example@example.com", "firstName": "Ann", "lastName": "Example",
        "plan": "Pro", "createdAt": "2026-01-03T10:00:00Z", "phone": "+44 20 7946 0958"});
    let known = IdentifierId(123_457);
    events.push((known, identify(day(3), &traits)));
    for n in 0..2 {
        let products = json!([
            {"product_id": "NL-HUB-2", "name": "Northlight Hub 2", "category": "Hubs", "price": 129.0, "quantity": 1},
            {"product_id": "NL-CAM-1", "name": "Northlight Cam", "category": "Cameras", "price": 79.5, "quantity": 2},
        ]);
        let order = json!({"order_id": format!("NL-10{n}"), "total": 288.0, "currency": "GBP", "products": products});
        events.push((known, track(day(5 + 20 * n), "Order Completed").properties(&order)));
    }
    for (n, name) in [(8, "Email Delivered"), (9, "Email Opened")] {
        let said = json!({"email_id": "e-8812", "email_subject": "Your hub is on its way", "campaign_name": "Post-purchase"});
        events.push((known, track(day(n), name).properties(&said)));
    }
    let consent = json!({"purpose": "marketing", "channel": "email", "granted": true, "text_version": "2026-01"});
    events.push((known, track(day(4), "Consent Changed").properties(&consent)));
    for (n, name) in
        ["Product Viewed", "Product Added", "Cart Viewed", "Checkout Started"].iter().enumerate()
    {
        events.push((known, track(day(n as i64), name)));
    }
    events
}

#[test]
fn blobs_are_small() {
    let visitor: Vec<_> = (0..12)
        .map(|n| {
            if n % 3 == 0 {
                track(day(n), "Product Viewed").context(&json!({}))
            } else {
                page(day(n))
            }
        })
        .map(|event| (IdentifierId(123_456), event.anonymous()))
        .collect();
    let n_bytes = absorbed(&visitor, &Limits::default()).encode().len();
    assert!(n_bytes <= 250, "an anonymous visitor takes {n_bytes} bytes");
    let n_bytes = absorbed(&typical_customer(), &Limits::default()).encode().len();
    assert!(n_bytes <= 1024, "a typical customer takes {n_bytes} bytes");
}
