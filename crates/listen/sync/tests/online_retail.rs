//! Does everything in the Online Retail file arrive, to the penny?
//!
//! The whole file is converted under the saved mapping and added up again from the events alone;
//! an independent script adds it up from the file. Both must agree on every number. Then the
//! conversion is resumed in the middle and must give the same events.

use rapport_sync::decimal::Mark;
use rapport_sync::{Chunk, Conversion, Decimal, Mapping};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

/// The sums of a heap of events, refunds taken off.
#[derive(Default)]
struct Sums {
    lines: u64,
    units: i64,
    net: Decimal,
    net_pence: i64,
    events: BTreeMap<String, u64>,
}

impl Sums {
    fn add(&mut self, event: &Value) {
        let name = event["event"].as_str().unwrap();
        let sign = if name == "Order Refunded" { -1 } else { 1 };
        let properties = &event["properties"];
        let products = properties["products"].as_array().unwrap();
        self.lines += products.len() as u64;
        let units = products.iter().map(|product| product["quantity"].as_i64().unwrap());
        self.units += sign * units.sum::<i64>();
        let total = decimal(&properties["total"]);
        let net = if sign < 0 { total.negated() } else { total };
        self.net = self.net.plus(net).unwrap();
        self.net_pence += net.hundredths().unwrap();
        *self.events.entry(name.to_owned()).or_default() += 1;
    }

    fn shown(&self) -> Value {
        json!({
            "lines": self.lines,
            "units": self.units,
            "net": self.net.to_string(),
            "net_pence": self.net_pence,
            "events": self.events,
        })
    }
}

fn decimal(value: &Value) -> Decimal {
    assert!(value.is_number(), "{value}");
    Decimal::parse(&value.to_string(), Mark::Point).unwrap()
}

#[derive(Default)]
struct Ledger {
    all: Sums,
    heaps: BTreeMap<&'static str, BTreeMap<String, Sums>>,
    without_customer: (u64, u64),
    cancelled: (u64, u64),
    anonymous: BTreeSet<String>,
    message_ids: BTreeSet<String>,
}

impl Ledger {
    fn add(&mut self, event: &Value) {
        let properties = &event["properties"];
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let n_lines = properties["products"].as_array().unwrap().len() as u64;
        self.all.add(event);
        let mut heap = |name, key| {
            self.heaps.entry(name).or_default().entry(key).or_default().add(event);
        };
        heap("by_kind", text(&event["event"]));
        heap("by_country", text(&properties["country"]));
        heap("by_month", text(&event["timestamp"])[..7].to_owned());
        match event["userId"].as_str() {
            Some(user) => {
                heap("by_customer", user.to_owned());
                assert!(event.get("anonymousId").is_none(), "a stand-in beside a customer");
            }
            None => {
                self.without_customer.0 += 1;
                self.without_customer.1 += n_lines;
                let invoice = text(&event["anonymousId"]);
                assert_eq!(invoice, format!("invoice-{}", text(&properties["order_id"])));
                assert!(self.anonymous.insert(invoice), "a visitor per invoice");
            }
        }
        if event["event"] == "Order Refunded" {
            self.cancelled.0 += 1;
            self.cancelled.1 += n_lines;
            assert!(decimal(&properties["total"]).signum() > 0, "refunds are positive sums");
        }
        assert_eq!(properties["currency"], "GBP");
        assert_eq!(event["context"]["location"]["country"], properties["country"]);
        assert!(self.message_ids.insert(text(&event["messageId"])), "message ids are distinct");
    }

    fn shown(&self) -> Value {
        let mut shown = json!({
            "n_lines": self.all.lines,
            "n_lines_cancelled": self.cancelled.1,
            "n_lines_without_customer": self.without_customer.1,
            "n_invoices": self.message_ids.len(),
            "n_invoices_cancelled": self.cancelled.0,
            "n_invoices_without_customer": self.without_customer.0,
            "n_customers": self.heaps["by_customer"].len(),
            "all": self.all.shown(),
        });
        for (name, heap) in &self.heaps {
            let sums = heap.iter().map(|(key, sums)| (key.clone(), sums.shown()));
            shown[*name] = Value::Object(sums.collect());
        }
        shown
    }
}

fn expected(data: &Path) -> Option<Value> {
    let script = root().join("tests/online_retail/expected.py");
    let output = Command::new("python3").arg(script).arg(data).output().ok()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

fn chunks(data: &Path, mapping: &Mapping, from_row: u64) -> Vec<Chunk> {
    let chunks: Result<Vec<_>, _> = Conversion::new(data, mapping, from_row).unwrap().collect();
    let chunks = chunks.unwrap();
    assert_eq!(chunks[0].from_row, from_row);
    assert!(chunks.windows(2).all(|pair| pair[0].to_row == pair[1].from_row), "without gaps");
    chunks
}

#[test]
fn the_whole_file_arrives_to_the_penny() {
    let data = root().join("../shared/data/online_retail/online_retail.csv.gz");
    if !data.exists() {
        println!("skipped: {} is not there", data.display());
        return;
    }
    let Some(expected) = expected(&data) else {
        println!("skipped: python3 is not there");
        return;
    };
    let mapping = Mapping::load(&root().join("examples/online_retail.mapping.toml")).unwrap();
    let all = chunks(&data, &mapping, 0);
    let mut ledger = Ledger::default();
    for chunk in &all {
        assert_eq!(chunk.rejects, []);
        assert_eq!(chunk.n_skipped, 0);
        assert!(chunk.events.len() <= 500);
        for event in &chunk.events {
            ledger.add(&serde_json::from_str(event).unwrap());
        }
    }
    let found = ledger.shown();
    for (part, expected) in expected.as_object().unwrap() {
        assert_eq!(&found[part], expected, "{part}");
    }
    assert_eq!(all.last().unwrap().to_row, found["n_lines"].as_u64().unwrap());
    let middle = all[all.len() / 2].from_row;
    let events = |chunks: &[Chunk]| -> Vec<String> {
        chunks.iter().flat_map(|chunk| chunk.events.clone()).collect()
    };
    let resumed = chunks(&data, &mapping, middle);
    assert!(events(&resumed) == events(&all[all.len() / 2..]), "resumed in the middle: the same");
}
