//! Do alerts travel as they should, and do they tell nobody more than they may see?

use super::insights::shop;
use super::{Answer, NOW, Server, request};
use app::EngineOptions;
use app::clock::{Clock, FixedClock};
use base::Duration;
use http::StatusCode;
use serde_json::{Value, json};
use std::sync::Arc;

async fn ok(server: &Server, method: &str, path: &str, body: &Value) -> Value {
    let answer = server.admin(method, path, &body.to_string()).await;
    assert_eq!(answer.status, StatusCode::OK, "{method} {path}: {}", answer.text);
    answer.json()
}

fn draft() -> Value {
    json!({"metric": "revenue", "grain": "day", "clock": {"time_zone": "Europe/Berlin"},
           "when": {"kind": "threshold", "op": "below", "value": 100}})
}

async fn with_metrics() -> Server {
    let server = shop().await;
    ok(&server, "POST", "/api/metrics/usual", &json!({"keys": ["revenue", "orders"]})).await;
    server
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_alert_is_made_changed_tried_and_deleted() {
    let server = with_metrics().await;
    let made = ok(&server, "POST", "/api/alerts", &draft()).await;
    assert_eq!((&made["version"], &made["webhook"]), (&json!(1), &Value::Null));
    let words = "revenue of a day is below 100, in the time zone Europe/Berlin";
    assert_eq!(made["words"], words);
    assert_eq!(made["clock"]["time_zone"], "Europe/Berlin");
    let path = format!("/api/alerts/{}", made["id"].as_str().unwrap());
    let tried = ok(&server, "POST", &format!("{path}/test"), &Value::Null).await;
    assert_eq!(tried["judgement"]["fires"], json!(true), "{tried}");
    assert_eq!(tried["delivery"], Value::Null);

    let mut change = draft();
    change["version"] = json!(1);
    change["is_on"] = json!(false);
    change["when"] = json!({"kind": "unusual", "sensitivity": "high"});
    change["webhook"] = json!({"url": "http://127.0.0.1:9/hook"});
    let changed = ok(&server, "PUT", &path, &change).await;
    let secret = changed["webhook"]["secret"].as_str().unwrap();
    assert!(secret.starts_with("whsec_"), "{secret}");
    let stale = server.admin("PUT", &path, &change.to_string()).await;
    assert_eq!(stale.failure().0, "conflict");
    let read = ok(&server, "GET", &path, &Value::Null).await;
    assert_eq!(read["webhook"]["secret"], Value::Null, "it is told once");
    assert_eq!(read["when"], json!({"kind": "unusual", "sensitivity": "high"}));
    let unheard = ok(&server, "POST", &format!("{path}/test"), &Value::Null).await;
    assert_eq!(unheard["delivery"]["status"], Value::Null, "nobody listens there: {unheard}");
    let list = ok(&server, "GET", "/api/alerts", &Value::Null).await;
    assert_eq!(list["alerts"].as_array().unwrap().len(), 1);
    assert!(!list.to_string().contains(secret));
    assert_eq!(server.admin("DELETE", &path, "").await.status, StatusCode::NO_CONTENT);
    assert_eq!(server.admin("GET", &path, "").await.failure().0, "not_found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_watched_names_its_field() {
    let server = with_metrics().await;
    let check = async |field: &str, value: Value, expected: &str| {
        let mut draft = draft();
        draft[field] = value;
        let answer = server.admin("POST", "/api/alerts", &draft.to_string()).await;
        let expected = ("invalid".to_owned(), Some(expected.to_owned()));
        assert_eq!(answer.failure(), expected, "{}", answer.text);
    };
    check("metric", json!("luck"), "metric").await;
    check("grain", json!("month"), "grain").await;
    check("webhook", json!({"url": "ftp://example.com"}), "webhook.url").await;
    let cursor = server.admin("GET", "/api/alerts/firings?cursor=x", "").await;
    assert_eq!(cursor.failure().0, "invalid");
    let seen = server.admin("POST", "/api/alerts/firings/seen", r#"{"through":"x"}"#).await;
    assert_eq!(seen.failure().1, Some("through".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_may_not_see_a_metric_is_not_told_its_numbers() {
    let clock = Arc::new(FixedClock::at(NOW));
    let of_server = Arc::clone(&clock) as Arc<dyn Clock>;
    let with_clock = |options| EngineOptions { clock: of_server, ..options };
    let server = Server::with(with_clock, |options| options).await;
    ok(&server, "POST", "/api/metrics/usual", &json!({"keys": ["revenue", "orders"]})).await;
    ok(&server, "POST", "/api/alerts", &draft()).await;
    let other = json!({"metric": "orders", "grain": "day",
                       "when": {"kind": "threshold", "op": "below", "value": 100}});
    ok(&server, "POST", "/api/alerts", &other).await;
    clock.set(NOW.plus(Duration::hours(25)));
    server.engine.judge_alerts().await.unwrap();

    let hide = json!({"version": 0, "default_rule": "latest",
                      "sensitive": [{"pattern": "revenue", "roles": []}]});
    server.admin("PUT", "/api/settings/traits", &hide.to_string()).await;
    let scopes = r#"{"name":"t","scopes":["read","write"]}"#;
    let made = server.admin("POST", "/api/tokens", scopes).await;
    let bearer = format!("Bearer {}", made.json()["token"].as_str().unwrap());
    let as_reader = async |method: &str, path: &str, body: &str| -> Answer {
        server.send(request(method, path, &[("authorization", &bearer)], body)).await
    };
    let refused = as_reader("POST", "/api/alerts", &draft().to_string()).await;
    assert_eq!(refused.failure().0, "denied");
    let told = as_reader("GET", "/api/alerts/firings", "").await.json();
    assert_eq!(told["n_unseen"], 2, "{told}");
    let of = |metric: &str| {
        let firings = told["firings"].as_array().unwrap();
        firings.iter().find(|firing| firing["metric"] == metric).unwrap()
    };
    assert_eq!((&of("revenue")["value"], &of("orders")["value"]), (&Value::Null, &json!(0.0)));
    assert_eq!(of("revenue")["words"], "(withheld)");
    assert_eq!(of("orders")["words"], "Orders: 0 in the day 2026-01-01, below 100.");

    let seen = json!({"through": told["firings"][0]["id"]}).to_string();
    let done = as_reader("POST", "/api/alerts/firings/seen", &seen).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.text);
    assert_eq!(as_reader("GET", "/api/alerts/firings", "").await.json()["n_unseen"], 0);
    let all = ok(&server, "GET", "/api/alerts/firings", &Value::Null).await;
    assert_eq!(all["n_unseen"], 2, "each looks for themselves");
    assert_eq!(all["firings"][0]["seen_by_me"], json!(false));
}
