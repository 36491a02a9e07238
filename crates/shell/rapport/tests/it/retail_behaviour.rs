//! Do questions about a real company's customers have the answers that pandas gives?
//!
//! `tests/online_retail/behaviour.py` computes three tables from the file, and `behaviour.json`
//! beside it keeps them. Here the file is imported by the program, and the questions are asked over
//! its API.

use crate::online_retail::{file, root, run_import};
use crate::place::{Place, Server};
use serde_json::{Value, json};

fn asked(server: &Server, insight: &str, question: &Value) -> Value {
    let path = format!("/api/insights/{insight}");
    let answer = server.admin("POST", &path, &question.to_string());
    assert_eq!(answer.status, 200, "{insight}: {}", answer.body);
    answer.json()
}

/// Days of the shop, from the first to the last month of the file.
fn with_time(question: &Value, last: &str) -> Value {
    let mut question = question.clone();
    question["clock"] = json!({"time_zone": "Europe/London"});
    question["period"] = json!({"kind": "between", "first": "2010-12-01", "last": last});
    question
}

fn total() -> Value {
    json!({"of": "property", "path": "total"})
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("no list: {value}"))
}

/// A sum in thousandths of a pound, of which it is a whole number.
fn thousandths(pounds: &Value) -> i64 {
    let pounds = pounds.as_f64().unwrap_or_else(|| panic!("no number: {pounds}"));
    let whole = (pounds * 1_000.0).round();
    assert!((pounds * 1_000.0 - whole).abs() < 1e-3, "{pounds}");
    whole as i64
}

fn check_revenue(server: &Server, expected: &Value) {
    let sum =
        |name: &str| json!({"events": {"events": [name]}, "measure": {"is": "sum", "of": total()}});
    let question = json!({"grain": "month", "formula": "A - B",
                          "series": [sum("Order Completed"), sum("Order Refunded")]});
    let answer = asked(server, "trend", &with_time(&question, "2011-12-31"));
    for (k, month) in list(expected).iter().enumerate() {
        assert_eq!(answer["spans"][k]["name"], month["month"]);
        for (line, name) in ["orders", "refunds", "net"].into_iter().enumerate() {
            let point = &answer["lines"][line]["points"][k]["value"];
            assert_eq!(thousandths(point), month[name], "{name} of {}", month["month"]);
        }
    }
    assert_eq!(list(&answer["spans"]).len(), list(expected).len());
}

fn check_retention(server: &Server, expected: &Value) {
    let orders = json!({"events": ["Order Completed"]});
    let question = json!({"grain": "month", "begin": orders, "back": orders, "n_spans": 12,
                          "value": total()});
    let answer = asked(server, "retention", &with_time(&question, "2011-12-31"));
    let cohorts = list(&answer["all"]["cohorts"]);
    for (cohort, expected) in cohorts.iter().zip(list(expected)) {
        let name = &expected["cohort"];
        assert_eq!((&cohort["name"], &cohort["n"]), (name, &expected["n"]));
        let (back, worth) = (list(&expected["back"]), list(&expected["worth"]));
        for (k, cell) in list(&cohort["cells"]).iter().enumerate() {
            let none = json!(0);
            assert_eq!(&cell["n"], back.get(k).unwrap_or(&none), "{name} after {k} months");
            let sum = thousandths(&cell["worth"]["sum"]);
            assert_eq!(&json!(sum), worth.get(k).unwrap_or(&none), "{name} after {k} months");
        }
    }
    assert_eq!(cohorts.len(), list(expected).len());
}

fn check_rfm(server: &Server, expected: &Value) {
    let question = json!({"events": {"events": ["Order Completed"]}, "money": total()});
    let answer = asked(server, "rfm", &with_time(&question, "2011-12-09"));
    assert_eq!(answer["n_customers"], expected["n_customers"]);
    for edges in ["recency_days", "frequency", "monetary"] {
        let pairs = list(&answer["scale"][edges]).iter().zip(list(&expected["edges"][edges]));
        for (edge, expected) in pairs {
            let (edge, expected) = (edge.as_f64().unwrap(), expected.as_f64().unwrap());
            assert!((edge - expected).abs() < 1e-9 * expected, "{edges}: {edge}, not {expected}");
        }
    }
    let (cells, grid) = (list(&answer["cells"]), list(&expected["grid"]));
    assert_eq!((cells.len(), grid.len()), (25, 25));
    for (cell, expected) in cells.iter().zip(grid) {
        for field in ["recency", "frequency", "n_by_monetary"] {
            assert_eq!(cell[field], expected[field], "{field} of {expected}");
        }
    }
}

#[test]
#[ignore = "takes minutes in a dev build; see tests/online_retail/README.md"]
fn revenue_retention_and_the_grid_are_those_of_pandas() {
    let Some(file) = file() else { return };
    let golden = root().join("tests/online_retail/behaviour.json");
    let expected: Value = serde_json::from_slice(&std::fs::read(golden).unwrap()).unwrap();
    let place = Place::new();
    run_import(&place, &file);
    let server = place.serve();
    server.catch_up();
    check_revenue(&server, &expected["revenue_by_month"]);
    check_retention(&server, &expected["retention"]);
    check_rfm(&server, &expected["rfm"]);
    server.stop();
}
