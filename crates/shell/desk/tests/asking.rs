//! Does SQL over the API say what the engine knows, to those who may see it?

use api::ApiOptions;
use app::access::{Actor, Role};
use app::traits::{Sensitive, TraitChange};
use app::{Engine, EngineOptions};
use axum::Router;
use axum::body::{Body, to_bytes};
use base::{CustomerId, Timestamp};
use http::{Request, StatusCode};
use rapport_desk::Desk;
use serde_json::{Value, json};
use sql::SqlLimits;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tower::ServiceExt;

/// 2026-01-01T00:00:00Z.
const NOW: Timestamp = Timestamp(1_767_225_600_000_000);
const ADMIN: &str = "test-admin-token";
const WRITE_KEY: &str = "test-write-key";

struct Server {
    router: Router,
    engine: Arc<Engine>,
    _stop: watch::Sender<bool>,
    _dir: tempfile::TempDir,
}

impl Server {
    /// Anna and Ben look, Anna orders; both gave an address.
    async fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let options = EngineOptions::for_tests(&dir.path().join("data"), NOW);
        let engine = Engine::open(options).await.unwrap();
        let stop = watch::Sender::new(false);
        let mut options = ApiOptions::new(Arc::clone(&engine), stop.subscribe());
        let desk = Desk::new(&engine, SqlLimits::default()).unwrap();
        options.sql = Some(Arc::new(desk));
        let server = Self { router: api::router(options), engine, _stop: stop, _dir: dir };
        for who in ["anna", "ben"] {
            server.identify(who).await;
            server.track(who, "Product Viewed", 5, &json!({"category": "lamps"})).await;
        }
        let product = json!({"product_id": "lamp", "name": "Lamp", "price": 10.25, "quantity": 2});
        let order = json!({"order_id": "o1", "revenue": 20.5, "currency": "EUR",
            "products": [product]});
        server.track("anna", "Order Completed", 3, &order).await;
        server.engine.caught_up(Duration::from_secs(30)).await.unwrap();
        server
    }

    async fn identify(&self, who: &str) {
        let at = NOW.minus(base::Duration::days(6));
        let said = json!({
            "userId": who, "messageId": format!("{who}-is"), "timestamp": at.to_string(),
            "writeKey": WRITE_KEY, "traits": {"email": format!("{who}@example.com"), "name": who},
        });
        let (status, text) = self.send("POST", "/v1/identify", WRITE_KEY, &said).await;
        assert_eq!(status, StatusCode::OK, "{text}");
    }

    async fn track(&self, who: &str, name: &str, days_ago: i64, properties: &Value) {
        let at = NOW.minus(base::Duration::days(days_ago));
        let event = json!({
            "userId": who, "event": name, "messageId": format!("{who}-{name}"),
            "timestamp": at.to_string(), "properties": properties, "writeKey": WRITE_KEY,
        });
        let (status, text) = self.send("POST", "/v1/track", WRITE_KEY, &event).await;
        assert_eq!(status, StatusCode::OK, "{text}");
    }

    async fn send(
        &self,
        method: &str,
        path: &str,
        token: &str,
        body: &Value,
    ) -> (StatusCode, String) {
        let request = Request::builder().method(method).uri(path).header("host", "localhost");
        let request = request.header("authorization", format!("Bearer {token}"));
        let request = request.header("content-type", "application/json");
        let request = request.body(Body::from(body.to_string())).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let bytes = to_bytes(response.into_body(), 64 << 20).await.unwrap();
        (status, String::from_utf8_lossy(&bytes).into_owned())
    }

    async fn ask(&self, token: &str, query: &str) -> (StatusCode, Value) {
        let (status, text) = self.send("POST", "/api/sql", token, &json!({"query": query})).await;
        (status, serde_json::from_str(&text).unwrap_or_else(|_| panic!("no JSON: {text}")))
    }

    async fn rows(&self, token: &str, query: &str) -> Value {
        let (status, answer) = self.ask(token, query).await;
        assert_eq!((status, &answer["error"]), (StatusCode::OK, &Value::Null), "{query}: {answer}");
        answer["rows"].clone()
    }

    async fn token(&self, scope: &str) -> String {
        let new = json!({"name": scope, "scopes": [scope]});
        let (status, text) = self.send("POST", "/api/tokens", ADMIN, &new).await;
        assert_eq!(status, StatusCode::OK, "{text}");
        let made: Value = serde_json::from_str(&text).unwrap();
        made["token"].as_str().unwrap().to_owned()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tables_say_what_the_engine_knows() {
    let server = Server::start().await;
    let check = async |query: &str, expected: Value| {
        assert_eq!(server.rows(ADMIN, query).await, expected, "{query}");
    };
    check(
        "SELECT name, email, n_events, n_orders, revenue, currency, is_known FROM customers ORDER BY 1",
        json!([["anna", "anna@example.com", 3, 1, 20.5, "EUR", true],
               ["ben", "ben@example.com", 2, 0, 0.0, null, true]]),
    )
    .await;
    check("SELECT traits ->> 'name' FROM customers ORDER BY 1", json!([["anna"], ["ben"]])).await;
    check("SELECT count(*) FROM events", json!([[5]])).await;
    check("SELECT product_id, quantity FROM holdings", json!([["lamp", 2.0]])).await;
    check(
        "SELECT value FROM identifiers WHERE kind = 'user_id' ORDER BY 1",
        json!([["anna"], ["ben"]]),
    )
    .await;
    check(
        "SELECT s.name IS NOT NULL, count(*) FROM events e JOIN sources s USING (source_id) GROUP BY 1",
        json!([[true, 5]]),
    )
    .await;
    check(
        "SELECT count(*) FROM accounts a JOIN account_members m USING (account_id)",
        json!([[0]]),
    )
    .await;
    let funnel =
        "funnel('2025-12-01', '2025-12-31', '7 days', 'Product Viewed', 'Order Completed')";
    check(
        &format!("SELECT step, n, of_first FROM {funnel} ORDER BY 1"),
        json!([[1, 2, 1.0], [2, 1, 0.5]]),
    )
    .await;
    let trend = "trend('2025-12-01', '2025-12-31', 'month', 'Order Completed', 'sum', 'revenue')";
    check(&format!("SELECT span, value, n FROM {trend}"), json!([["2025-12", 20.5, 1]])).await;
    let retention =
        "retention('2025-12-22', '2025-12-28', 'day', 'Product Viewed', 'Order Completed', 3)";
    check(&format!("SELECT n_customers, span, n FROM {retention} WHERE n > 0"), json!([[2, 2, 1]]))
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_not_ask_is_refused_and_what_is_withheld_is_not_told() {
    let server = Server::start().await;
    for scope in ["write", "import"] {
        let (status, answer) = server.ask(&server.token(scope).await, "SELECT 1").await;
        assert_eq!((status, &answer["error"]["kind"]), (StatusCode::FORBIDDEN, &json!("denied")));
    }
    let reader = server.token("read").await;
    assert_eq!(server.rows(&reader, "SELECT count(email) FROM customers").await, json!([[2]]));
    let settings = server.engine.traits().settings();
    let change = TraitChange {
        version: settings.version,
        rules: (*settings.rules).clone(),
        sensitive: vec![Sensitive { pattern: "email".into(), roles: vec![Role::Sales] }],
    };
    let (traits, sources) = (server.engine.traits(), server.engine.sources());
    traits.change(&Actor::cli(), change, sources, NOW).await.unwrap();
    let check = async |query: &str, expected: Value| {
        assert_eq!(server.rows(&reader, query).await, expected, "{query}");
    };
    check("SELECT count(email) FROM customers", json!([[0]])).await;
    check("SELECT count(*) FROM customers WHERE traits LIKE '%example.com%'", json!([[0]])).await;
    check("SELECT count(*) FROM events WHERE traits LIKE '%example.com%'", json!([[0]])).await;
    check("SELECT count(*) FROM identifiers WHERE value LIKE '%@example.com'", json!([[0]])).await;
    let by_email = r#"SELECT * FROM funnel('{"period": {"kind": "last", "n": 30, "grain": "day"},
        "steps": [{"events": ["Product Viewed"]}, {"events": ["Order Completed"]}],
        "within": 604800, "breakdown": {"by": {"of": "trait", "name": "email"}}}')"#;
    let (status, answer) = server.ask(&reader, by_email).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "{answer}");
    assert_eq!(answer["error"]["message"], "values of 'email' are withheld from you");
    let all = "SELECT count(*) FROM identifiers WHERE value LIKE '%@example.com'";
    assert_eq!(server.rows(ADMIN, all).await, json!([[2]]), "an admin sees everything");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn customers_whose_data_rest_are_in_no_table() {
    let server = Server::start().await;
    let found = server.rows(ADMIN, "SELECT customer_id FROM customers WHERE name = 'anna'").await;
    let anna = CustomerId::from_sql(found[0][0].as_i64().unwrap());
    server.engine.suspend(&Actor::cli(), anna, "asked for it", None).await.unwrap();
    for (table, n) in [("customers", 1), ("events", 2), ("holdings", 0)] {
        let query = format!("SELECT count(*) FROM {table}");
        assert_eq!(server.rows(ADMIN, &query).await, json!([[n]]), "{table}");
    }
    let of_anna = "SELECT count(*) FROM identifiers WHERE value LIKE 'anna%'";
    assert_eq!(server.rows(ADMIN, of_anna).await, json!([[0]]));
    let funnel =
        "funnel('2025-12-01', '2025-12-31', '7 days', 'Product Viewed', 'Order Completed')";
    let query = format!("SELECT n FROM {funnel} ORDER BY step");
    assert_eq!(server.rows(ADMIN, &query).await, json!([[1], [0]]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn questions_are_in_the_audit_log_and_errors_say_where() {
    let server = Server::start().await;
    server.rows(ADMIN, "SELECT name FROM customers").await;
    let mut found = Value::Null;
    for _ in 0..200 {
        let (_, text) = server.send("GET", "/api/audit?limit=50", ADMIN, &Value::Null).await;
        let log: Value = serde_json::from_str(&text).unwrap();
        let lines = log["items"].as_array().unwrap().clone();
        found = lines.into_iter().find(|line| line["action"] == "sql.asked").unwrap_or_default();
        if !found.is_null() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let detail = found["detail"].as_str().unwrap_or_else(|| panic!("no line: {found}"));
    assert!(detail.starts_with("2 rows in ") && detail.ends_with(": SELECT name FROM customers"));
    assert_eq!(found["target"], "http");

    let (status, answer) = server.ask(ADMIN, "SELECT\n  nme FROM customers").await;
    assert_eq!((status, &answer["error"]["kind"]), (StatusCode::BAD_REQUEST, &json!("invalid")));
    assert!(
        answer["error"]["message"].as_str().unwrap().ends_with("at line 2, column 3"),
        "{answer}"
    );
    assert_eq!(answer["error"]["hint"], "did you mean 'customers.name'?");
    let (status, _) = server.ask(ADMIN, "SELECT 1 / 0 FROM events").await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "what fails before the first row fails as a whole");
    let body = json!({"query": "SELECT name FROM events", "format": "csv", "rows_max": 1});
    let (_, text) = server.send("POST", "/api/sql", ADMIN, &body).await;
    assert_eq!(text.lines().count(), 2, "{text}");
    let (_, plan) =
        server.send("POST", "/api/sql/plan", ADMIN, &json!({"query": "SELECT 1"})).await;
    assert!(plan.contains("Exec"), "{plan}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_example_of_the_schema_can_be_run() {
    let server = Server::start().await;
    let (status, text) = server.send("GET", "/api/sql/schema", ADMIN, &Value::Null).await;
    assert_eq!(status, StatusCode::OK, "{text}");
    let schema: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(schema["server"], Value::Null);
    assert_eq!(schema["tables"].as_array().unwrap().len(), 8);
    for function in schema["functions"].as_array().unwrap() {
        server.rows(ADMIN, function["example"].as_str().unwrap()).await;
    }
}
