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
    assert_eq!(explained["unit"], json!("visits"));
    assert!(explained["sql"].as_str().unwrap().contains("then 'paid search'"), "{explained}");
    let words = explained["words"].as_str().unwrap();
    assert!(words.contains("by channel") && words.ends_with("of the same length before."));

    let email = json!({"question": question, "group": {"is": "value", "value": "email"}});
    assert_eq!(behind(&server, "visits", &email).await, ["ben"]);
    let bounced = json!({"question": question, "span": 3, "is_bounce": true});
    assert_eq!(behind(&server, "visits", &bounced).await, ["anna"]);
    assert_eq!(behind(&server, "visits", &json!({"question": question})).await, ["anna", "ben"]);
}

fn path(path: &str) -> Value {
    let field = json!({"of": "context", "path": "page.path"});
    json!({"tests": [{"field": field, "op": "is", "values": [path]}]})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trends_and_funnels_are_told_apart_by_the_channel_of_the_visit() {
    let server = site().await;
    let by = json!({"by": {"of": "channel"}, "n_groups": 2});
    let trend = json!({
        "period": week(), "grain": "day", "breakdown": by,
        "series": [{"events": {}, "measure": {"is": "events"}}],
    });
    let answer = asked(&server, "trend", &trend).await;
    let value = |text: &str| json!({"is": "value", "value": text});
    let other = json!({"is": "other", "n_values": 1});
    assert_eq!(answer["groups"], json!([value("organic search"), value("direct"), other]));
    assert_eq!(answer["lines"][0]["whole"]["value"], json!(2.0), "both pages of the visit");
    let words = answer["explained"]["words"].as_str().unwrap();
    assert!(words.contains("by channel (the 2 most frequent values)"), "{words}");
    for (group, who) in [(0, "anna"), (1, "anna"), (2, "ben")] {
        let point = json!({"question": trend, "series": 0, "group": group});
        assert_eq!(behind(&server, "trend", &point).await, [who]);
    }

    let funnel = json!({"period": week(), "within": 3600, "steps": [path("/"), path("/lamps")],
                        "breakdown": by});
    let answer = asked(&server, "funnel", &funnel).await;
    assert_eq!(answer["groups"].as_array().unwrap().len(), 1, "{answer}");
    assert_eq!(answer["groups"][0]["group"], value("organic search"));
    assert_eq!(answer["groups"][0]["steps"][1]["n"], 1);
    let sql = answer["explained"]["sql"].as_str().unwrap();
    assert!(sql.contains("channel as grp"), "{sql}");
    let searched = json!({"question": funnel, "step": 2, "side": "reached",
                          "group": value("organic search")});
    assert_eq!(behind(&server, "funnel", &searched).await, ["anna"]);

    let unfit = json!({"period": week(), "grain": "day", "n_spans": 3, "breakdown": by});
    assert_eq!(at_fault(&server, "retention", &unfit).await, "breakdown.by");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_period_before_has_the_same_groups_and_its_own_customers() {
    let server = site().await;
    let days = json!({"period": {"kind": "last", "n": 4, "grain": "day"}, "compare": "previous"});
    let visits = but(&days, &json!({"by": {"of": "channel"}, "grain": "day"}));
    let answer = asked(&server, "visits", &visits).await;
    let row =
        |of: &Value| (of["rows"][0]["group"]["value"].clone(), of["rows"].as_array().map(Vec::len));
    let expected = (json!("direct"), Some(1));
    assert_eq!((row(&answer), row(&answer["compared"])), (expected.clone(), expected));
    assert_eq!(answer["compared"]["rows"][0]["visits"]["n_visits"], 0);
    assert_eq!(answer["compared"]["all"]["n_visits"], 2);

    let trend = json!({"grain": "day",
                       "series": [{"events": {}, "measure": {"is": "customers"}}]});
    let funnel = json!({"within": 3600, "steps": [path("/"), path("/lamps")]});
    for (insight, question, place, before) in [
        ("visits", visits, json!({}), vec!["anna", "ben"]),
        ("trend", but(&days, &trend), json!({"series": 0}), vec!["anna", "ben"]),
        ("funnel", but(&days, &funnel), json!({"step": 1, "side": "reached"}), vec!["anna"]),
    ] {
        let point = but(&place, &json!({"question": question}));
        assert_eq!(behind(&server, insight, &point).await, ["anna"], "{insight}");
        let point = but(&point, &json!({"compared": true}));
        assert_eq!(behind(&server, insight, &point).await, before, "{insight}");
        let alone = but(&question, &json!({"compare": null}));
        let point = but(&point, &json!({"question": alone}));
        let path = format!("{insight}/customers");
        assert_eq!(at_fault(&server, &path, &point).await, "compared", "{insight}");
    }
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
