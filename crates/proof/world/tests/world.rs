//! Is the world repeatable, well-formed, believable, and at one with its truth?

use serde_json::Value as Json;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;
use world::{
    Arrival, Channel, CrmRecord, Kind, Life, Method, Receipt, Truth, Value, World, WorldEvent,
    WorldSpec,
};

/// 2026-11-21 12:00 UTC.
const ENDS_AT: i64 = 1_795_262_400_000_000;
const HOUR: i64 = 3_600_000_000;
const N_CUSTOMERS: u64 = 3_000;

fn world_of(seed: u64, n_customers: u64) -> World {
    World::new(WorldSpec { seed, n_customers, ends_at: ENDS_AT, months: 18 })
}

/// One world for all tests: 3,000 customers, some 200,000 events.
fn lives() -> &'static [Life] {
    static LIVES: OnceLock<Vec<Life>> = OnceLock::new();
    LIVES.get_or_init(|| world_of(1, N_CUSTOMERS).lives().collect())
}

fn events() -> impl Iterator<Item = &'static WorldEvent> {
    lives().iter().flat_map(|life| &life.events)
}

fn named<'a>(life: &'a Life, name: &'a str) -> impl Iterator<Item = &'a WorldEvent> {
    life.events.iter().filter(move |event| event.method == Method::Track && event.name == name)
}

fn flag(event: &WorldEvent, name: &str) -> bool {
    event.field(name) == Some(&Value::Flag(true))
}

fn is_text(event: &WorldEvent, name: &str, text: &str) -> bool {
    match event.field(name) {
        Some(Value::Text(found)) => *found == text,
        Some(Value::Shared(found)) => &**found == text,
        _ => false,
    }
}

fn cents(event: &WorldEvent, name: &str) -> i64 {
    match event.field(name) {
        Some(Value::Cents(cents)) => *cents,
        other => panic!("{name} of {} is {other:?}", event.name),
    }
}

/// Everything that a life writes, as text.
fn written(life: &Life) -> String {
    let mut out = serde_json::to_string(&life.truth).expect("the truth is plain data");
    life.events.iter().for_each(|event| event.to_segment_json(&mut out));
    life.crm.iter().for_each(|record| record.to_csv(&mut out));
    life.receipts.iter().for_each(|receipt| receipt.to_csv(&mut out));
    out
}

/// FNV-1a, 64 bits.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    })
}

/// A change of this number means that every world is another one: say so in the changelog.
/// It holds where `ln`, `exp` and `cos` are glibc's (see `draw`).
#[test]
#[cfg(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64"))]
fn a_tiny_world_is_the_same_for_ever() {
    let text: String = world_of(1, 40).lives().map(|life| written(&life)).collect();
    assert_eq!(format!("{:016x}", hash(&text)), "f897911b5f17b846");
}

#[test]
fn another_seed_is_another_world() {
    assert_ne!(written(&world_of(1, 5).customer(3)), written(&world_of(2, 5).customer(3)));
}

#[test]
fn a_customer_does_not_depend_on_the_size_of_the_world_or_on_the_order() {
    let (small, large) = (world_of(1, 50), world_of(1, 1_000_000));
    for index in (0..50).rev() {
        assert_eq!(small.customer(index), large.customer(index));
        assert_eq!(&small.customer(index), &lives()[index as usize]);
    }
    let far = large.customer(999_999);
    assert_eq!(far.truth.person_id, "P00999999");
}

#[test]
fn events_lie_in_the_window_after_birth_and_in_order() {
    let starts_at = world_of(1, 1).starts_at();
    for life in lives() {
        let truth = &life.truth;
        assert!(!life.events.is_empty(), "{} left no trace", truth.person_id);
        assert!(life.events.is_sorted_by_key(|event| event.timestamp));
        let window = starts_at.max(truth.born_at)..ENDS_AT;
        for event in &life.events {
            assert!(window.contains(&event.timestamp), "{} {}", truth.person_id, event.name);
            assert_eq!(event.timestamp % 1000, 0, "whole milliseconds");
        }
        assert!(life.receipts.iter().all(|receipt| window.contains(&receipt.at)));
        assert_eq!(life.events[0].timestamp, truth.born_at);
    }
}

