//! Do visits over the wire have the numbers of those who came, from where they came?

use super::{asked, at_fault, behind, but, week};
use crate::tests::{NOW, Server};
use base::Duration;
use serde_json::{Value, json};

/// A page seen so many days and minutes before now.
async fn page(server: &Server, (customer, day, minute): (&str, i64, i64), path: &str, by: Value) {
    let at = NOW.minus(Duration::days(day)).minus(Duration::seconds(minute * 60));
    let page = json!({"path": path, "url": format!("https://shop.example{path}")});
    let mut context = json!({"page": page});
    context["page"]["referrer"] = by["referrer"].clone();
    context["campaign"] = by["campaign"].clone();
    let event = json!({
        "userId": customer, "name": path, "messageId": format!("{customer}-{day}-{minute}"),
        "timestamp": at.to_string(), "context": context,
    });
    server.call("/v1/page", &event.to_string()).await;
}

/// Anna comes by a search engine and sees two pages, and later one; Ben comes by e-mail for one.
async fn site() -> Server {
    let server = Server::start().await;
    let search = json!({"referrer": "https://www.google.com/"});
    let letter = json!({"campaign": {"source": "newsletter", "medium": "email"}});
    page(&server, ("anna", 5, 62), "/", search).await;
    page(&server, ("anna", 5, 57), "/lamps", json!({})).await;
    page(&server, ("anna", 3, 60), "/", json!({})).await;
    page(&server, ("ben", 5, 60), "/lamps", letter).await;
    server
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn visits_are_told_apart_by_channel_and_over_time() {
    let server = site().await;
    let question = json!({"period": week(), "by": {"of": "channel"}, "grain": "day",
                          "compare": "previous"});
    let answer = asked(&server, "visits", &question).await;
    let all = &answer["all"];
    let counts = ["n_visits", "n_visitors", "n_views", "n_events"].map(|name| all[name].clone());
    assert_eq!(counts, [json!(3), json!(2), json!(4), json!(4)]);
    assert!((all["bounce"]["value"].as_f64().unwrap() - 2.0 / 3.0).abs() < 1e-12, "{all}");
    assert_eq!((&all["bounce"]["n"], &all["bounce"]["high"]), (&json!(2), &json!(1.0)));
    assert_eq!(all["duration_seconds"]["value"], json!(100.0));
    let channels: Vec<_> =
        answer["rows"].as_array().unwrap().iter().map(|row| &row["group"]["value"]).collect();
    assert_eq!(channels, ["direct", "email", "organic search"]);
    assert_eq!(answer["rows"][2]["visits"]["n_views"], 2);
    let series = answer["series"].as_array().unwrap();
    assert_eq!((series.len(), &series[1]["name"]), (7, &json!("2025-12-26")));
    assert_eq!([1, 2, 3].map(|k| series[k]["visits"]["n_visits"].clone()), [2, 0, 1]);
    assert_eq!(answer["compared"]["all"]["n_visits"], 0);
    assert!(answer["compared"]["all"]["bounce"]["not_estimable"].is_string());
    assert_eq!(answer["compared"]["series"].as_array().unwrap().len(), 7);
    let explained = &answer["explained"];
    assert_eq!((&explained["unit"], &explained["sql"]), (&json!("visits"), &Value::Null));
    let words = explained["words"].as_str().unwrap();
    assert!(words.contains("by channel") && words.ends_with("of the same length before."));

    let email = json!({"question": question, "group": {"is": "value", "value": "email"}});
    assert_eq!(behind(&server, "visits", &email).await, ["ben"]);
    let bounced = json!({"question": question, "span": 3, "is_bounce": true});
    assert_eq!(behind(&server, "visits", &bounced).await, ["anna"]);
    assert_eq!(behind(&server, "visits", &json!({"question": question})).await, ["anna", "ben"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_visit_is_can_be_said() {
    let server = site().await;
    let n_visits = async |change: Value| {
        let question = but(&json!({"period": week()}), &change);
        let answer = asked(&server, "visits", &question).await;
        assert!(answer["explained"]["sql"].as_str().unwrap().contains("lag(occurred_at)"));
        answer["all"]["n_visits"].as_u64().unwrap()
    };
    assert_eq!(n_visits(json!({"gap": 299})).await, 4, "five minutes are a gap now");
    assert_eq!(n_visits(json!({"gap": 300})).await, 3);
    assert_eq!(n_visits(json!({"is_cut_at_midnight": true})).await, 3);
    let berlin = json!({"time_zone": "Europe/Berlin"});
    let cut = json!({"is_cut_at_midnight": true, "clock": berlin});
    assert_eq!(n_visits(cut).await, 4, "midnight of Berlin, 23:00 here, is between the pages");
    let entry = json!({"period": week(), "by": {"of": "entry_page"}});
    let answer = asked(&server, "visits", &entry).await;
    assert_eq!(answer["rows"][0]["group"]["value"], "/");
    assert_eq!(answer["rows"][0]["visits"]["n_visits"], 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn visits_that_cannot_be_counted_name_their_field() {
    let server = Server::start().await;
    let good = json!({"period": week()});
    let nameless = json!({"of": "label", "label": {"field": {"of": "property", "path": ""}}});
    for (change, field) in [
        (json!({"gap": 0}), "gap"),
        (json!({"gap": 86_401}), "gap"),
        (json!({"n_groups": 0}), "n_groups"),
        (json!({"by": nameless}), "by.label"),
        (json!({"views": {"events": [""]}}), "views.events[0]"),
    ] {
        assert_eq!(at_fault(&server, "visits", &but(&good, &change)).await, field);
    }
    let point = json!({"question": good, "span": 0});
    assert_eq!(at_fault(&server, "visits/customers", &point).await, "span", "there is no grain");
}
