//! Does a real company's file add up to the same sums after it went through the whole product?
//!
//! An independent script computes from the file what must come out; here the export of the events,
//! and the customers on their pages, are held against it.

use crate::place::{Place, skipped, until};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The sums of a heap of events, refunds taken off.
#[derive(Default)]
struct Sums {
    lines: u64,
    units: i64,
    net_pence: i64,
    events: BTreeMap<String, u64>,
}

impl Sums {
    fn add(&mut self, event: &Value) {
        let name = event["name"].as_str().unwrap();
        let sign = if name == "Order Refunded" { -1 } else { 1 };
        let products = event["properties"]["products"].as_array().unwrap();
        self.lines += products.len() as u64;
        let units: i64 = products.iter().map(|item| item["quantity"].as_i64().unwrap()).sum();
        self.units += sign * units;
        self.net_pence += sign * pence(event["properties"]["total"].as_f64().unwrap());
        *self.events.entry(name.to_owned()).or_default() += 1;
    }

    fn shown(&self) -> Value {
        json!({
            "lines": self.lines,
            "units": self.units,
            "net_pence": self.net_pence,
            "events": self.events,
        })
    }
}

/// An invoice's sum has three decimals at most, so that a float tells it exactly enough; halves of
/// a penny are rounded away from zero.
fn pence(pounds: f64) -> i64 {
    let thousandths = (pounds * 1_000.0).round() as i64;
    (thousandths.abs() + 5) / 10 * thousandths.signum()
}

/// The repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

/// What the script computes; exact decimals are left out, which JSON's numbers do not carry.
fn expected(file: &Path) -> Value {
    let script = root().join("tests/online_retail/expected.py");
    let output = Command::new("python3").arg(script).arg(file).output().expect("python3 is there");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut expected = serde_json::from_slice(&output.stdout).unwrap();
    forget_decimals(&mut expected);
    expected
}

fn forget_decimals(value: &mut Value) {
    let Value::Object(map) = value else { return };
    map.remove("net");
    map.values_mut().for_each(forget_decimals);
}

/// The sums of everything that was exported.
fn found(
    events: &BTreeMap<String, Value>,
    customer_of: impl Fn(&Value) -> Option<String>,
) -> Value {
    let mut all = Sums::default();
    let mut heaps: BTreeMap<&str, BTreeMap<String, Sums>> = BTreeMap::new();
    let (mut n_anonymous, mut n_anonymous_lines, mut customers) = (0, 0, BTreeSet::new());
    for event in events.values() {
        all.add(event);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let mut heap =
            |name, key| heaps.entry(name).or_default().entry(key).or_default().add(event);
        heap("by_kind", text(&event["name"]));
        heap("by_country", text(&event["properties"]["country"]));
        // Local times in Great Britain; no invoice lies in the hour around midnight that would
        // make another month of it.
        heap("by_month", text(&event["occurred_at"])[..7].to_owned());
        match customer_of(event) {
            Some(customer) => {
                heap("by_customer", customer.clone());
                customers.insert(customer);
            }
            None => {
                n_anonymous += 1;
                n_anonymous_lines += event["properties"]["products"].as_array().unwrap().len();
            }
        }
    }
    let refunds = heaps["by_kind"]["Order Refunded"].shown();
    let mut shown = json!({
        "n_lines": all.lines,
        "n_lines_cancelled": refunds["lines"],
        "n_lines_without_customer": n_anonymous_lines,
        "n_invoices": events.len(),
        "n_invoices_cancelled": refunds["events"]["Order Refunded"],
        "n_invoices_without_customer": n_anonymous,
        "n_customers": customers.len(),
        "all": all.shown(),
    });
    for (name, heap) in heaps {
        let sums = heap.into_iter().map(|(key, sums)| (key, sums.shown()));
        shown[name] = Value::Object(sums.collect());
    }
    shown
}

/// The file, where it is there.
pub fn file() -> Option<PathBuf> {
    let file = root().join("../shared/data/online_retail/online_retail.csv.gz");
    if file.exists() {
        return Some(file);
    }
    skipped("the Online Retail file is not there");
    None
}

