//! Does a question about some customers look at nobody else?

use super::{asked, at_fault, behind, but, one_of_each, points, shop, week};
use crate::tests::Server;
use http::StatusCode;
use serde_json::{Value, json};

/// The shop, in which Ben and Cleo are known better.
async fn known() -> Server {
    let server = shop().await;
    for (customer, plan, age) in [("ben", "pro", "41"), ("cleo", "free", "29")] {
        let traits = json!({"plan": plan, "age": age});
        let event = json!({"userId": customer, "traits": traits, "messageId": customer});
        server.identify(&event.to_string()).await;
    }
    server
}

fn who(tests: &Value) -> Value {
    json!({"who": tests})
}

fn pro() -> Value {
    who(&json!([{"trait": "plan", "op": "is", "values": ["pro"]}]))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_insight_can_be_asked_of_some_customers() {
    let server = known().await;
    for (insight, question) in one_of_each() {
        let all = asked(&server, insight, &question).await;
        let some = asked(&server, insight, &but(&question, &pro())).await;
        let (all, some) = (&all["explained"], &some["explained"]);
        let words = format!(
            "{} Only customers whose plan is “pro” are looked at.",
            all["words"].as_str().unwrap()
        );
        assert_eq!(some["words"], json!(words));
        if let Some(sql) = some["sql"].as_str() {
            assert!(sql.starts_with("with events as (\n  select * from events where"), "{sql}");
            assert!(sql.contains("customers.traits ->> 'plan' in ('pro')"), "{sql}");
        }
        let stored = json!({"insight": insight, "question": but(&question, &pro())});
        let stored = asked(&server, "ask", &stored).await;
        assert_eq!(stored["answer"]["explained"]["words"], json!(words));
    }
    let named = server.get("/api/lookup?kind=user_id&value=ben").await.json();
    for (insight, point) in points() {
        let point = but(&point, &json!({"question": but(&point["question"], &pro())}));
        let listed = asked(&server, &format!("{insight}/customers"), &point).await;
        let items = listed["items"].as_array().unwrap();
        assert_eq!(listed["n"], items.len(), "{insight}: {listed}");
        assert!(items.iter().all(|row| row["id"] == named["customer_id"]), "{insight}: {listed}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_must_hold_for_a_trait_is_compared_as_it_is_written() {
    let server = known().await;
    let trend = json!({
        "period": week(), "grain": "week",
        "series": [{"events": {}, "measure": {"is": "customers"}}],
    });
    let whom = async |tests: Value| {
        let question = but(&trend, &who(&tests));
        behind(&server, "trend", &json!({"question": question, "series": 0})).await
    };
    assert_eq!(whom(json!([{"trait": "age", "op": "more", "value": 30}])).await, ["ben"]);
    assert_eq!(whom(json!([{"trait": "plan", "op": "missing"}])).await, ["anna"]);
    let not_pro = json!({"trait": "plan", "op": "is_not", "values": ["pro"]});
    assert_eq!(whom(json!([not_pro])).await, ["anna", "cleo"]);
    let is_known = json!({"trait": "age", "op": "exists"});
    assert_eq!(whom(json!([not_pro, is_known])).await, ["cleo"]);
    assert_eq!(whom(json!([])).await, ["anna", "ben", "cleo"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_cannot_be_said_is_named_and_what_is_withheld_cannot_be_asked() {
    let server = known().await;
    let question = json!({"period": week(), "grain": "day"});
    let nameless = but(&question, &who(&json!([{"trait": "", "op": "exists"}])));
    assert_eq!(at_fault(&server, "lifecycle", &nameless).await, "who[0].trait");
    let empty = but(&question, &who(&json!([{"trait": "plan", "op": "is", "values": []}])));
    assert_eq!(at_fault(&server, "lifecycle", &empty).await, "who[0].values");

    let change = json!({"version": 0, "default_rule": "latest",
                        "sensitive": [{"pattern": "plan", "roles": []}]});
    server.admin("PUT", "/api/settings/traits", &change.to_string()).await;
    let made = server.admin("POST", "/api/tokens", r#"{"name":"t","scopes":["read"]}"#).await;
    let bearer = format!("Bearer {}", made.json()["token"].as_str().unwrap());
    let headers = [("authorization", bearer.as_str())];
    let ask = async |path: &str, body: &Value| {
        server.send(crate::tests::request("POST", path, &headers, &body.to_string())).await
    };
    let alone = ask("/api/insights/lifecycle", &but(&question, &pro())).await;
    assert_eq!(alone.failure().0, "denied", "{}", alone.text);
    let point = json!({"question": but(&question, &pro()), "span": 0, "state": "new"});
    let listed = ask("/api/insights/lifecycle/customers", &point).await;
    assert_eq!(listed.failure().0, "denied", "{}", listed.text);
    assert_eq!(ask("/api/insights/lifecycle", &question).await.status, StatusCode::OK);
}
