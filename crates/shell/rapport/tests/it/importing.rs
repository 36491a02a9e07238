//! Does a file come in once, however often it is sent and whatever dies on the way?

use crate::orders;
use crate::place::{Place, until};
use serde_json::Value;
use std::collections::BTreeMap;
use std::process::{Child, Stdio};

const FILE: &str = "orders.csv";

fn place_with_orders() -> Place {
    let place = Place::new();
    std::fs::write(place.path(FILE), orders::csv()).unwrap();
    place
}

/// What an event says, without what depends on when and in which order it came.
fn content(events: &BTreeMap<String, Value>) -> BTreeMap<&String, Value> {
    let content = |(id, event): (_, &Value)| {
        let mut event = event.clone();
        for name in ["seq", "received_at"] {
            assert!(event.as_object_mut().unwrap().remove(name).is_some(), "{name}");
        }
        (id, event)
    };
    events.iter().map(content).collect()
}

#[test]
fn a_file_comes_in_by_the_proposed_mapping_and_a_second_run_changes_nothing() {
    let place = place_with_orders();
    let preview = place.run_well(&["import", FILE, "--preview"]);
    assert!(preview.contains("order lines") && preview.contains("Order Completed"), "{preview}");
    assert!(!place.data().exists(), "a preview touches nothing");
    let unconfirmed = place.run(&["import", FILE]);
    assert_eq!(unconfirmed.code, Some(2), "{}", unconfirmed.err);
    assert!(unconfirmed.err.contains("--yes"), "{}", unconfirmed.err);
    let out = place.run_well(&["import", FILE, "--yes", "--save-mapping", "saved.toml"]);
    assert!(out.contains("5,000 rows"), "{out}");
    let rejects = std::fs::read_to_string(place.path("orders.csv.rejects.csv")).unwrap();
    assert!(rejects.contains("several"), "{rejects}");
    let (events, customers) = (place.exported_events(), place.exported_customers());
    check_sums(&events, &rejects);
    assert!(customers.lines().count() > 350, "customers by their e-mail addresses");
    // With the server up, and with the mapping that was saved.
    let server = place.serve();
    let again = place.run_well(&["import", FILE, "--mapping", "saved.toml"]);
    assert!(again.contains("5,000 rows"), "{again}");
    server.catch_up();
    let imports = until("the duplicates are counted", || {
        let imports = server.get("/api/imports");
        (imports["items"][0]["n_duplicates"] == events.len()).then_some(imports)
    });
    assert_eq!(imports["items"].as_array().unwrap().len(), 2, "two runs: {imports}");
    assert_eq!(imports["items"][1]["n_duplicates"], 0, "{imports}");
    server.stop();
    assert!(place.exported_events() == events, "not an event more, and none changed");
    assert!(place.exported_customers() == customers, "the customers are the same to the byte");
    place.check_with_doctor();
}

/// Every line of the file is in one event or among the rejects.
fn check_sums(events: &BTreeMap<String, Value>, rejects: &str) {
    let products = |event: &Value| event["properties"]["products"].as_array().unwrap().len();
    let n_lines: usize = events.values().map(products).sum();
    let n_rejected = rejects.lines().count() - 1;
    assert!(n_rejected > 3, "{rejects}");
    assert_eq!(n_lines + n_rejected, orders::LINES);
    let n_refunds = events.values().filter(|event| event["name"] == "Order Refunded").count();
    assert!(n_refunds > 10, "{n_refunds}");
}

#[test]
fn an_import_goes_on_where_server_and_importer_were_killed() {
    let undisturbed = place_with_orders();
    let server = undisturbed.serve();
    undisturbed.run_well(&["import", FILE, "--yes"]);
    server.catch_up();
    server.stop();
    let place = place_with_orders();
    // With hardly any room for a backlog the importer is made to wait after every few chunks.
    let patient = [("RAPPORT_LAG_ENTRIES_MAX", "0")];
    let mut row = 0;
    for _ in 0..2 {
        let server = place.serve_with(&patient);
        let mut importer = start_import(&place);
        row = until("more rows are in", || {
            assert_eq!(importer.try_wait().unwrap(), None, "it ended before it could be killed");
            let import = &server.get("/api/imports")["items"][0];
            import["n_rows_done"].as_u64().filter(|n| *n > row)
        });
        server.kill();
        importer.kill().unwrap();
        importer.wait().unwrap();
        assert!((1..orders::LINES as u64).contains(&row), "killed in the middle: {row}");
    }
    let server = place.serve();
    let out = place.run_well(&["import", FILE, "--yes"]);
    assert!(out.contains("Going on at row"), "{out}");
    let imports = server.get("/api/imports");
    assert_eq!(imports["items"].as_array().unwrap().len(), 1, "one run, resumed: {imports}");
    assert_eq!(imports["items"][0]["state"], "done");
    assert_eq!(imports["items"][0]["n_rows_done"], orders::LINES);
    server.catch_up();
    server.stop();
    let (events, expected) = (place.exported_events(), undisturbed.exported_events());
    assert!(events.keys().eq(expected.keys()), "the same events");
    for (event, expected) in content(&events).iter().zip(&content(&expected)) {
        assert_eq!(event, expected);
    }
    let customers = place.exported_customers();
    assert!(customers == undisturbed.exported_customers(), "the same customers to the byte");
    let rejects = |place: &Place| std::fs::read_to_string(place.path("orders.csv.rejects.csv"));
    assert_eq!(rejects(&place).unwrap(), rejects(&undisturbed).unwrap(), "each line once");
    place.check_with_doctor();
}

fn start_import(place: &Place) -> Child {
    let mut command = place.command(&["import", FILE, "--yes"]);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

#[test]
fn an_importer_whose_server_dies_says_how_to_go_on() {
    let place = place_with_orders();
    let server = place.serve_with(&[("RAPPORT_LAG_ENTRIES_MAX", "0")]);
    let mut command = place.command(&["import", FILE, "--yes"]);
    let importer = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    until("rows are in", || {
        server.get("/api/imports")["items"][0]["n_rows_done"].as_u64().filter(|n| *n > 0)
    });
    server.kill();
    let output = importer.wait_with_output().unwrap();
    let words = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{words}");
    assert!(words.contains("the same command goes on where it was"), "{words}");
    // The file of the dead server is no hindrance.
    assert!(place.run_well(&["import", FILE, "--yes"]).contains("Going on at row"));
}
