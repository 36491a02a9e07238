//! Does a retention over the wire have the numbers of those who came back?

use super::{asked, at_fault, behind, but, selected, shop, week};
use serde_json::{Value, json};

/// How many returned, column by column, of one cohort.
fn n_by_column(cohort: &Value) -> Vec<Value> {
    cohort["cells"].as_array().unwrap().iter().map(|cell| cell["n"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cohorts_say_who_came_back_and_when() {
    let server = shop().await;
    let views = selected("Product Viewed");
    let question =
        json!({"period": week(), "grain": "day", "n_spans": 3, "begin": views, "back": views});
    let answer = asked(&server, "retention", &question).await;
    let cohorts = answer["all"]["cohorts"].as_array().unwrap();
    assert_eq!(cohorts.len(), 7);
    // Anna looked on 26 December; Ben on the 27th, and again two days later.
    assert_eq!((&cohorts[1]["name"], &cohorts[1]["n"]), (&json!("2025-12-26"), &json!(1)));
    assert_eq!(n_by_column(&cohorts[1]), [json!(1), json!(0), json!(0), json!(0)]);
    assert_eq!(n_by_column(&cohorts[2]), [json!(1), json!(0), json!(1), json!(0)]);
    assert_eq!(cohorts[2]["cells"][2]["of_cohort"]["value"], json!(1.0));
    assert_eq!(cohorts[6]["cells"][1], Value::Null, "that day has not begun");
    let third = &answer["all"]["pooled"][2];
    assert_eq!((&third["n_cohorts"], &third["n"]), (&json!(2), &json!(1)));
    assert_eq!(third["of_cohorts"]["value"], json!(0.5));
    assert!(third["of_cohorts"]["low"].as_f64().unwrap() > 0.09, "{third}");
    let explained = &answer["explained"];
    assert_eq!(explained["unit"], "customers");
    assert!(explained["sql"].as_str().unwrap().contains("with began as"), "{explained}");
    assert!(explained["words"].as_str().unwrap().contains("“Product Viewed”"), "{explained}");
    assert!(explained["left_out"][0].as_str().unwrap().contains("before the period"));

    let point = |side: &str, cohort: usize, column: usize| json!({"question": question, "side": side, "cohort": cohort, "column": column});
    assert_eq!(behind(&server, "retention", &point("returned", 2, 2)).await, ["ben"]);
    assert_eq!(behind(&server, "retention", &point("stayed", 1, 2)).await, ["anna"]);
    let all = json!({"question": question, "side": "began", "cohort": 2});
    assert_eq!(behind(&server, "retention", &all).await, ["ben"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn returns_have_a_worth_and_groups_of_their_own() {
    let server = shop().await;
    let question = json!({
        "period": week(), "grain": "day", "n_spans": 3,
        "begin": selected("Product Viewed"), "back": selected("Order Completed"),
        "value": {"of": "property", "path": "revenue"},
        "counting": {"is": "brackets", "brackets": [0, 1]},
        "breakdown": {"by": {"of": "property", "path": "category"}},
    });
    let answer = asked(&server, "retention", &question).await;
    assert_eq!(answer["columns"], json!([{"first": 0, "last": 0}, {"first": 1, "last": 3}]));
    let cell = &answer["all"]["cohorts"][1]["cells"][1];
    assert_eq!((&cell["n"], &cell["worth"]["sum"]), (&json!(1), &json!(19.5)));
    assert_eq!(cell["worth"]["of_first"], Value::Null, "nobody ordered on the first day");
    let lamps = json!({"is": "value", "value": "lamps"});
    assert_eq!(answer["groups"][0]["group"], lamps);
    assert_eq!(answer["groups"][0]["cohorts"][2]["n"], 1, "Ben began with a lamp");
    assert_eq!(answer["explained"]["sql"], Value::Null);

    let point = json!({"question": question, "side": "stayed", "cohort": 2, "column": 1,
                       "group": lamps});
    assert_eq!(behind(&server, "retention", &point).await, ["ben"]);
    let chairs = but(&point, &json!({"group": {"is": "value", "value": "chairs"}}));
    assert!(behind(&server, "retention", &chairs).await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_retention_that_cannot_be_counted_names_its_field() {
    let server = shop().await;
    let good = json!({"period": week(), "grain": "day", "n_spans": 3});
    let monthly = json!({"grain": "month", "spans_from": "exact"});
    for (change, field) in [
        (json!({"n_spans": 0}), "n_spans"),
        (json!({"counting": {"is": "brackets", "brackets": [1, 2]}}), "counting.brackets"),
        (json!({"back": {"events": [""]}}), "back.events[0]"),
        (json!({"breakdown": {"by": {"of": "trait", "name": ""}}}), "breakdown.by"),
        (json!({"clock": {"time_zone": "Atlantis/Port"}}), "clock.time_zone"),
        (monthly, "spans_from"),
        (json!({"grains": "day"}), "grains"),
    ] {
        assert_eq!(at_fault(&server, "retention", &but(&good, &change)).await, field);
    }
    let point = json!({"question": good, "side": "returned", "cohort": 1, "column": 1});
    for (change, field) in [
        (json!({"cohort": 7}), "cohort"),
        (json!({"column": 4}), "column"),
        (json!({"column": null}), "column"),
        (json!({"group": {"is": "other", "n_values": 3}}), "shown"),
    ] {
        assert_eq!(at_fault(&server, "retention/customers", &but(&point, &change)).await, field);
    }
}
