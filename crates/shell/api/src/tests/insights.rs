//! Are questions about behaviour answered over the wire, and for those who may ask?

mod compared;
mod orders;
mod resting;
mod retention;
mod visits;
mod whom;

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
pub(super) async fn shop() -> Server {
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

pub(super) fn week() -> Value {
    json!({"kind": "last", "n": 7, "grain": "day"})
}

fn selected(name: &str) -> Value {
    json!({"events": [name]})
}

/// The answer to a question that can be answered.
async fn asked(server: &Server, insight: &str, question: &Value) -> Value {
    let path = format!("/api/insights/{insight}");
    let answer = server.admin("POST", &path, &question.to_string()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()
}

/// Of a question or point that cannot be answered: the field that is at fault.
async fn at_fault(server: &Server, insight: &str, question: &Value) -> String {
    let path = format!("/api/insights/{insight}");
    let answer = server.admin("POST", &path, &question.to_string()).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
    let (kind, field) = answer.failure();
    assert_eq!(kind, "invalid");
    field.unwrap_or_else(|| panic!("no field: {}", answer.text))
}

/// The customers behind a point, by what they are called at the sender, ascending.
async fn behind(server: &Server, insight: &str, point: &Value) -> Vec<String> {
    let told = asked(server, &format!("{insight}/customers"), point).await;
    let ids: Vec<&Value> = told["items"].as_array().unwrap().iter().map(|row| &row["id"]).collect();
    assert_eq!(told["n"], ids.len(), "{told}");
    let mut names = Vec::new();
    for name in ["anna", "ben", "cleo", "dora"] {
        let path = format!("/api/lookup?kind=user_id&value={name}");
        let found = server.admin("GET", &path, "").await;
        if found.status == StatusCode::OK && ids.contains(&&found.json()["customer_id"]) {
            names.push(name.to_owned());
        }
    }
    assert_eq!(names.len(), ids.len(), "{told}");
    names
}

/// `object` with other fields.
fn but(object: &Value, fields: &Value) -> Value {
    let mut object = object.clone();
    object.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    object
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
    assert_eq!(explained["until"], "2026-01-01T00:00:00Z");
    assert_eq!(explained["clock"]["time_zone"], "UTC");
    assert_eq!((&explained["n_events"], &explained["n_customers"]), (&json!(2), &json!(2)));
    assert!(explained["through"].as_str().unwrap().starts_with("p_"), "{explained}");
    assert!(explained["left_out"][0].as_str().unwrap().contains("revenue"), "{explained}");
    let units = [0, 1, 2].map(|line| answer["lines"][line]["unit"].clone());
    assert_eq!(units, [json!("customers"), json!("revenue"), Value::Null]);

    let point = json!({"question": question, "series": 0, "span": 3});
    let behind = server.admin("POST", "/api/insights/trend/customers", &point.to_string()).await;
    assert_eq!(behind.json()["n"], 2, "{}", behind.text);
    assert_eq!(behind.json()["items"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_with_the_name_of_its_insight_has_the_answer_of_its_path() {
    let server = shop().await;
    for (insight, question) in one_of_each() {
        same_by_name(&server, insight, &question).await;
    }
    let nothing = r#"{"insight":"horoscope","question":{}}"#;
    let refused = server.admin("POST", "/api/insights/ask", nothing).await;
    assert_eq!((refused.status, refused.failure().0), (StatusCode::BAD_REQUEST, "invalid".into()));
}

/// A question of every insight that looks at the category of events.
fn one_of_each() -> [(&'static str, Value); 9] {
    let lamps = json!({"field": {"of": "property", "path": "category"}, "op": "exists"});
    let any = json!({"tests": [lamps]});
    let label = json!({"field": {"of": "property", "path": "category"}});
    let week = json!({"period": week()});
    let by_category = json!({"by": {"of": "property", "path": "category"}});
    let series = json!([{"events": any, "measure": {"is": "customers"}}]);
    let retention = json!({"grain": "day", "n_spans": 3, "breakdown": by_category});
    let touch = json!({"outcome": any, "touch": any, "label": label, "within": 60});
    [
        ("trend", but(&week, &json!({"grain": "day", "series": series}))),
        ("funnel", but(&week, &json!({"within": 604_800, "steps": [any, any]}))),
        ("retention", but(&week, &retention)),
        ("visits", but(&week, &json!({"by": {"of": "label", "label": label}}))),
        ("paths", but(&week, &json!({"anchor": {"is": "from", "events": {}}, "label": label}))),
        ("lifecycle", but(&week, &json!({"grain": "day", "events": any}))),
        ("stickiness", but(&week, &json!({"grain": "week", "events": any}))),
        ("rfm", but(&week, &json!({"money": {"of": "property", "path": "category"}}))),
        ("last-touch", but(&week, &touch)),
    ]
}

/// That `/api/insights/ask` gives what the path of the insight gives.
async fn same_by_name(server: &Server, insight: &str, question: &Value) {
    let alone = format!("/api/insights/{insight}");
    let alone = server.admin("POST", &alone, &question.to_string()).await;
    let named = json!({"insight": insight, "question": question}).to_string();
    let named = server.admin("POST", "/api/insights/ask", &named).await;
    assert_eq!(named.status, StatusCode::OK, "{}", named.text);
    assert_eq!(named.json(), json!({"insight": insight, "answer": alone.json()}));
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
async fn a_funnel_is_compared_group_by_group() {
    let server = shop().await;
    let question = json!({
        "period": {"kind": "last", "n": 3, "grain": "day"}, "compare": "previous",
        "within": 86_400, "steps": [selected("Product Viewed"), selected("Order Completed")],
        "breakdown": {"by": {"of": "property", "path": "category"}},
    });
    let answer = asked(&server, "funnel", &question).await;
    let n = |of: &Value| of["steps"][0]["n"].as_u64();
    assert_eq!((n(&answer["all"]), n(&answer["compared"])), (Some(1), Some(2)), "{answer}");
    let chairs = json!({"is": "value", "value": "chairs"});
    for (groups, expected) in [("groups", 1), ("compared_groups", 0)] {
        let groups = &answer[groups];
        assert_eq!(groups.as_array().map(Vec::len), Some(1), "{answer}");
        assert_eq!((&groups[0]["group"], n(&groups[0])), (&chairs, Some(expected)));
    }
    let sql = answer["explained"]["sql"].as_str().unwrap();
    assert!(sql.contains("properties ->> 'category' as grp"), "{sql}");
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_not_see_a_value_can_ask_nothing_of_it() {
    let server = shop().await;
    let change = json!({"version": 0, "default_rule": "latest",
                        "sensitive": [{"pattern": "cat*", "roles": []}]});
    server.admin("PUT", "/api/settings/traits", &change.to_string()).await;
    let made = server.admin("POST", "/api/tokens", r#"{"name":"t","scopes":["read"]}"#).await;
    let bearer = format!("Bearer {}", made.json()["token"].as_str().unwrap());
    let ask = async |path: &str, question: &Value| {
        let headers = [("authorization", bearer.as_str())];
        server.send(super::request("POST", path, &headers, &question.to_string())).await
    };
    for (insight, question) in one_of_each() {
        asked(&server, insight, &question).await;
        let alone = ask(&format!("/api/insights/{insight}"), &question).await;
        assert_eq!(alone.failure().0, "denied", "{insight}: {}", alone.text);
        let named = json!({"insight": insight, "question": question});
        assert_eq!(ask("/api/insights/ask", &named).await.failure().0, "denied", "{insight}");
    }
    for (insight, point) in points() {
        let path = format!("/api/insights/{insight}/customers");
        let refused = ask(&path, &point).await;
        assert_eq!(refused.failure().0, "denied", "{insight}: {}", refused.text);
    }
    let plain = json!({"period": week(), "grain": "day"});
    assert_eq!(ask("/api/insights/lifecycle", &plain).await.status, StatusCode::OK);
}

/// A point of each of these answers.
fn points() -> impl Iterator<Item = (&'static str, Value)> {
    let places = [
        json!({"series": 0}),
        json!({"step": 1, "side": "reached"}),
        json!({"cohort": 0, "side": "began"}),
        json!({}),
        json!({"level": 0, "step": {"is": "absent"}}),
        json!({"span": 0, "state": "new"}),
        json!({"span": 0, "n_days": 1}),
        json!({"recency": 1, "frequency": 1}),
        json!({}),
    ];
    let asked = one_of_each().into_iter().zip(places);
    asked.map(|((insight, question), at)| (insight, but(&json!({"question": question}), &at)))
}
