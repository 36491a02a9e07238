//! Are questions in SQL saved, and is it told where nobody answers them?

use super::Server;
use http::StatusCode;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn questions_are_saved_changed_deleted_and_brought_back() {
    let server = Server::start().await;
    let draft = json!({"name": " Names ", "query": "SELECT 1", "look": {"chart": "bar", "x": [1]}});
    let saved = server.admin("POST", "/api/sql/queries", &draft.to_string()).await.json();
    assert_eq!((&saved["id"], &saved["name"]), (&json!("y_0001"), &json!("Names")));
    assert_eq!(saved["look"], draft["look"]);
    assert_eq!(saved["owner"], "RAPPORT_ADMIN_TOKEN");
    let change = json!({"name": "Names", "query": "SELECT 2"}).to_string();
    let changed = server.admin("PUT", "/api/sql/queries/y_0001", &change).await.json();
    assert_eq!((&changed["query"], &changed["look"]), (&json!("SELECT 2"), &Value::Null));
    let listed = server.get("/api/sql/queries").await.json();
    assert_eq!(listed["queries"], json!([changed]));
    for bad in [
        json!({"name": "", "query": "SELECT 1"}),
        json!({"name": "x", "query": "  "}),
        json!({"name": "x", "query": "-".repeat(70_000)}),
    ] {
        let answer = server.admin("POST", "/api/sql/queries", &bad.to_string()).await;
        assert_eq!(answer.failure().0, "invalid");
    }
    for path in ["/api/sql/queries/y_0002", "/api/sql/queries/1"] {
        assert_eq!(server.admin("DELETE", path, "").await.failure().0, "not_found");
        assert_eq!(server.admin("PUT", path, &change).await.failure().0, "not_found");
    }
    let gone = server.admin("DELETE", "/api/sql/queries/y_0001", "").await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    let listed = server.get("/api/sql/queries").await.json();
    assert_eq!((&listed["queries"], &listed["deleted"][0]["name"]), (&json!([]), &json!("Names")));
    let lost = server.admin("PUT", "/api/sql/queries/y_0001", &change).await;
    assert_eq!(lost.failure().0, "not_found");
    let back = server.admin("POST", "/api/sql/queries/y_0001/restore", "").await;
    assert_eq!(back.json(), changed);
    let listed = server.get("/api/sql/queries").await.json();
    assert_eq!((&listed["queries"], &listed["deleted"]), (&json!([changed]), &json!([])));
    let never = server.admin("POST", "/api/sql/queries/y_0002/restore", "").await;
    assert_eq!(never.failure().0, "not_found");
    let log = server.get("/api/audit").await.json();
    let of_queries = |line: &&Value| line["action"].as_str().unwrap().starts_with("query.");
    let lines = log["items"].as_array().unwrap().iter().filter(of_queries);
    let actions: Vec<_> = lines.map(|line| line["action"].clone()).collect();
    assert_eq!(actions, ["query.restored", "query.deleted", "query.changed", "query.saved"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_desk_nobody_answers() {
    let server = Server::start().await;
    let question = json!({"query": "SELECT 1"}).to_string();
    for path in ["/api/sql", "/api/sql/plan"] {
        let answer = server.admin("POST", path, &question).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
    }
    let answer = server.admin("GET", "/api/sql/schema", "").await;
    assert_eq!(answer.failure().0, "unavailable");
}
