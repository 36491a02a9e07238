//! Do paths, states, days, scores and touches over the wire have the numbers of a small shop?

use super::{asked, at_fault, behind, but, selected, shop, week};
use serde_json::{Value, json};

fn value(value: &str) -> Value {
    json!({"is": "value", "value": value})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn paths_say_what_comes_next() {
    let server = shop().await;
    let anchor = json!({"is": "from", "events": selected("Product Viewed")});
    let question = json!({"period": week(), "anchor": anchor, "depth": 3});
    let answer = asked(&server, "paths", &question).await;
    assert_eq!((&answer["n_paths"], &answer["n_customers"]), (&json!(3), &json!(2)));
    let (view, order) = (value("Product Viewed"), value("Order Completed"));
    assert_eq!(answer["levels"][0], json!([{"step": view, "n": 3}]));
    let next = json!([{"step": order, "n": 1}, {"step": view, "n": 1},
                      {"step": {"is": "end"}, "n": 1}]);
    assert_eq!(answer["levels"][1], next);
    assert_eq!(answer["links"][0], json!({"level": 0, "from": 0, "to": 0, "n": 1}));
    assert_eq!(answer["top"].as_array().unwrap().len(), 3);
    assert_eq!(answer["explained"]["unit"], "paths");
    assert!(answer["explained"]["sql"].as_str().unwrap().contains("lead(step)"));

    let point = json!({"question": question, "level": 0, "step": view, "next": {"step": order}});
    assert_eq!(behind(&server, "paths", &point).await, ["anna"]);
    let end = json!({"question": question, "level": 1, "step": {"is": "end"}});
    assert_eq!(behind(&server, "paths", &end).await, ["ben"]);
    let other = json!({"is": "other", "n_values": 1});
    let rest = json!({"question": question, "level": 1, "step": other,
                      "shown": ["Product Viewed"]});
    assert_eq!(behind(&server, "paths", &rest).await, ["anna"]);

    for (change, field) in [
        (json!({"depth": 1}), "depth"),
        (json!({"n_shown": 51}), "n_shown"),
        (json!({"within": -1}), "within"),
        (json!({"anchor": {"is": "sessions"}}), "gap"),
        (json!({"anchor": {"is": "to", "events": selected("")}}), "anchor.events.events[0]"),
        (json!({"label": {"field": {"of": "context", "path": ""}}}), "label"),
    ] {
        assert_eq!(at_fault(&server, "paths", &but(&question, &change)).await, field);
    }
    for (change, field) in [
        (json!({"level": 2}), "level"),
        (json!({"step": other}), "shown"),
        (json!({"next": {"step": other}}), "next.shown"),
    ] {
        assert_eq!(at_fault(&server, "paths/customers", &but(&point, &change)).await, field);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lifecycle_says_who_is_new_and_who_is_back() {
    let server = shop().await;
    let question = json!({"period": week(), "grain": "day", "events": selected("Product Viewed")});
    let answer = asked(&server, "lifecycle", &question).await;
    let spans = answer["spans"].as_array().unwrap();
    assert_eq!((spans.len(), &spans[1]["name"]), (7, &json!("2025-12-26")));
    let states = |span: usize| {
        ["n_active", "n_new", "n_returning", "n_resurrecting", "n_dormant"]
            .map(|name| spans[span][name].as_u64().unwrap())
    };
    // Anna looked on the 26th; Ben on the 27th and the 29th.
    assert_eq!(states(1), [1, 1, 0, 0, 0]);
    assert_eq!(states(2), [1, 1, 0, 0, 1]);
    assert_eq!(states(3), [0, 0, 0, 0, 1]);
    assert_eq!(states(4), [1, 0, 0, 1, 0]);
    assert_eq!(spans[2]["kept"]["value"], json!(0.0));
    assert!(spans[2]["kept"]["high"].as_f64().unwrap() > 0.7, "of one: {}", spans[2]);
    assert_eq!(answer["explained"]["from"], "2025-12-25T00:00:00Z");
    assert!(answer["explained"]["sql"].as_str().unwrap().contains("'dormant'"));

    let back = json!({"question": question, "span": 4, "state": "resurrecting"});
    assert_eq!(behind(&server, "lifecycle", &back).await, ["ben"]);
    let gone = json!({"question": question, "span": 2, "state": "dormant"});
    assert_eq!(behind(&server, "lifecycle", &gone).await, ["anna"]);
    let nameless = but(&question, &json!({"events": selected("")}));
    assert_eq!(at_fault(&server, "lifecycle", &nameless).await, "events.events[0]");
    let never = but(&back, &json!({"span": 7}));
    assert_eq!(at_fault(&server, "lifecycle/customers", &never).await, "span");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stickiness_counts_days() {
    let server = shop().await;
    // From Thursday to Wednesday: four days of one week, three of the next.
    let question = json!({"period": week(), "grain": "week"});
    let answer = asked(&server, "stickiness", &question).await;
    let spans = answer["spans"].as_array().unwrap();
    assert_eq!((&spans[0]["name"], &spans[0]["is_whole"]), (&json!("2025-12-22"), &json!(false)));
    assert_eq!(spans[0]["n_by_days"], json!([2, 1, 0, 0]), "Anna came on two days");
    assert_eq!(spans[1]["n_by_days"], json!([1, 0, 0]));
    assert!((spans[0]["mean_days"]["value"].as_f64().unwrap() - 4.0 / 3.0).abs() < 1e-12);
    assert!((spans[0]["share_of_days"]["value"].as_f64().unwrap() - 1.0 / 3.0).abs() < 1e-12);
    let days = answer["days"].as_array().unwrap();
    assert_eq!((days.len(), &days[3]["name"]), (7, &json!("2025-12-28")));
    let of = |day: usize| ["n_day", "n_week", "n_month"].map(|name| days[day][name].clone());
    assert_eq!((of(1), of(3)), ([1, 1, 1].map(Value::from), [2, 3, 3].map(Value::from)));

    let twice = json!({"question": question, "span": 0, "n_days": 2});
    assert_eq!(behind(&server, "stickiness", &twice).await, ["anna"]);
    let on_the_28th = json!({"question": question, "day": 3, "n_days": 1});
    assert_eq!(behind(&server, "stickiness", &on_the_28th).await, ["anna", "cleo"]);
    let in_the_week = but(&on_the_28th, &json!({"n_days": 7}));
    assert_eq!(behind(&server, "stickiness", &in_the_week).await, ["anna", "ben", "cleo"]);
    for (change, field) in [
        (json!({"day": 7}), "day"),
        (json!({"span": 0}), "day"),
        (json!({"n_days": 2}), "n_days"),
        (json!({"day": null}), "span"),
    ] {
        let wrong = but(&on_the_28th, &change);
        assert_eq!(at_fault(&server, "stickiness/customers", &wrong).await, field);
    }
    let daily = but(&question, &json!({"grain": "day"}));
    assert_eq!(at_fault(&server, "stickiness", &daily).await, "grain");
    for (change, field) in [(json!({"span": 2}), "span"), (json!({"n_days": 5}), "n_days")] {
        assert_eq!(at_fault(&server, "stickiness/customers", &but(&twice, &change)).await, field);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_grid_scores_customers() {
    let server = shop().await;
    let edges = json!({"is": "given", "recency_days": [1], "frequency": [1], "monetary": [10]});
    let question = json!({
        "period": week(), "events": selected("Order Completed"),
        "money": {"of": "property", "path": "revenue"}, "edges": edges,
    });
    let answer = asked(&server, "rfm", &question).await;
    assert_eq!(answer["n_customers"], 2);
    assert_eq!(answer["scale"]["monetary"], json!([10.0]));
    let cells = answer["cells"].as_array().unwrap();
    assert_eq!((cells.len(), &cells[0]["n"]), (4, &json!(2)), "three days ago, once");
    assert_eq!(cells[0]["n_by_monetary"], json!([1, 1]));
    assert_eq!(cells[0]["money"]["value"], json!(9.8));
    assert_eq!(cells[3]["n"], 0);
    let rich = json!({"question": question, "recency": 1, "frequency": 1, "monetary": 2});
    assert_eq!(behind(&server, "rfm", &rich).await, ["anna"]);

    let fifths = but(&question, &json!({"edges": null}));
    let answer = asked(&server, "rfm", &fifths).await;
    assert_eq!(answer["cells"].as_array().unwrap().len(), 25);
    assert_eq!(answer["scale"]["recency_days"], json!([3.0, 3.0, 3.0, 3.0]));
    let one = json!({"is": "quantiles", "quantiles": 1});
    let falling = but(&edges, &json!({"frequency": [2, 1]}));
    for (change, field) in [
        (json!({"edges": one}), "edges.quantiles"),
        (json!({"edges": falling}), "edges.frequency"),
        (json!({"money": {"of": "property", "path": ""}}), "money"),
    ] {
        assert_eq!(at_fault(&server, "rfm", &but(&question, &change)).await, field);
    }
    for field in ["recency", "frequency", "monetary"] {
        let beyond = but(&rich, &json!({field: 3}));
        assert_eq!(at_fault(&server, "rfm/customers", &beyond).await, field);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn orders_are_credited_to_the_last_look() {
    let server = shop().await;
    let question = json!({
        "period": week(), "within": 2_592_000,
        "outcome": selected("Order Completed"), "touch": selected("Product Viewed"),
        "label": {"field": {"of": "property", "path": "category"}},
        "value": {"of": "property", "path": "revenue"},
    });
    let answer = asked(&server, "last-touch", &question).await;
    assert_eq!(answer["n_outcomes"], 2);
    let row = &answer["rows"][0];
    assert_eq!((&row["group"], &row["outcomes"]["n"]), (&value("lamps"), &json!(1)));
    assert_eq!(row["outcomes"]["sum"], json!(19.5));
    assert_eq!(row["outcomes"]["of_all"]["value"], json!(0.5));
    assert_eq!(answer["untouched"]["sum"], json!(0.1), "Cleo had looked at nothing");
    assert_eq!(answer["explained"]["unit"], "outcomes");
    assert!(answer["explained"]["sql"].as_str().unwrap().contains("select distinct on (outcome)"));

    let lamps = json!({"question": question, "group": value("lamps")});
    assert_eq!(behind(&server, "last-touch", &lamps).await, ["anna"]);
    let untouched = json!({"question": question, "is_untouched": true});
    assert_eq!(behind(&server, "last-touch", &untouched).await, ["cleo"]);
    for (change, field) in [
        (json!({"within": 0}), "within"),
        (json!({"outcome": selected("")}), "outcome.events[0]"),
        (json!({"label": {"field": {"of": "property", "path": ""}}}), "label"),
    ] {
        assert_eq!(at_fault(&server, "last-touch", &but(&question, &change)).await, field);
    }
    let both = but(&lamps, &json!({"is_untouched": true}));
    assert_eq!(at_fault(&server, "last-touch/customers", &both).await, "group");
}
