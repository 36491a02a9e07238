//! Are insights compared with the period before, by group, down to the customers behind both?

use super::{asked, at_fault, behind, but, selected, shop};
use serde_json::{Value, json};

/// The last three days of the year, in which Ben looks at a chair, beside the three before.
fn three_days() -> Value {
    json!({"period": {"kind": "last", "n": 3, "grain": "day"}, "compare": "previous"})
}

fn by_category() -> Value {
    json!({"breakdown": {"by": {"of": "property", "path": "category"}}})
}

fn value(text: &str) -> Value {
    json!({"is": "value", "value": text})
}

/// What `of` says of each item.
fn each(items: &Value, of: impl Fn(&Value) -> Value) -> Vec<Value> {
    items.as_array().unwrap().iter().map(of).collect()
}

/// What is left out contains this.
fn says(answer: &Value, words: &str) {
    let all = answer["explained"]["left_out"].to_string();
    assert!(all.contains(words), "{all}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lifecycle_by_group_beside_the_days_before() {
    let server = shop().await;
    let question = but(&but(&three_days(), &json!({"grain": "day"})), &by_category());
    let answer = asked(&server, "lifecycle", &question).await;
    let states = |span: &Value| {
        ["n_new", "n_returning", "n_resurrecting", "n_dormant"].map(|n| span[n].as_u64().unwrap())
    };
    assert_eq!(states(&answer["spans"][0]), [0, 0, 1, 2], "Ben is back, Anna and Cleo are gone");
    let lamps_and_chairs = [value("lamps"), value("chairs")];
    assert_eq!(each(&answer["groups"], |of| of["group"].clone()), lamps_and_chairs);
    assert_eq!(states(&answer["groups"][0]["spans"][0]), [0, 0, 0, 2]);
    assert_eq!(states(&answer["groups"][1]["spans"][0]), [0, 0, 1, 0]);
    let before = &answer["compared"];
    let days = each(&before["spans"], |span| span["name"].clone());
    assert_eq!(days, ["2025-12-26", "2025-12-27", "2025-12-28"]);
    assert_eq!(states(&before["spans"][2]), [1, 0, 1, 1], "Cleo, Anna, and Ben the day before");
    assert_eq!(each(&before["groups"], |of| of["group"].clone()), lamps_and_chairs);
    assert_eq!(states(&before["groups"][0]["spans"][2]), [1, 0, 1, 1]);
    assert_eq!(states(&before["groups"][1]["spans"][2]), [0, 0, 0, 0]);
    says(&answer, "A customer is in one group of a span");
    let explained = &answer["explained"];
    assert!(explained["words"].as_str().unwrap().contains("of the same length before"));
    assert!(explained["sql"].as_str().unwrap().contains("properties ->> 'category' as grp"));

    let point = json!({"question": question, "span": 0, "state": "dormant"});
    assert_eq!(behind(&server, "lifecycle", &point).await, ["anna", "cleo"]);
    let lamps = but(&point, &json!({"group": value("lamps")}));
    assert_eq!(behind(&server, "lifecycle", &lamps).await, ["anna", "cleo"]);
    let chairs = but(&point, &json!({"group": value("chairs")}));
    assert!(behind(&server, "lifecycle", &chairs).await.is_empty());
    let new = but(&point, &json!({"span": 2, "state": "new", "compared": true}));
    assert_eq!(behind(&server, "lifecycle", &new).await, ["cleo"]);

    let other = but(&point, &json!({"group": {"is": "other", "n_values": 1}}));
    assert_eq!(at_fault(&server, "lifecycle/customers", &other).await, "shown");
    let alone = but(&question, &json!({"compare": "none"}));
    let nothing = but(&new, &json!({"question": alone}));
    assert_eq!(at_fault(&server, "lifecycle/customers", &nothing).await, "compared");
    let late = but(&new, &json!({"span": 3}));
    assert_eq!(at_fault(&server, "lifecycle/customers", &late).await, "span");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stickiness_by_group_beside_the_days_before() {
    let server = shop().await;
    let question = but(&but(&three_days(), &json!({"grain": "week"})), &by_category());
    let answer = asked(&server, "stickiness", &question).await;
    assert_eq!(answer["spans"][0]["n_by_days"], json!([1, 0, 0]));
    assert_eq!(
        each(&answer["groups"], |of| of["spans"][0]["n_customers"].clone()),
        [json!(0), json!(1)],
        "Ben looked at a chair"
    );
    let within_a_week = |of: &Value| of["days"][0]["n_week"].clone();
    assert_eq!(within_a_week(&answer), 3);
    // Within the seven days Ben looked at a lamp first.
    assert_eq!(each(&answer["groups"], within_a_week), [json!(3), json!(0)]);
    let before = &answer["compared"];
    assert_eq!(before["spans"][0]["n_by_days"], json!([2, 1, 0]));
    assert_eq!(before["groups"][0]["spans"][0]["n_by_days"], json!([2, 1, 0]));
    assert_eq!(before["groups"][1]["spans"][0]["n_customers"], 0);
    assert_eq!(before["days"].as_array().map(Vec::len), Some(3));
    says(&answer, "all of their days in it count for that");

    let point = json!({"question": question, "span": 0, "n_days": 2, "compared": true});
    assert_eq!(behind(&server, "stickiness", &point).await, ["anna"]);
    let week = json!({"question": question, "day": 0, "n_days": 7, "group": value("lamps")});
    assert_eq!(behind(&server, "stickiness", &week).await, ["anna", "ben", "cleo"]);
    for (change, field) in [
        (json!({"span": 1}), "span"),
        (json!({"n_days": 4}), "n_days"),
        (json!({"span": null, "day": 3}), "day"),
        (json!({"span": null, "day": 0, "n_days": 2}), "n_days"),
        (json!({"day": 0}), "day"),
    ] {
        let point = but(&point, &change);
        assert_eq!(at_fault(&server, "stickiness/customers", &point).await, field, "{change}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scores_mean_the_same_in_the_days_before_and_in_each_group() {
    let server = shop().await;
    server.identify(r#"{"userId":"anna","traits":{"plan":"pro"},"messageId":"i-1"}"#).await;
    let edges = json!({"is": "given", "recency_days": [1.0], "frequency": [1.0]});
    let more = json!({"edges": edges, "breakdown": {"by": {"of": "trait", "name": "plan"}}});
    let question = but(&three_days(), &more);
    let answer = asked(&server, "rfm", &question).await;
    let ns = |of: &Value| each(&of["cells"], |cell| cell["n"].clone());
    assert_eq!(ns(&answer), [1, 0, 0, 0], "Ben, two days before the end");
    assert_eq!(each(&answer["groups"], |of| of["group"].clone()), [json!({"is": "absent"})]);
    let before = &answer["compared"];
    assert_eq!(before["n_customers"], 3);
    assert_eq!(ns(before), [0, 0, 2, 1]);
    assert_eq!(ns(&before["groups"][0]), [0, 0, 2, 0], "Anna has a plan, which is not shown");
    says(&answer, "at the edges of this one");
    assert!(answer["explained"]["sql"].as_str().unwrap().contains("traits ->> 'plan' as grp"));

    let point = json!({"question": question, "recency": 2, "frequency": 2, "compared": true});
    assert_eq!(behind(&server, "rfm", &point).await, ["anna"]);
    let absent = but(&point, &json!({"frequency": 1, "group": {"is": "absent"}}));
    assert_eq!(behind(&server, "rfm", &absent).await, ["ben", "cleo"]);
    let by_event = but(&question, &by_category());
    assert_eq!(at_fault(&server, "rfm", &by_event).await, "breakdown.by");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn touches_are_credited_in_the_days_before() {
    let server = shop().await;
    let question = but(
        &three_days(),
        &json!({
            "outcome": {}, "touch": selected("Product Viewed"), "within": 604_800,
            "label": {"field": {"of": "property", "path": "category"}},
        }),
    );
    let answer = asked(&server, "last-touch", &question).await;
    assert_eq!(each(&answer["rows"], |row| row["group"].clone()), [value("chairs")]);
    let before = &answer["compared"];
    assert_eq!((&before["n_outcomes"], &before["untouched"]["n"]), (&json!(4), &json!(1)));
    assert_eq!(each(&before["rows"], |row| row["outcomes"]["n"].clone()), [json!(0)]);

    let point = json!({"question": question, "compared": true});
    assert_eq!(behind(&server, "last-touch", &point).await, ["anna", "ben"]);
    let untouched = but(&point, &json!({"is_untouched": true}));
    assert_eq!(behind(&server, "last-touch", &untouched).await, ["cleo"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn paths_of_the_days_before_have_the_same_steps_first() {
    let server = shop().await;
    let anchor = json!({"is": "from", "events": selected("Product Viewed")});
    let question = but(&three_days(), &json!({"anchor": anchor, "depth": 2}));
    let answer = asked(&server, "paths", &question).await;
    let nodes = |of: &Value| each(&of["levels"][1], |node| node["n"].clone());
    assert_eq!(
        (nodes(&answer), &answer["levels"][1][0]["step"]["is"]),
        (vec![json!(1)], &json!("end"))
    );
    let before = &answer["compared"];
    assert_eq!((&before["n_paths"], nodes(before)), (&json!(2), vec![json!(1), json!(1)]));
    assert_eq!(before["levels"][1][1]["step"], value("Order Completed"));
    assert_eq!(each(&before["links"], |link| link["n"].clone()), [1, 1]);
    assert_eq!(each(&before["top"], |top| top["share"].clone()), [0.5]);

    let point = json!({
        "question": question, "level": 0, "step": value("Product Viewed"), "compared": true,
        "next": {"step": value("Order Completed")},
    });
    assert_eq!(behind(&server, "paths", &point).await, ["anna"]);
    let now = but(&point, &json!({"compared": false}));
    assert!(behind(&server, "paths", &now).await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cohorts_of_the_days_before_are_known_for_as_long() {
    let server = shop().await;
    let more = json!({"grain": "day", "n_spans": 3, "begin": selected("Product Viewed")});
    let question = but(&three_days(), &more);
    let answer = asked(&server, "retention", &question).await;
    assert_eq!(each(&answer["all"]["cohorts"], |cohort| cohort["n"].clone()), [0, 0, 0]);
    let before = &answer["compared"]["all"];
    assert_eq!(each(&before["cohorts"], |cohort| cohort["n"].clone()), [1, 1, 0]);
    let returned =
        |cohort: usize| each(&before["cohorts"][cohort]["cells"], |cell| cell["n"].clone());
    assert_eq!(returned(0), [json!(1), json!(0), json!(1), Value::Null]);
    // Ben came again two days later, which was after these three days.
    assert_eq!(returned(1), [json!(1), json!(0), Value::Null, Value::Null]);
    assert_eq!(before["pooled"][2]["n"], 1);
    says(&answer, "Of the period before, returns are left out");

    let pooled = json!({"question": question, "side": "returned", "column": 2, "compared": true});
    assert_eq!(behind(&server, "retention", &pooled).await, ["anna"]);
    let began = but(&pooled, &json!({"side": "began", "column": null}));
    assert_eq!(behind(&server, "retention", &began).await, ["anna", "ben"]);
    let over = but(&pooled, &json!({"side": "began", "column": 2}));
    assert_eq!(behind(&server, "retention", &over).await, ["anna"], "for Ben it is not over");
    let week = but(&question, &json!({"period": {"kind": "last", "n": 7, "grain": "day"}}));
    let stayed =
        but(&pooled, &json!({"question": week, "side": "stayed", "column": 1, "compared": false}));
    assert_eq!(behind(&server, "retention", &stayed).await, ["anna", "ben"]);
}
