//! Does the consent report say what a plain reading of all answers comes to?
//!
//! The expectation is counted here from the events themselves, in the order of their times, by the
//! table of `docs/profile.md`, and shares nothing with the profile.

use super::*;
use std::collections::BTreeMap;

const N_CUSTOMERS: usize = 40;
const N_ANSWERS: usize = 600;
const PURPOSES: [&str; 2] = ["analytics", "marketing"];
const CHANNELS: [&str; 3] = ["all", "email", "sms"];

/// Numbers that look random: Knuth's linear congruential generator.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    Asked,
    Given,
    Confirmed,
    Withdrawn,
}

/// One answer of a customer about a purpose on a channel; its time is its place in the list.
struct Said {
    customer: usize,
    purpose: usize,
    channel: usize,
    act: Act,
    text: Option<&'static str>,
}

/// What stands after all answers of one customer about one thing.
#[derive(Default)]
struct Stands {
    state: &'static str,
    is_confirmed: bool,
    text: Option<&'static str>,
    asked_about: Option<&'static str>,
    since: usize,
}

impl Stands {
    fn hear(&mut self, at: usize, said: &Said) {
        let before = self.state;
        let is_old = before == "denied" && said.act == Act::Confirmed;
        match said.act {
            Act::Withdrawn => {
                *self = Self { state: "denied", since: self.since, ..Self::default() }
            }
            Act::Asked if before != "granted" => self.state = "pending",
            Act::Given => self.state = "granted",
            Act::Confirmed if !is_old => {
                self.state = "granted";
                self.is_confirmed = true;
            }
            Act::Asked | Act::Confirmed => {}
        }
        let text = match said.act {
            Act::Confirmed => said.text.or(self.asked_about),
            Act::Given => said.text,
            Act::Asked if self.state == "pending" => said.text,
            Act::Asked | Act::Withdrawn => None,
        };
        if self.state != "denied" {
            self.text = text.or(self.text);
        }
        self.asked_about = match said.act {
            Act::Asked => said.text.or(self.asked_about),
            _ => None,
        };
        if self.state != before {
            self.since = at;
        }
    }
}

fn any_answers(dice: &mut Dice) -> Vec<Said> {
    let mut answers = Vec::new();
    for _ in 0..N_ANSWERS {
        answers.push(Said {
            // The last five never say anything.
            customer: dice.below(N_CUSTOMERS - 5),
            purpose: dice.below(PURPOSES.len()),
            channel: dice.below(CHANNELS.len()),
            act: [Act::Asked, Act::Given, Act::Confirmed, Act::Withdrawn][dice.below(4)],
            text: [None, Some("v1"), Some("v2")][dice.below(3)],
        });
    }
    answers
}

fn time_of(at: usize) -> String {
    format!("2025-11-{:02}T{:02}:{:02}:00Z", 1 + at / 60, at / 10 % 6, at % 10)
}

fn event_of(at: usize, said: &Said) -> Value {
    let name = match said.act {
        Act::Asked | Act::Given => "Consent Given",
        Act::Confirmed => "Consent Confirmed",
        Act::Withdrawn => "Consent Withdrawn",
    };
    let mut properties = json!({"purpose": PURPOSES[said.purpose]});
    if said.channel > 0 {
        properties["channel"] = json!(CHANNELS[said.channel]);
    }
    if said.act == Act::Asked {
        properties["double_opt_in"] = json!(true);
    }
    if let Some(text) = said.text {
        properties["text_version"] = json!(text);
    }
    let more = json!({"event": name, "properties": properties, "timestamp": time_of(at)});
    let user = format!("u{}", said.customer);
    event("track", &format!("c-{at}"), &user, &more)
}

