//! Does the server answer as the contract says?
//!
//! Nearly every test drives the whole router against an engine on a temporary directory; nothing
//! listens on a port.

mod alerts;
mod api;
mod boards;
mod catalogue;
mod collecting;
mod connections;
mod identity;
mod insights;
mod linkage;
mod metrics;
mod nonsense;
mod notes;
mod outside;
mod privacy;
mod relations;
mod sql;
mod streams;
mod traits;
mod uploads;

use crate::{ApiOptions, router};
use app::{Engine, EngineOptions};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::response::Response;
use base::Timestamp;
use http::{HeaderMap, Request, StatusCode, header};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tower::ServiceExt;

/// 2026-01-01T00:00:00Z.
const NOW: Timestamp = Timestamp(1_767_225_600_000_000);
const ADMIN: &str = "Bearer test-admin-token";
const WRITE_KEY: &str = "test-write-key";
const PASSWORD: &str = "a long enough password";

/// A server without a port.
struct Server {
    router: Router,
    engine: Arc<Engine>,
    stop: watch::Sender<bool>,
    _dir: tempfile::TempDir,
}

/// What was answered.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {:?}", self.text))
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The error's kind and field, after its form was checked.
    fn failure(&self) -> (String, Option<String>) {
        let body = self.json();
        let error = body["error"].as_object().unwrap_or_else(|| panic!("{}", self.text));
        let mut names: Vec<_> = error.keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["field", "hint", "kind", "message"], "the one error form");
        assert!(!error["message"].as_str().unwrap().is_empty());
        let field = error["field"].as_str().map(str::to_owned);
        (error["kind"].as_str().unwrap().to_owned(), field)
    }
}

impl Server {
    async fn start() -> Self {
        Self::with(|options| options, |options| options).await
    }

    async fn with(
        engine: impl FnOnce(EngineOptions) -> EngineOptions,
        api: impl FnOnce(ApiOptions) -> ApiOptions,
    ) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let options = EngineOptions::for_tests(&dir.path().join("data"), NOW);
        let engine = Engine::open(engine(options)).await.unwrap();
        let stop = watch::Sender::new(false);
        let options = ApiOptions::new(Arc::clone(&engine), stop.subscribe());
        Self { router: router(api(options)), engine, stop, _dir: dir }
    }

    async fn raw(&self, request: Request<Body>) -> Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.raw(request).await;
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), 64 << 20).await.unwrap();
        Answer { status, headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    /// As the operator, with the token from the environment.
    async fn admin(&self, method: &str, path: &str, body: &str) -> Answer {
        self.send(request(method, path, &[("authorization", ADMIN)], body)).await
    }

    async fn get(&self, path: &str) -> Answer {
        let answer = self.admin("GET", path, "").await;
        assert_eq!(answer.status, StatusCode::OK, "GET {path}: {}", answer.text);
        answer
    }

    /// Sends one event of Segment's form and waits until it is processed.
    async fn track(&self, event: &str) {
        self.call("/v1/track", event).await;
    }

    /// The same for somebody who is identified.
    async fn identify(&self, event: &str) {
        self.call("/v1/identify", event).await;
    }

    async fn call(&self, path: &str, event: &str) {
        let answer = self.send(request("POST", path, &key_header(WRITE_KEY), event)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        self.engine.caught_up(Duration::from_secs(30)).await.unwrap();
    }

    /// Signs the first administrator in, and answers the cookie.
    async fn first_admin(&self) -> String {
        let link = self.engine.access().first_admin_link(NOW).await.unwrap().unwrap();
        let said = format!(r#"{{"name":"Ann","email":"ann@example.com","password":"{PASSWORD}"}}"#);
        let path = format!("/api/invites/{}", link.reveal());
        let answer = self.send(request("POST", &path, &[("x-rapport-csrf", "1")], &said)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let cookie = answer.header("set-cookie");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        cookie.split(';').next().unwrap().to_owned()
    }
}

fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path).header(header::HOST, "localhost");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from(body.to_owned())).unwrap()
}

fn key_header(write_key: &str) -> [(&'static str, &'static str); 1] {
    use base64::Engine as _;
    let encoded = base64::engine::general_purpose::STANDARD.encode(format!("{write_key}:"));
    [("authorization", Box::leak(format!("Basic {encoded}").into_boxed_str()))]
}
