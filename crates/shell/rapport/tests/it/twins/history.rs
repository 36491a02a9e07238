//! What happened to a few dozen people, and to what is known of them?
//!
//! Half a year with both changes of the clock in it, in Berlin and in New York; events of the same
//! moment, gaps, two devices of one person. Sent out of order; then somebody is erased (which
//! writes what there is to files), more events come late, and customers are merged and parted.

use crate::place::{Server, WRITE_KEY, until};
use crate::wire;
use serde_json::{Value, json};

/// 2024-10-20T00:00:00Z, in seconds.
const BEGIN: i64 = 1_729_382_400;
const DAY: i64 = 86_400;
/// How many days it goes on.
const DAYS: u64 = 182;
/// Around which moments more happens: the clock is set in Berlin and New York.
const SET: [i64; 4] = [1_729_990_800, 1_730_613_600, 1_741_503_600, 1_743_296_400];
const PEOPLE: u64 = 30;
/// How many of them ever say who they are.
const KNOWN: u64 = 22;
const EVENTS: u64 = 1_200;

/// A sequence that looks random and is the same for ever (Knuth's multiplier for 64 bits).
struct Dice(u64);

impl Dice {
    fn draw(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) % n
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.draw(of.len() as u64) as usize]
    }
}

/// Sends the history, and changes what is known of its people.
pub fn make(server: &Server) {
    let events = events();
    let (first, late) = events.split_at(events.len() * 2 / 3);
    send(server, first);
    erase(server, 3);
    send(server, late);
    merge(server, [1, 2]);
    let together = merge(server, [4, 5]);
    decided(server, &format!("/api/decisions/{together}/undo"), "");
    merge(server, [6, 7]);
    let device = json!({"part": [{"kind": "anonymous_id", "value": "device-8"}]});
    decided(server, "/api/decisions", &device.to_string());
    server.catch_up();
}

fn events() -> Vec<Value> {
    let mut dice = Dice(20_250_330);
    let mut all: Vec<Value> = (0..KNOWN).map(identify).collect();
    let mut last = (0, 0);
    for n in 0..EVENTS {
        // Every ninth is of the moment, and of the person, of the one before.
        if n % 9 > 0 {
            last = (dice.draw(PEOPLE), moment(&mut dice));
        }
        all.push(event(n, last, &mut dice));
    }
    all
}

/// Seconds; a sixth of all lies within four hours of a change of the clock.
fn moment(dice: &mut Dice) -> i64 {
    match dice.draw(6) {
        0 => SET[dice.draw(4) as usize] + (dice.draw(33) as i64 - 16) * 900,
        _ => BEGIN + dice.draw(DAYS * 48) as i64 * 1_800,
    }
}

fn at(seconds: i64) -> String {
    base::Timestamp(seconds * 1_000_000).to_string()
}

fn identify(person: u64) -> Value {
    let mut traits = json!({"name": format!("Person {person}")});
    if !person.is_multiple_of(5) {
        traits["plan"] = json!(["pro", "free", "basic"][person as usize % 3]);
    }
    json!({"type": "identify", "messageId": format!("is-{person}"), "traits": traits,
        "anonymousId": format!("device-{person}"), "userId": format!("user-{person}"),
        "timestamp": at(BEGIN + person as i64 * DAY)})
}

fn event(n: u64, (person, seconds): (u64, i64), dice: &mut Dice) -> Value {
    let second = if dice.draw(4) == 0 { "b" } else { "" };
    let mut event = json!({"messageId": format!("e-{n}"), "timestamp": at(seconds),
        "anonymousId": format!("device-{person}{second}"), "properties": {}, "context": {}});
    if person < KNOWN && (second == "b" || dice.draw(2) == 0) {
        event["userId"] = json!(format!("user-{person}"));
    }
    match dice.draw(8) {
        0..=2 => page(&mut event, dice),
        3..=4 => named(&mut event, "Product Viewed"),
        5 => named(&mut event, "Signed Up"),
        _ => order(&mut event, dice),
    }
    match dice.draw(4) {
        0 => {}
        k => {
            event["properties"]["category"] = json!(["lamps", "chairs", "it's"][k as usize - 1]);
        }
    }
    if dice.draw(3) > 0 {
        let source = dice.one(&["google", "newsletter", "partner"]);
        event["context"]["campaign"] = json!({"source": source, "medium": "cpc"});
    }
    event
}

fn named(event: &mut Value, name: &str) {
    event["type"] = json!("track");
    event["event"] = json!(name);
}

fn order(event: &mut Value, dice: &mut Dice) {
    named(event, "Order Completed");
    // Now and then no number is given, or money is given back.
    let revenue = [json!(0.1), json!(20), json!(77.7), json!(1e-3), json!(-3.25), Value::Null];
    event["properties"]["revenue"] = revenue[dice.draw(6) as usize].clone();
    event["properties"]["order_id"] = json!(format!("order-{}", dice.draw(60)));
}

fn page(event: &mut Value, dice: &mut Dice) {
    event["type"] = json!("page");
    event["name"] = json!("Page");
    let url = dice.one(&[
        "https://www.Shop.example/lamps?utm=1",
        "http://shop.example",
        "https://blog.example/a/b#c",
    ]);
    let path = dice.one(&["/lamps", "/", "/a/b"]);
    event["context"]["page"] = json!({"url": url, "path": path});
    match dice.draw(3) {
        0 => {}
        1 => event["context"]["page"]["referrer"] = json!("https://www.google.co.uk/search"),
        _ => event["context"]["page"]["referrer"] = json!("https://news.example/today"),
    }
    event["context"]["device"] = json!({"type": dice.one(&["mobile", "desktop"])});
}

fn send(server: &Server, events: &[Value]) {
    for batch in events.chunks(100) {
        let body = json!({ "batch": batch }).to_string();
        let headers = [("x-write-key", WRITE_KEY)];
        let answer = wire::ask(server.address, "POST", "/v1/batch", &headers, body.as_bytes());
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    server.catch_up();
}

/// The API's id of a person who said who they are.
fn customer(server: &Server, person: u64) -> String {
    let found = server.get(&format!("/api/lookup?kind=user_id&value=user-{person}"));
    found["customer_id"].as_str().expect("they are known").to_owned()
}

fn erase(server: &Server, person: u64) {
    let body = json!({"customer_id": customer(server, person)}).to_string();
    let erasure = server.admin("POST", "/api/privacy/erasures", &body).json();
    let path = format!("/api/privacy/erasures/{}", erasure["id"].as_str().expect("an id"));
    until("the erasure is done", || (server.get(&path)["state"] == "done").then_some(()));
}

fn merge(server: &Server, people: [u64; 2]) -> String {
    let ids = people.map(|person| customer(server, person));
    assert_ne!(ids[0], ids[1]);
    decided(server, "/api/decisions", &json!({ "merge": ids }).to_string())
}

/// The id of a decision that was carried out.
fn decided(server: &Server, path: &str, body: &str) -> String {
    let answer = server.admin("POST", path, body);
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    let decision = answer.json();
    assert!(decision["refusal"].is_null() && decision["n_customers"] != 0, "{decision}");
    decision["id"].as_str().expect("an id").to_owned()
}
