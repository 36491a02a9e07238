//! Do metrics keep their meaning over the wire?

use super::insights::{shop, week};
use super::{Server, request};
use http::StatusCode;
use serde_json::{Value, json};

async fn ok(server: &Server, method: &str, path: &str, body: &Value) -> Value {
    let answer = server.admin(method, path, &body.to_string()).await;
    assert_eq!(answer.status, StatusCode::OK, "{method} {path}: {}", answer.text);
    answer.json()
}

fn revenue() -> Value {
    json!({
        "key": "revenue", "name": "Revenue", "unit": {"is": "money", "currency": "EUR"},
        "good": {"is": "up"},
        "definition": {"is": "trend", "series": [{
            "events": {"events": ["Order Completed"]},
            "measure": {"is": "sum", "of": {"of": "property", "path": "revenue"}},
        }]},
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_measure_is_a_new_version_and_the_old_one_can_be_asked() {
    let server = shop().await;
    let made = ok(&server, "POST", "/api/metrics", &revenue()).await;
    assert_eq!((&made["version"], &made["revision"]), (&json!(1), &json!(1)));
    assert_eq!(made["words"], "sum of revenue over “Order Completed”");
    let again = server.admin("POST", "/api/metrics", &revenue().to_string()).await;
    assert_eq!(again.failure().0, "conflict");

    let mut change = revenue();
    change.as_object_mut().unwrap().remove("key");
    change["owner"] = json!("Finance");
    change["name"] = json!("Sales");
    change["revision"] = json!(1);
    let renamed = ok(&server, "PUT", "/api/metrics/revenue", &change).await;
    assert_eq!((&renamed["version"], &renamed["revision"]), (&json!(1), &json!(2)));
    let stale = server.admin("PUT", "/api/metrics/revenue", &change.to_string()).await;
    assert_eq!(stale.failure().0, "conflict");
    change["revision"] = json!(2);
    change["definition"]["series"][0]["measure"]["is"] = json!("mean");
    let changed = ok(&server, "PUT", "/api/metrics/revenue", &change).await;
    assert_eq!((&changed["version"], &changed["revision"]), (&json!(2), &json!(3)));

    let mut question = json!({"period": week(), "grain": "day"});
    let path = "/api/metrics/revenue/answer";
    let mean = ok(&server, "POST", path, &question).await;
    assert_eq!(mean["answer"]["lines"][0]["points"][3]["value"], json!(9.8));
    question["version"] = json!(1);
    let sum = ok(&server, "POST", path, &question).await;
    assert_eq!(sum["answer"]["lines"][0]["points"][3]["value"], json!(19.6));
    assert_eq!((&sum["metric"]["version"], &sum["metric"]["name"]), (&json!(1), &json!("Sales")));
    let explained = &sum["answer"]["explained"];
    assert!(explained["words"].as_str().unwrap().starts_with("Sales (version 1, EUR"));
    assert!(explained["sql"].as_str().unwrap().contains("sum(x)"), "{explained}");
    question["version"] = json!(7);
    let never = server.admin("POST", path, &question.to_string()).await;
    assert_eq!(never.failure().0, "not_found");
    let versions = ok(&server, "GET", "/api/metrics/revenue/versions", &Value::Null).await;
    let numbers: Vec<_> = versions["versions"].as_array().unwrap().iter().collect();
    assert_eq!([&numbers[0]["version"], &numbers[1]["version"]], [&json!(2), &json!(1)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_metric_out_of_use_still_answers() {
    let server = shop().await;
    ok(&server, "POST", "/api/metrics", &revenue()).await;
    let gone = server.admin("DELETE", "/api/metrics/revenue", "").await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    let all = ok(&server, "GET", "/api/metrics", &Value::Null).await;
    assert_eq!(all["metrics"][0]["is_archived"], json!(true));
    let question = json!({"period": week(), "grain": "day"});
    ok(&server, "POST", "/api/metrics/revenue/answer", &question).await;
    let nobody = server.admin("DELETE", "/api/metrics/nobody", "").await;
    assert_eq!(nobody.failure().0, "not_found");
    let audit = server.get("/api/audit").await.json();
    let actions: Vec<_> =
        audit["items"].as_array().unwrap().iter().map(|line| line["action"].clone()).collect();
    assert_eq!(actions[..2], [json!("metric.archived"), json!("metric.created")]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_usual_metrics_are_added_once_and_answer_even_without_events() {
    let server = shop().await;
    let usual = server.get("/api/metrics/usual").await.json();
    assert!(usual["metrics"].as_array().unwrap().iter().all(|metric| metric["is_there"] == false));
    let two = json!({"currency": "eur", "keys": ["revenue", "orders"]});
    let added = ok(&server, "POST", "/api/metrics/usual", &two).await;
    assert_eq!(added["metrics"].as_array().unwrap().len(), 2);
    let rest = ok(&server, "POST", "/api/metrics/usual", &json!({"currency": "EUR"})).await;
    let n_usual = usual["metrics"].as_array().unwrap().len();
    assert_eq!(rest["metrics"].as_array().unwrap().len(), n_usual - 2);
    let all = server.get("/api/metrics").await.json();
    for metric in all["metrics"].as_array().unwrap() {
        let path = format!("/api/metrics/{}/answer", metric["key"].as_str().unwrap());
        let question = json!({"period": week(), "grain": "week"});
        let answer = ok(&server, "POST", &path, &question).await;
        let spans = answer["answer"]["spans"].as_array().unwrap().len();
        let lines = &answer["answer"]["lines"];
        assert_eq!(lines.as_array().unwrap().len(), 1, "{path}: {lines}");
        assert_eq!(lines[0]["points"].as_array().unwrap().len(), spans, "{path}");
    }
    let rate = json!({"period": week(), "grain": "week"});
    let rate = ok(&server, "POST", "/api/metrics/email-open-rate/answer", &rate).await;
    let whole = &rate["answer"]["lines"][0]["whole"];
    assert_eq!(whole["value"], Value::Null, "no e-mail was ever delivered: {whole}");
    assert!(whole["not_estimable"].as_str().unwrap().contains("divided by"), "{whole}");
    let wrong = server.admin("POST", "/api/metrics/usual", r#"{"currency":"euros"}"#).await;
    assert_eq!(wrong.failure().1, Some("currency".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_agreed_on_names_its_field() {
    let server = Server::start().await;
    let check = async |change: &dyn Fn(&mut Value), field: &str| {
        let mut draft = revenue();
        change(&mut draft);
        let answer = server.admin("POST", "/api/metrics", &draft.to_string()).await;
        assert_eq!(answer.failure(), ("invalid".into(), Some(field.into())), "{}", answer.text);
    };
    check(&|draft| draft["key"] = json!("Umsatz!"), "key").await;
    check(&|draft| draft["name"] = json!(" "), "name").await;
    check(&|draft| draft["unit"]["currency"] = json!("€"), "unit.currency").await;
    check(&|draft| draft["good"] = json!({"is": "between", "low": 2, "high": 1}), "good").await;
    let two = |draft: &mut Value| {
        let series = draft["definition"]["series"][0].clone();
        draft["definition"]["series"] = json!([series, series]);
    };
    check(&two, "definition.formula").await;
    let nameless = |draft: &mut Value| {
        draft["definition"]["series"][0]["events"]["events"] = json!([""]);
    };
    check(&nameless, "definition.series[0].events.events[0]").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_asks_and_changes_nothing_and_sees_no_withheld_value() {
    let server = shop().await;
    ok(&server, "POST", "/api/metrics", &revenue()).await;
    let hide = json!({"version": 0, "default_rule": "latest",
                      "sensitive": [{"pattern": "revenue", "roles": []}]});
    server.admin("PUT", "/api/settings/traits", &hide.to_string()).await;
    let made = server.admin("POST", "/api/tokens", r#"{"name":"t","scopes":["read"]}"#).await;
    let bearer = format!("Bearer {}", made.json()["token"].as_str().unwrap());
    let question = json!({"period": week(), "grain": "day"}).to_string();
    let as_reader = async |method: &str, path: &str, body: &str| {
        server.send(request(method, path, &[("authorization", &bearer)], body)).await
    };
    let hidden = as_reader("POST", "/api/metrics/revenue/answer", &question).await;
    assert_eq!(hidden.failure().0, "denied");
    assert_eq!(as_reader("GET", "/api/metrics", "").await.status, StatusCode::OK);
    for (method, path, body) in [
        ("POST", "/api/metrics", revenue().to_string()),
        ("POST", "/api/metrics/usual", "{}".to_owned()),
        ("DELETE", "/api/metrics/revenue", String::new()),
    ] {
        assert_eq!(as_reader(method, path, &body).await.failure().0, "denied", "{method} {path}");
    }
}