#[test]
fn every_event_is_json_as_segment_wants_it() {
    let mut line = String::new();
    for event in events() {
        line.clear();
        event.to_segment_json(&mut line);
        let json: Json = serde_json::from_str(&line).unwrap_or_else(|e| panic!("{e}: {line}"));
        assert_eq!(json["type"], event.method.name());
        assert_eq!(json["messageId"].as_str().map(str::len), Some(36));
        assert!(json["anonymousId"].is_string() || json["userId"].is_string(), "{line}");
        assert!(json["context"]["library"]["name"].is_string());
        assert!(line.len() < 32_000 && !line.contains('\n'));
        let member = match event.method {
            Method::Track => "event",
            Method::Page => "name",
            Method::Identify => "traits",
            Method::Group => "groupId",
            Method::Alias => "previousId",
        };
        assert!(!json[member].is_null(), "{line}");
        if event.method == Method::Page {
            assert_eq!(json["properties"]["url"], json["context"]["page"]["url"]);
        }
    }
}

#[test]
fn an_order_has_the_properties_of_the_e_commerce_spec() {
    let order = events().find(|event| event.name == "Order Completed").expect("somebody buys");
    let mut line = String::new();
    order.to_segment_json(&mut line);
    let json: Json = serde_json::from_str(&line).expect("it is JSON");
    let properties = &json["properties"];
    for name in ["order_id", "currency"] {
        assert!(properties[name].is_string(), "{name} in {line}");
    }
    for name in ["total", "revenue", "shipping", "tax", "discount"] {
        assert!(properties[name].is_number(), "{name} in {line}");
    }
    for name in ["product_id", "sku", "name", "category", "price", "quantity"] {
        assert!(!properties["products"][0][name].is_null(), "{name} in {line}");
    }
}

#[test]
fn ids_of_events_orders_and_records_are_their_own() {
    let mut ids = HashSet::new();
    assert!(events().all(|event| ids.insert(event.message_id)), "a message id twice");
    let mut texts = HashSet::new();
    for life in lives() {
        for order in named(life, "Order Completed") {
            assert!(texts.insert(format!("{:?}", order.field("order_id"))), "an order id twice");
        }
        for id in life.truth.identifiers.crm_ids.iter().chain(&life.truth.identifiers.receipt_ids) {
            assert!(texts.insert(id.clone()), "{id} twice");
        }
    }
}

#[test]
fn identifiers_lead_to_one_person_unless_a_household_shares_them() {
    let mut owners: HashMap<&str, &Truth> = HashMap::new();
    let (mut n_shared_emails, mut n_shared_tablets) = (0, 0);
    for life in lives() {
        let truth = &life.truth;
        let ids = &truth.identifiers;
        for id in ids.user_id.iter().chain(&ids.anonymous_ids).chain(&ids.phones) {
            assert!(owners.insert(id, truth).is_none(), "{id} has two owners");
        }
        for id in ids.emails.iter().chain(&ids.shared_anonymous_ids) {
            if let Some(other) = owners.insert(id, truth) {
                assert_eq!(other.household_id, truth.household_id, "{id}");
                let is_email = id.contains('@');
                assert!(!is_email || (ids.email_is_shared && other.identifiers.email_is_shared));
                n_shared_emails += u32::from(is_email);
                n_shared_tablets += u32::from(!is_email);
            }
        }
    }
    assert!(n_shared_emails > 5 && n_shared_tablets > 5, "{n_shared_emails} {n_shared_tablets}");
}

