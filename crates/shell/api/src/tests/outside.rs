//! What does every answer carry, and what do operators and browsers get beside the API?

use super::*;
use axum::extract::ConnectInfo;
use std::borrow::Cow;
use std::net::SocketAddr;

fn assets(path: &str) -> Option<Cow<'static, [u8]>> {
    match path {
        "index.html" => Some(Cow::Borrowed(b"<!doctype html>")),
        "assets/app-1a2b.js" => Some(Cow::Borrowed(b"let plain")),
        "assets/app-1a2b.js.gz" => Some(Cow::Borrowed(b"packed")),
        "icon.svg" => Some(Cow::Borrowed(b"<svg/>")),
        _ => None,
    }
}

async fn with_ui() -> Server {
    Server::with(|options| options, |options| ApiOptions { ui: Some(assets), ..options }).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_keeps_browsers_strict() {
    let server = with_ui().await;
    for path in ["/", "/api/session", "/api/nothing", "/health", "/v1/track", "/nothing.js"] {
        let answer = server.send(request("GET", path, &[], "")).await;
        let csp = answer.header("content-security-policy");
        assert!(csp.starts_with("default-src 'self';") && csp.contains("frame-ancestors 'none'"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(answer.header("strict-transport-security"), "", "not on plain http");
    }
    let session = server.send(request("GET", "/api/session", &[], "")).await;
    assert_eq!(session.header("cache-control"), "no-store");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_a_proxy_with_https_everything_is_secure() {
    let proxied = |options| ApiOptions { is_behind_proxy: true, ..options };
    let server = Server::with(|options| options, proxied).await;
    let https = [("x-forwarded-proto", "https"), ("x-rapport-csrf", "1")];
    let answer = server.send(request("DELETE", "/api/session", &https, "")).await;
    assert!(answer.header("set-cookie").ends_with("; Secure"));
    assert!(answer.header("strict-transport-security").starts_with("max-age="));
    let body = r#"{"email":"x@y.zz","role":"sales"}"#;
    let headers = [("x-forwarded-proto", "https"), ("authorization", ADMIN)];
    let invited = server.send(request("POST", "/api/users/invite", &headers, body)).await;
    let url = invited.json()["invite_url"].as_str().unwrap().to_owned();
    assert!(url.starts_with("https://localhost/invite/"), "{url}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_ui_is_one_page_with_files() {
    let server = with_ui().await;
    for path in ["/", "/know/customers/c_0001", "/sources"] {
        let page = server.send(request("GET", path, &[], "")).await;
        assert_eq!(
            (page.text.as_str(), page.header("cache-control")),
            ("<!doctype html>", "no-cache")
        );
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    }
    let script = server.send(request("GET", "/assets/app-1a2b.js", &[], "")).await;
    assert_eq!((script.text.as_str(), script.header("content-encoding")), ("let plain", ""));
    assert!(script.header("cache-control").contains("immutable"));
    let gzip = [("accept-encoding", "br, gzip")];
    let packed = server.send(request("GET", "/assets/app-1a2b.js", &gzip, "")).await;
    assert_eq!((packed.text.as_str(), packed.header("content-encoding")), ("packed", "gzip"));
    assert_eq!(packed.header("content-type"), "text/javascript; charset=utf-8");
    let icon = server.send(request("GET", "/icon.svg", &[], "")).await;
    let known = [("if-none-match", icon.header("etag"))];
    let again = server.send(request("GET", "/icon.svg", &known, "")).await;
    assert_eq!((again.status, again.text.as_str()), (StatusCode::NOT_MODIFIED, ""));
    let missing = server.send(request("GET", "/assets/gone.js", &[], "")).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    let changed = server.send(request("POST", "/sources", &[], "")).await;
    assert_eq!(changed.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn operators_see_health_and_figures() {
    let server = Server::start().await;
    assert_eq!(server.get("/health").await.json()["status"], "ok");
    assert_eq!(server.get("/ready").await.json()["status"], "ready");
    server.track(r#"{"event":"x","userId":"u","messageId":"m"}"#).await;
    let from = |address: &str| {
        let mut request = request("GET", "/metrics", &[], "");
        let address: SocketAddr = address.parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(address));
        request
    };
    let text = server.send(from("127.0.0.1:4000")).await.text;
    assert!(text.contains("# TYPE rapport_http_answer_seconds histogram"), "{text}");
    let of = r#"rapport_http_answer_seconds_count{method="POST",route="segment",status="200"} 1"#;
    assert!(text.contains(of), "{text}");
    let refused = server.send(from("192.0.2.1:4000")).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert_eq!(server.get("/metrics").await.status, StatusCode::OK, "with a token");
    assert_eq!(server.get("/api/about").await.json()["version"], crate::VERSION);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_description_names_errors_and_credentials() {
    let server = Server::start().await;
    let document = server.get("/api/openapi.json").await.json();
    assert_eq!(document["openapi"], "3.1.0");
    let listed = &document["paths"]["/api/customers"]["get"];
    let failure = &listed["responses"]["default"]["content"]["application/json"]["schema"]["$ref"];
    assert_eq!(failure, "#/components/schemas/ErrorBody");
    assert_eq!(listed["parameters"].as_array().unwrap().len(), 10);
    assert!(document["components"]["securitySchemes"]["session"].is_object());
    assert_eq!(document["paths"]["/health"]["get"]["security"], serde_json::json!([{}]));
    let time = &document["components"]["schemas"]["Time"];
    assert_eq!((&time["type"], &time["format"]), (&"string".into(), &"date-time".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_is_an_answer_in_the_one_error_form() {
    async fn broken() -> &'static str {
        panic!("on purpose, for the test")
    }
    let fence = tower_http::catch_panic::CatchPanicLayer::custom(crate::fence::panicked);
    let router = Router::new().route("/", axum::routing::get(broken)).layer(fence);
    let response = router.oneshot(request("GET", "/", &[], "")).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    let answer = Answer { status, headers, text: String::from_utf8_lossy(&bytes).into_owned() };
    assert_eq!((answer.status.as_u16(), answer.failure().0.as_str()), (500, "internal"));
    assert!(!answer.text.contains("on purpose"), "what broke is for the operator");
}

#[test]
fn only_the_entry_of_the_believed_proxy_counts() {
    let mut headers = HeaderMap::new();
    headers.append("x-forwarded-for", "203.0.113.9".parse().unwrap());
    headers.append("x-forwarded-for", "198.51.100.1, 192.0.2.7".parse().unwrap());
    let mut extensions = http::Extensions::new();
    let peer: SocketAddr = "10.0.0.1:1".parse().unwrap();
    extensions.insert(ConnectInfo(peer));
    let found = |is_behind_proxy| {
        crate::address::client_of(&headers, &extensions, is_behind_proxy).unwrap().to_string()
    };
    assert_eq!((found(true), found(false)), ("192.0.2.7".to_owned(), "10.0.0.1".to_owned()));
}