/// What the report should say of one purpose on one channel.
fn expected(standing: &[&Stands]) -> Value {
    let in_state = |state: &'static str| standing.iter().filter(move |one| one.state == state);
    let granted = || in_state("granted");
    let mut texts: BTreeMap<Option<&str>, [usize; 3]> = BTreeMap::new();
    for one in standing {
        let place = ["granted", "pending", "denied"].iter().position(|state| *state == one.state);
        texts.entry(one.text).or_default()[place.unwrap()] += 1;
    }
    let text = |(text, [granted, pending, denied]): (&Option<&str>, &[usize; 3])| {
        json!({"text_version": text, "n_granted": granted, "n_pending": pending,
               "n_denied": denied})
    };
    json!({
        "n_granted": granted().count(),
        "n_pending": in_state("pending").count(),
        "n_denied": in_state("denied").count(),
        "n_confirmed": granted().filter(|one| one.is_confirmed).count(),
        "n_without_text": granted().filter(|one| one.text.is_none()).count(),
        "texts": texts.iter().map(text).collect::<Vec<_>>(),
        "n_of_sources": standing.len(),
        "oldest_at": standing.iter().map(|one| time_of(one.since)).min(),
        "latest_at": standing.iter().map(|one| time_of(one.since)).max(),
    })
}

/// What the report says, in the same form.
fn told(item: &Value) -> Value {
    let mut told = json!({});
    for name in ["n_granted", "n_pending", "n_denied", "n_confirmed", "n_without_text"] {
        told[name] = item[name].clone();
    }
    let texts = item["texts"].as_array().unwrap().iter().map(|text| {
        json!({"text_version": text["text_version"], "n_granted": text["n_granted"],
               "n_pending": text["n_pending"], "n_denied": text["n_denied"]})
    });
    told["texts"] = texts.collect();
    let sources = item["sources"].as_array().unwrap();
    told["n_of_sources"] = sources.iter().map(|one| one["n"].as_u64().unwrap()).sum::<u64>().into();
    told["oldest_at"] = item["oldest_at"].clone();
    told["latest_at"] = item["latest_at"].clone();
    told
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_report_is_what_the_answers_come_to() {
    let server = Server::start().await;
    let mut dice = Dice(7);
    let answers = any_answers(&mut dice);
    let mut events: Vec<Value> =
        answers.iter().enumerate().map(|(at, said)| event_of(at, said)).collect();
    for n in 0..N_CUSTOMERS {
        events.push(event("identify", &format!("i-{n}"), &format!("u{n}"), &json!({"traits": {}})));
    }
    // In any order of arrival, in several batches.
    for at in (1..events.len()).rev() {
        events.swap(at, dice.below(at + 1));
    }
    for some in events.chunks(97) {
        say(&server, some).await;
    }
    let resting = id_of(&server, "u3").await;
    server.admin("POST", &format!("/api/customers/{resting}/suspension"), "{}").await;

    let mut standing: BTreeMap<(usize, usize, usize), Stands> = BTreeMap::new();
    for (at, said) in answers.iter().enumerate().filter(|(_, said)| said.customer != 3) {
        let key = (said.purpose, said.channel, said.customer);
        standing.entry(key).or_default().hear(at, said);
    }
    let report = server.get("/api/privacy/consents").await.json();
    assert_eq!(report["n_customers"], N_CUSTOMERS - 1);
    assert_eq!(report["n_suspended"], 1);
    assert_eq!(report["n_silent"], 5);
    let items = report["items"].as_array().unwrap();
    assert_eq!(items.len(), PURPOSES.len() * CHANNELS.len());
    let mut n_confirmed = 0;
    for item in items {
        let place = |names: &[&str], field: &str| names.iter().position(|n| item[field] == *n);
        let purpose = place(&PURPOSES, "purpose").unwrap();
        let channel = place(&CHANNELS, "channel").unwrap();
        let own = standing.range((purpose, channel, 0)..(purpose, channel, N_CUSTOMERS));
        let own: Vec<&Stands> = own.map(|(_, stands)| stands).collect();
        assert_eq!(told(item), expected(&own), "{} {}", item["purpose"], item["channel"]);
        n_confirmed += item["n_confirmed"].as_u64().unwrap();
    }
    assert!(n_confirmed > 0, "there is something to tell apart");
}