#[test]
fn the_truth_knows_every_identifier_that_events_carry() {
    for life in lives() {
        let ids = &life.truth.identifiers;
        let known = |id: &str| {
            ids.user_id.as_deref() == Some(id)
                || ids.anonymous_ids.iter().chain(&ids.shared_anonymous_ids).any(|own| own == id)
        };
        for event in &life.events {
            let sent = [&event.anonymous_id, &event.user_id, &event.previous_id];
            assert!(sent.into_iter().flatten().all(|id| known(id)), "{}", life.truth.person_id);
        }
        let crm: Vec<_> = life.crm.iter().map(|record| &record.crm_id).collect();
        assert_eq!(crm, ids.crm_ids.iter().collect::<Vec<_>>());
    }
}

#[test]
fn orders_and_money_in_the_truth_are_those_of_events_and_receipts() {
    for life in lives() {
        let outcome = &life.truth.outcome;
        let orders: Vec<_> = named(life, "Order Completed").collect();
        assert_eq!(outcome.n_orders_online, orders.len() as u64);
        assert_eq!(outcome.n_orders_store, life.receipts.len() as u64);
        let online: i64 = orders.iter().map(|order| cents(order, "revenue")).sum();
        let store: i64 = life.receipts.iter().flat_map(|r| &r.lines).map(|line| line.cents()).sum();
        assert_eq!(outcome.revenue_cents, online + store, "{}", life.truth.person_id);
        assert!((0..=outcome.revenue_cents).contains(&outcome.returned_cents));
        for order in orders {
            let parts = ["revenue", "shipping", "tax"].map(|part| cents(order, part));
            assert_eq!(cents(order, "total"), parts.iter().sum::<i64>());
        }
        if matches!(life.truth.nature.kind, Kind::Passerby | Kind::Prospect) {
            assert_eq!(outcome.n_orders_online + outcome.n_orders_store, 0);
        }
    }
}

#[test]
fn an_online_return_is_of_an_earlier_order() {
    let mut n_returns = 0;
    for life in lives() {
        let mut placed = HashSet::new();
        for event in &life.events {
            let id = format!("{:?}", event.field("order_id"));
            match event.name {
                "Order Completed" => assert!(placed.insert(id)),
                "Order Cancelled" | "Order Refunded" => {
                    n_returns += 1;
                    assert!(placed.contains(&id), "{id} came back before it was placed");
                }
                _ => {}
            }
        }
    }
    assert!(n_returns > 40, "{n_returns}");
}

#[test]
fn marketing_goes_only_to_those_whose_last_answer_was_yes() {
    let (mut n_mails, mut n_refusals) = (0, 0);
    for life in lives() {
        let mut may_mail = false;
        for event in &life.events {
            match event.name {
                "Consent Changed" if is_text(event, "channel", "email") => {
                    may_mail = flag(event, "granted");
                    n_refusals += u32::from(!may_mail);
                }
                "Email Delivered" if is_text(event, "purpose", "marketing") => {
                    n_mails += 1;
                    assert!(may_mail, "{} got {event:?}", life.truth.person_id);
                }
                _ => {}
            }
        }
        let at_end = life.truth.outcome.email_consent_at_end;
        assert_eq!(at_end.unwrap_or(false), may_mail, "{}", life.truth.person_id);
    }
    assert!(n_mails > 10_000 && n_refusals > 150, "{n_mails} mails, {n_refusals} refusals");
}

/// A visit that began before the death may last a little longer: an hour is allowed.
#[test]
fn the_dead_do_not_act() {
    let mut n_dead = 0;
    for life in lives() {
        let Some(died_at) = life.truth.died_at else {
            continue;
        };
        n_dead += 1;
        for event in life.events.iter().filter(|event| event.timestamp > died_at + HOUR) {
            let is_server = event.sender.library == "analytics-node";
            assert!(is_server, "{} did {} dead", life.truth.person_id, event.name);
            assert!(!["Email Opened", "Email Link Clicked"].contains(&event.name));
        }
        assert_eq!(life.truth.expected_orders_next_year, 0.0);
    }
    assert!(n_dead > 400, "{n_dead}");
}