fn import_words(file: &Path) -> Vec<String> {
    let mapping = root().join("examples/online_retail.mapping.toml");
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    vec!["import".into(), text(file), "--mapping".into(), text(&mapping)]
}

/// Brings all of the file in; answers what was said.
pub fn run_import(place: &Place, file: &Path) -> String {
    let words = import_words(file);
    let out = place.run_well(&words.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(out.contains("541,909 rows") && out.contains("0 rejected"), "{out}");
    out
}

/// Holds everything that arrived against the script; answers the events.
fn check_everything(place: &Place, file: &Path) -> BTreeMap<String, Value> {
    let expected = expected(file);
    let events = place.exported_events();
    let by_identifier = check_pages(place, &expected);
    let found =
        found(&events, |event| by_identifier.get(event["customer"].as_str().unwrap()).cloned());
    for (part, expected) in expected.as_object().unwrap() {
        assert_eq!(&found[part], expected, "{part}");
    }
    place.check_with_doctor();
    println!("{}", serde_json::to_string_pretty(&found["all"]).unwrap());
    let n_countries = found["by_country"].as_object().unwrap().len();
    println!("{} customers with a number, {n_countries} countries", found["n_customers"]);
    events
}

#[test]
#[ignore = "takes minutes in a dev build; see tests/online_retail/README.md"]
fn the_real_orders_arrive_to_the_penny_once_and_on_customer_pages() {
    let Some(file) = file() else { return };
    let place = Place::new();
    run_import(&place, &file);
    let events = check_everything(&place, &file);
    let customers = place.exported_customers();
    run_import(&place, &file);
    assert!(place.exported_events() == events, "a second run changes no event");
    assert!(place.exported_customers() == customers, "nor any customer");
    place.check_with_doctor();
}

#[test]
#[ignore = "takes minutes in a dev build; see tests/online_retail/README.md"]
fn the_real_orders_arrive_to_the_penny_although_everything_is_killed_twice() {
    let Some(file) = file() else { return };
    let place = Place::new();
    for n_rows_wanted in [100_000, 300_000] {
        let server = place.serve();
        let words = import_words(&file);
        let mut command = place.command(&words.iter().map(String::as_str).collect::<Vec<_>>());
        let mut importer = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let n_rows = until("enough rows are in", || {
            let n_rows = server.get("/api/imports")["items"][0]["n_rows_done"].as_u64();
            n_rows.filter(|n_rows| *n_rows > n_rows_wanted)
        });
        server.kill();
        importer.kill().unwrap();
        importer.wait().unwrap();
        assert!(n_rows < 541_909, "killed in the middle: {n_rows}");
    }
    let out = run_import(&place, &file);
    assert!(out.contains("Going on at row"), "{out}");
    check_everything(&place, &file);
}

/// Looks every customer of the file up, as a page would; answers their numbers in the file by
/// their ids here. Their orders and revenue must be those of the file.
fn check_pages(place: &Place, expected: &Value) -> BTreeMap<String, String> {
    let server = place.serve();
    server.catch_up();
    let mut numbers = BTreeMap::new();
    for (number, sums) in expected["by_customer"].as_object().unwrap() {
        let found = server.get(&format!("/api/lookup?kind=user_id&value={number}"));
        let id = found["customer_id"].as_str().unwrap().to_owned();
        let page = server.get(&format!("/api/customers/{id}"));
        let events = &sums["events"];
        let count = |name: &str| events[name].as_u64().unwrap_or(0);
        assert_eq!(
            page["n_events"],
            count("Order Completed") + count("Order Refunded"),
            "{number}"
        );
        let totals = &page["totals"][0];
        assert_eq!(totals["n_orders"], count("Order Completed"), "{number}: {totals}");
        let minor = |field: &str| totals[field]["minor"].as_i64().unwrap_or(0);
        assert_eq!(minor("revenue"), sums["net_pence"].as_i64().unwrap(), "{number}: {totals}");
        assert!(numbers.insert(id, number.clone()).is_none(), "{number} is somebody else as well");
    }
    server.stop();
    numbers
}
