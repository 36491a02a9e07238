//! Does somebody who watches see what happens, and does the stream end?

use super::*;
use axum::body::BodyDataStream;
use futures::StreamExt;

/// The next event of a stream: its name and data.
async fn next(stream: &mut BodyDataStream) -> Option<(String, Value)> {
    loop {
        let patience = Duration::from_secs(30);
        let chunk = tokio::time::timeout(patience, stream.next()).await.expect("no event came")?;
        let text = String::from_utf8(chunk.unwrap().to_vec()).unwrap();
        let line = |name: &str| text.lines().find_map(|line| line.strip_prefix(name));
        if let (Some(name), Some(data)) = (line("event: "), line("data: ")) {
            return Some((name.to_owned(), serde_json::from_str(data).unwrap()));
        }
    }
}

async fn watch(server: &Server, path: &str) -> BodyDataStream {
    let response = server.raw(request("GET", path, &[("authorization", ADMIN)], "")).await;
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut stream = response.into_body().into_data_stream();
    let hello = stream.next().await.unwrap().unwrap();
    assert!(hello.starts_with(b":"), "a comment says that the stream is open");
    stream
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_debugger_shows_what_is_asked_for() {
    let server = Server::start().await;
    let mut stream = watch(&server, "/api/debugger/stream?text=bought").await;
    server.track(r#"{"event":"Looked","userId":"u","messageId":"1"}"#).await;
    server.track(r#"{"event":"Bought","userId":"u","messageId":"2"}"#).await;
    let (name, event) = next(&mut stream).await.unwrap();
    assert_eq!((name.as_str(), &event["name"]), ("debug", &Value::from("Bought")));
    server.stop.send_replace(true);
    assert_eq!(next(&mut stream).await, None, "the process stops, the stream ends");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_than_fifty_a_second_are_counted() {
    let server = Server::start().await;
    let mut stream = watch(&server, "/api/debugger/stream").await;
    let events: Vec<_> = (0..120)
        .map(|n| serde_json::json!({"type": "track", "event": "x", "userId": "u", "messageId": n.to_string()}))
        .collect();
    let batch = serde_json::json!({"batch": events}).to_string();
    let answer = server.send(request("POST", "/v1/batch", &key_header(WRITE_KEY), &batch)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let mut n_shown = 0;
    loop {
        let (name, data) = next(&mut stream).await.unwrap();
        if name == "gap" {
            assert_eq!((n_shown, &data["skipped"]), (50, &Value::from(70)));
            break;
        }
        n_shown += 1;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customers_page_is_live() {
    let server = Server::start().await;
    server.track(r#"{"event":"First","userId":"u","messageId":"1"}"#).await;
    let found = server.get("/api/lookup?kind=user_id&value=u").await.json();
    let path = format!("/api/customers/{}/stream", found["customer_id"].as_str().unwrap());
    let mut stream = watch(&server, &path).await;
    server.track(r#"{"event":"Elsewhere","userId":"v","messageId":"2"}"#).await;
    server.track(r#"{"event":"Second","userId":"u","messageId":"3"}"#).await;
    loop {
        let (name, data) = next(&mut stream).await.unwrap();
        if name == "timeline" {
            assert_eq!(data["name"], "Second");
            break;
        }
        assert_eq!(name, "profile");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_progress_of_imports_is_live() {
    let server = Server::start().await;
    let mut stream = watch(&server, "/api/imports/stream").await;
    let begin = r#"{"fingerprint":"f","file_name":"f","mapping_name":"m","mapping_hash":"h","bytes_total":1}"#;
    server.admin("POST", "/api/imports", begin).await;
    let (name, import) = next(&mut stream).await.unwrap();
    assert_eq!((name.as_str(), &import["state"]), ("import", &Value::from("running")));
}