#[test]
fn a_user_id_comes_after_an_account_was_opened() {
    for life in lives() {
        let mut is_open = false;
        for event in &life.events {
            is_open |= matches!(event.method, Method::Identify | Method::Alias);
            assert!(event.user_id.is_none() || is_open, "{}", life.truth.person_id);
        }
        let signed_up = named(life, "Signed Up").count();
        assert_eq!(signed_up, usize::from(life.truth.identifiers.user_id.is_some()));
    }
}

#[test]
fn contacts_of_accounts_say_so() {
    let world = world_of(1, N_CUSTOMERS);
    let accounts: HashMap<_, _> = world.accounts().map(|a| (a.id.clone(), a)).collect();
    let mut n_groups = 0;
    for life in lives() {
        let account = life.truth.account_id.as_deref();
        assert_eq!(account.is_some(), life.truth.nature.kind == Kind::Business);
        assert!(account.is_none_or(|id| accounts.contains_key(id)));
        for event in life.events.iter().filter(|event| event.method == Method::Group) {
            n_groups += 1;
            assert_eq!(event.group_id.as_deref(), account);
        }
    }
    assert!(accounts.len() > 10 && n_groups > 20, "{} {n_groups}", accounts.len());
}

#[test]
fn referrers_came_before_and_are_named_by_a_code() {
    let mut n_referred = 0;
    for life in lives().iter().filter(|life| life.truth.referrer_id.is_some()) {
        let id = life.truth.referrer_id.as_deref().expect("it was just filtered for");
        let referrer = &lives()[id[1..].parse::<usize>().expect("P and digits")].truth;
        assert!(referrer.born_at < life.truth.born_at);
        assert_eq!(referrer.nature.kind, Kind::Customer);
        assert!(named(life, "Signed Up").all(|event| event.field("referral_code").is_some()));
        n_referred += 1;
    }
    assert!((80..260).contains(&n_referred), "{n_referred}");
}

/// Bands are wide enough for any seed of this size (some five standard errors).
#[test]
fn shares_are_believable() {
    let n = lives().len() as f64;
    let share = |holds: &dyn Fn(&Life) -> bool| {
        lives().iter().filter(|life| holds(life)).count() as f64 / n
    };
    let kind = |kind| share(&move |life: &Life| life.truth.nature.kind == kind);
    let is_known = |life: &Life| !life.truth.identifiers.emails.is_empty();
    let n_devices = |life: &Life| life.truth.identifiers.anonymous_ids.len();
    let cases = [
        ("passers-by", kind(Kind::Passerby), 0.49, 0.60),
        ("prospects", kind(Kind::Prospect), 0.13, 0.20),
        ("customers", kind(Kind::Customer), 0.22, 0.33),
        ("contacts of accounts", kind(Kind::Business), 0.003, 0.035),
        ("known", share(&is_known), 0.36, 0.47),
        (
            "several devices among the known",
            { share(&|life| is_known(life) && n_devices(life) > 1) / share(&is_known) },
            0.45,
            0.85,
        ),
        ("buyers", share(&|l| l.truth.outcome.revenue_cents > 0), 0.22, 0.33),
        ("subscribers", share(&|l| l.truth.outcome.plan_at_end.is_some()), 0.02, 0.07),
        ("living together", share(&|l| l.truth.household_size > 1), 0.28, 0.50),
        ("in the CRM", share(&|l| !l.crm.is_empty()), 0.30, 0.45),
    ];
    for (name, share, low, high) in cases {
        assert!((low..high).contains(&share), "{name}: {share}");
    }
}

#[test]
fn lives_are_of_very_different_length() {
    let mut counts: Vec<usize> = lives().iter().map(|life| life.events.len()).collect();
    counts.sort_unstable();
    let mean = counts.iter().sum::<usize>() as f64 / counts.len() as f64;
    let at = |share: f64| counts[(share * (counts.len() - 1) as f64) as usize];
    assert!((52.0..75.0).contains(&mean), "mean {mean}");
    assert!(at(0.5) < 30, "median {}", at(0.5));
    assert!(at(0.9) > 120 && at(0.99) > 350, "{} {}", at(0.9), at(0.99));
}

