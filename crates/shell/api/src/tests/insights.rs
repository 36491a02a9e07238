//! Are questions about behaviour answered over the wire, and for those who may ask?

use super::{NOW, Server};
use base::Duration;
use http::StatusCode;
use serde_json::{Value, json};

fn event(customer: &str, name: &str, day: i64, properties: &Value) -> String {
    let at = NOW.minus(Duration::days(day)).minus(Duration::seconds(3_600));
    let event = json!({
        "userId": customer, "event": name, "messageId": format!("{customer}-{name}-{day}"),
        "timestamp": at.to_string(), "properties": properties,
    });
    event.to_string()
}

/// Anna looks and orders, Ben looks twice, Cleo orders only.
async fn shop() -> Server {
    let server = Server::start().await;
    let order = |revenue: f64| json!({"revenue": revenue, "currency": "EUR", "category": "lamps"});
    let look = json!({"category": "lamps"});
    for event in [
        event("anna", "Product Viewed", 5, &look),
        event("anna", "Order Completed", 3, &order(19.5)),
        event("ben", "Product Viewed", 4, &look),
        event("ben", "Product Viewed", 2, &json!({"category": "chairs"})),
        event("cleo", "Order Completed", 3, &order(0.1)),
    ] {
        server.track(&event).await;
    }
    server
}

fn week() -> Value {
    json!({"kind": "last", "n": 7, "grain": "day"})
}

fn selected(name: &str) -> Value {
    json!({"events": [name]})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trend_says_what_it_counts_and_who_is_behind() {
    let server = shop().await;
    let question = json!({
        "period": week(), "grain": "day", "compare": "previous",
        "series": [
            {"events": selected("Order Completed"), "measure": {"is": "customers"}},
            {"events": selected("Order Completed"),
             "measure": {"is": "sum", "of": {"of": "property", "path": "revenue"}}},
        ],
        "formula": "B / A",
    });
    let answer = server.admin("POST", "/api/insights/trend", &question.to_string()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let answer = answer.json();
    assert_eq!(answer["spans"].as_array().unwrap().len(), 7);
    let on_the_day = |line: usize| answer["lines"][line]["points"][3]["value"].clone();
    assert_eq!(answer["spans"][3]["name"], "2025-12-28");
    assert_eq!(
        [on_the_day(0), on_the_day(1), on_the_day(2)],
        [json!(2.0), json!(19.6), json!(9.8)]
    );
    assert_eq!(answer["lines"][2]["series"], Value::Null);
    assert_eq!(answer["compared"]["lines"][0]["whole"]["value"], json!(0.0));
    let explained = &answer["explained"];
    assert!(explained["words"].as_str().unwrap().contains("“Order Completed”"), "{explained}");
    assert!(explained["sql"].as_str().unwrap().contains("Order Completed"), "{explained}");
    assert_eq!(explained["from"], "2025-12-25T00:00:00Z");

    let point = json!({"question": question, "series": 0, "span": 3});
    let behind = server.admin("POST", "/api/insights/trend/customers", &point.to_string()).await;
    assert_eq!(behind.json()["n"], 2, "{}", behind.text);
    assert_eq!(behind.json()["items"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_funnel_says_who_stopped_where() {
    let server = shop().await;
    let question = json!({
        "period": week(), "within": 604_800,
        "steps": [selected("Product Viewed"), selected("Order Completed")],
        "breakdown": {"by": {"of": "property", "path": "category"}},
    });
    let answer = server.admin("POST", "/api/insights/funnel", &question.to_string()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let answer = answer.json();
    assert_eq!(answer["all"]["steps"][0]["n"], 2);
    assert_eq!(answer["all"]["steps"][1]["n"], 1);
    assert_eq!(answer["all"]["steps"][1]["of_first"]["value"], json!(0.5));
    assert!(answer["all"]["steps"][1]["of_first"]["low"].as_f64().unwrap() < 0.1);
    assert_eq!(answer["groups"][0]["group"], json!({"is": "value", "value": "lamps"}));
    assert_eq!(answer["all"]["took"]["median_seconds"], json!(172_800.0));

    let point = json!({"question": question, "step": 2, "side": "dropped"});
    let behind = server.admin("POST", "/api/insights/funnel/customers", &point.to_string()).await;
    assert_eq!(behind.json()["n"], 1, "{}", behind.text);
    let ben = server.get("/api/lookup?kind=user_id&value=ben").await.json();
    assert_eq!(behind.json()["items"][0]["id"], ben["customer_id"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_that_cannot_be_answered_names_its_field() {
    let server = shop().await;
    let ask = async |question: Value| {
        let answer = server.admin("POST", "/api/insights/funnel", &question.to_string()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
        answer.failure()
    };
    let at = |field: &str| ("invalid".to_owned(), Some(field.to_owned()));
    let steps = json!([selected("A"), selected("B")]);
    let one = json!({"period": week(), "within": 1, "steps": [selected("A")]});
    assert_eq!(ask(one).await, at("steps"));
    let nameless = json!([selected("A"), selected("")]);
    let nameless = json!({"period": week(), "within": 1, "steps": nameless});
    assert_eq!(ask(nameless).await, at("steps[1].events[0]"));
    let nowhere = json!({"time_zone": "Atlantis/Port"});
    let nowhere = json!({"clock": nowhere, "period": week(), "within": 1, "steps": steps});
    assert_eq!(ask(nowhere).await.0, "invalid");
    let never = json!({"kind": "between", "first": "2026-13-01", "last": "2026-01-02"});
    assert_eq!(
        ask(json!({"period": never, "within": 1, "steps": steps})).await,
        at("period.first")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn traits_group_customers_as_they_are_now() {
    let server = shop().await;
    let question = json!({
        "period": week(), "grain": "week",
        "series": [{"events": selected("Product Viewed"), "measure": {"is": "customers"}}],
        "breakdown": {"by": {"of": "trait", "name": "plan"}},
    });
    let groups = async || {
        let answer = server.admin("POST", "/api/insights/trend", &question.to_string()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        answer.json()["groups"].clone()
    };
    assert_eq!(groups().await, json!([{"is": "absent"}]));
    server.identify(r#"{"userId":"ben","traits":{"plan":"pro"},"messageId":"i-1"}"#).await;
    let both = json!([{"is": "value", "value": "pro"}, {"is": "absent"}]);
    assert_eq!(groups().await, both);
}
