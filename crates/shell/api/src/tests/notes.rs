//! Are notes written, changed by who has read them, and for everybody to see?

use super::{Server, request};
use http::StatusCode;
use serde_json::{Value, json};

async fn ok(server: &Server, method: &str, path: &str, body: &Value) -> Value {
    let answer = server.admin(method, path, &body.to_string()).await;
    assert_eq!(answer.status, StatusCode::OK, "{method} {path}: {}", answer.text);
    answer.json()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_note_is_written_read_changed_and_deleted() {
    let server = Server::start().await;
    let later = json!({"day": "2026-03-02", "text": "Sale"});
    ok(&server, "POST", "/api/notes", &later).await;
    let draft = json!({"day": "2026-03-01", "text": "  Price\nrise "});
    let made = ok(&server, "POST", "/api/notes", &draft).await;
    assert_eq!((&made["text"], &made["version"]), (&json!("Price rise"), &json!(1)));
    let list = server.get("/api/notes").await.json();
    let days: Vec<&Value> = list["notes"].as_array().unwrap().iter().map(|n| &n["day"]).collect();
    assert_eq!(days, ["2026-03-01", "2026-03-02"]);

    let path = format!("/api/notes/{}", made["id"].as_str().unwrap());
    let change = json!({"version": 1, "day": "2026-02-28", "text": "Prices rose"});
    let changed = ok(&server, "PUT", &path, &change).await;
    assert_eq!((&changed["day"], &changed["version"]), (&json!("2026-02-28"), &json!(2)));
    let stale = server.admin("PUT", &path, &change.to_string()).await;
    assert_eq!(stale.failure().0, "conflict");
    assert_eq!(server.admin("DELETE", &path, "").await.status, StatusCode::NO_CONTENT);
    assert_eq!(server.admin("DELETE", &path, "").await.failure().0, "not_found");
    let audit = server.get("/api/audit").await.text;
    for action in ["note.written", "note.changed", "note.deleted"] {
        assert!(audit.contains(action), "{action}: {audit}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_note_is_refused_and_readers_only_read() {
    let server = Server::start().await;
    let check = async |draft: Value, field: Option<&str>| {
        let answer = server.admin("POST", "/api/notes", &draft.to_string()).await;
        let expected = ("invalid".to_owned(), field.map(str::to_owned));
        assert_eq!(answer.failure(), expected, "{}", answer.text);
    };
    check(json!({"day": "2026-02-30", "text": "Sale"}), Some("day")).await;
    check(json!({"day": "yesterday", "text": "Sale"}), Some("day")).await;
    check(json!({"day": "2026-03-01", "text": " \n"}), None).await;
    check(json!({"day": "2026-03-01", "text": "x".repeat(281)}), None).await;

    let token = server.admin("POST", "/api/tokens", r#"{"name":"t","scopes":["read"]}"#).await;
    let bearer = format!("Bearer {}", token.json()["token"].as_str().unwrap());
    let as_reader = async |method: &str, body: &str| {
        server.send(request(method, "/api/notes", &[("authorization", &bearer)], body)).await
    };
    assert_eq!(as_reader("GET", "").await.status, StatusCode::OK);
    let draft = r#"{"day":"2026-03-01","text":"Sale"}"#;
    assert_eq!(as_reader("POST", draft).await.failure().0, "denied");
    assert_eq!(
        server.send(request("GET", "/api/notes", &[], "")).await.failure().0,
        "unauthenticated"
    );
}