/// Given the rates, orders are independent days: the variance of their sum is at most its mean.
#[test]
fn orders_are_as_many_as_the_rates_expect() {
    let sum = |value: &dyn Fn(&Truth) -> f64| lives().iter().map(|l| value(&l.truth)).sum::<f64>();
    let n = sum(&|t| (t.outcome.n_orders_online + t.outcome.n_orders_store) as f64);
    let expected = sum(&|t| t.outcome.expected_orders);
    let without = sum(&|t| t.outcome.expected_orders_without_messages);
    assert!((n - expected).abs() < 4.0 * expected.sqrt(), "{n} orders, {expected} expected");
    assert!((1.03..1.25).contains(&(expected / without)), "messages: {expected} of {without}");
}

#[test]
fn arrivals_are_those_that_the_spend_brings() {
    let spend = world_of(1, N_CUSTOMERS).spend();
    for channel in Channel::ALL {
        let expected: f64 =
            spend.iter().filter(|s| s.channel == channel).map(|s| s.expected_arrivals).sum();
        let n = lives().iter().filter(|l| l.truth.arrival == Arrival::Paid(channel)).count() as f64;
        assert!((n - expected).abs() < 4.5 * expected.sqrt(), "{channel:?}: {n} for {expected}");
    }
}

#[test]
fn records_are_sometimes_mistyped_and_never_under_a_real_domain() {
    let (mut n_records, mut n_wrong) = (0, 0);
    for life in lives() {
        let own = &life.truth.identifiers.emails;
        for record in life.crm.iter().filter(|record| !record.email.is_empty()) {
            n_records += 1;
            n_wrong += u32::from(!own.is_empty() && !own.contains(&record.email));
            let host = record.email.split_once('@').expect("an address has an @").1;
            assert!(host.ends_with(".example") || host.starts_with("example."), "{host}");
        }
    }
    assert!(n_records > 800 && n_wrong > 10, "{n_wrong} of {n_records}");
}

#[test]
fn files_have_as_many_columns_as_their_headers() {
    let n_columns = |header: &str| header.split(',').count();
    assert_eq!(n_columns(CrmRecord::CSV_HEADER), 13);
    assert_eq!(n_columns(Receipt::CSV_HEADER), 11);
    let receipt = lives().iter().find_map(|life| life.receipts.first()).expect("a store sells");
    let mut out = String::new();
    receipt.to_csv(&mut out);
    assert_eq!(out.lines().count(), receipt.lines.len());
}

#[test]
fn the_truth_goes_to_json_and_back() {
    for life in &lives()[..200] {
        let text = serde_json::to_string(&life.truth).expect("the truth is plain data");
        let back: Truth = serde_json::from_str(&text).expect("it was just written");
        assert_eq!(back.identifiers, life.truth.identifiers);
        assert_eq!(back.outcome.revenue_cents, life.truth.outcome.revenue_cents);
    }
}

#[test]
fn a_world_can_be_made_by_several_threads() {
    fn check(_: &(impl Send + Sync)) {}
    check(&world_of(1, 1));
}

#[test]
fn banners_are_seen_in_the_window_and_told_by_no_event() {
    let starts_at = world_of(1, 1).starts_at();
    let seen = |life: &'static Life| life.truth.outcome.banners_seen_at.iter();
    assert!(lives().iter().flat_map(seen).all(|at| (starts_at..ENDS_AT).contains(at)));
    assert!(lives().iter().flat_map(seen).count() > 1_000);
}

#[test]
fn a_month_is_window_enough() {
    let world =
        World::new(WorldSpec { seed: 3, n_customers: 200, ends_at: ENDS_AT - 1, months: 1 });
    assert!(world.lives().all(|life| !life.events.is_empty()));
    assert!(world.lives().any(|life| life.truth.outcome.n_orders_online > 0));
}
