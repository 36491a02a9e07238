//! Do people and programs get what their rights allow, in the contract's form?

use super::*;
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_signs_in_and_out() {
    let server = Server::start().await;
    let nobody = server.send(request("GET", "/api/session", &[], "")).await;
    assert_eq!(nobody.json()["user"], Value::Null);
    assert_eq!(nobody.json()["first_run"], true);
    let cookie = server.first_admin().await;
    let session = server.send(request("GET", "/api/session", &[("cookie", &cookie)], "")).await;
    assert_eq!(session.json()["user"]["role"], "admin");
    assert_eq!(session.json()["first_run"], false);
    let both = [("cookie", cookie.as_str()), ("x-rapport-csrf", "1")];
    let gone = server.send(request("DELETE", "/api/session", &both, "")).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    let home = server.send(request("GET", "/api/home", &[("cookie", &cookie)], "")).await;
    assert_eq!(
        (home.status, home.failure().0.as_str()),
        (StatusCode::UNAUTHORIZED, "unauthenticated")
    );

    let csrf = [("x-rapport-csrf", "1")];
    let right = json!({"email": "ann@example.com", "password": PASSWORD}).to_string();
    let again = server.send(request("POST", "/api/session", &csrf, &right)).await;
    assert_eq!(again.json()["user"]["email"], "ann@example.com");
    let wrong = json!({"email": "ann@example.com", "password": "guess"}).to_string();
    for _ in 0..10 {
        let refused = server.send(request("POST", "/api/session", &csrf, &wrong)).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    }
    let stopped = server.send(request("POST", "/api/session", &csrf, &right)).await;
    assert_eq!(stopped.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(stopped.header("retry-after").parse::<u32>().unwrap() > 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cookie_alone_changes_nothing() {
    let server = Server::start().await;
    let cookie = server.first_admin().await;
    let body = r#"{"name":"Shop","kind":"browser"}"#;
    let bare = request("POST", "/api/sources", &[("cookie", &cookie)], body);
    let refused = server.send(bare).await;
    assert_eq!((refused.status, refused.failure().0.as_str()), (StatusCode::FORBIDDEN, "denied"));
    let meant = [("cookie", cookie.as_str()), ("x-rapport-csrf", "1")];
    let made = server.send(request("POST", "/api/sources", &meant, body)).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text);
    for (method, path) in [("POST", "/api/session"), ("DELETE", "/api/session")] {
        let refused = server.send(request(method, path, &[], "{}")).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{method} {path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_described_path_asks_who_is_there() {
    let server = Server::start().await;
    let document: Value = serde_json::from_str(&crate::openapi_json()).unwrap();
    let open = ["/api/session", "/api/invites/{token}", "/health", "/ready", "/api/openapi.json"];
    // Whoever has the link to a board needs no account; without a good one there is nothing.
    let by_link = [("GET", "/api/shared/{token}"), ("POST", "/api/shared/{token}/cards/{card}")];
    for (method, path) in by_link {
        let answer = server.send(request(method, &path.replace(['{', '}'], ""), &[], "{}")).await;
        assert_eq!(answer.failure().0, "not_found", "{method} {path}");
    }
    let open = open.into_iter().chain(by_link.map(|(_, path)| path)).collect::<Vec<_>>();
    let mut n_checked = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        if open.contains(&path.as_str()) {
            continue;
        }
        let real = path.replace("{id}", "x_0001").replace("{seq}", "p_0001.0");
        for method in operations.as_object().unwrap().keys() {
            let method = method.to_uppercase();
            let answer = server.send(request(&method, &real, &[], "{}")).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path}");
            assert_eq!(answer.failure().0, "unauthenticated");
            n_checked += 1;
        }
    }
    assert!(n_checked >= 35, "only {n_checked} operations are described");
}

/// What each role may do, one line per request: method, path, and the roles that get past 403.
const RIGHTS: &str = "
    GET    /api/home                    admin marketer analyst sales read_only
    GET    /api/sources                 admin marketer analyst sales read_only
    POST   /api/sources                 admin marketer
    PATCH  /api/sources/s_0001          admin marketer
    DELETE /api/sources/s_zzzz          admin marketer
    POST   /api/sources/s_zzzz/rotate_key admin marketer
    PUT    /api/sources/s_0001/plan     admin marketer analyst
    GET    /api/debugger                admin marketer analyst read_only
    GET    /api/customers               admin marketer analyst sales read_only
    GET    /api/accounts                admin marketer analyst sales read_only
    GET    /api/imports                 admin marketer analyst sales read_only
    POST   /api/imports                 admin marketer analyst
    GET    /api/users                   admin
    POST   /api/users/invite            admin
    GET    /api/tokens                  admin
    POST   /api/tokens                  admin
    GET    /api/audit                   admin
    GET    /api/settings/traits         admin marketer analyst sales read_only
    PUT    /api/settings/traits         admin
    GET    /api/settings/identity       admin marketer analyst sales read_only
    PUT    /api/settings/identity       admin
    POST   /api/settings/identity/preview admin
    GET    /api/decisions/p_zzzz/undo   admin marketer analyst sales read_only
    GET    /api/customers/c_zzzz/identity admin marketer analyst sales read_only
    GET    /api/about                   admin marketer analyst sales read_only
    GET    /api/relations/by_hand       admin marketer analyst sales read_only
    POST   /api/relations/by_hand/p_zzzz/undo admin marketer sales
    GET    /api/privacy/requests        admin marketer sales
    GET    /api/privacy/requests/summary admin marketer sales
    POST   /api/privacy/requests        admin marketer sales
    GET    /api/privacy/requests/q_zzzz admin marketer sales
    PATCH  /api/privacy/requests/q_zzzz admin marketer sales
    GET    /api/privacy/suspensions     admin marketer sales
    POST   /api/customers/c_zzzz/suspension admin marketer sales
    DELETE /api/customers/c_zzzz/suspension admin marketer sales
    GET    /api/privacy/consents        admin marketer sales
    GET    /api/privacy/retention       admin marketer sales
    PUT    /api/privacy/retention       admin
    POST   /api/privacy/retention/preview admin
    GET    /api/privacy/erasures        admin marketer sales
    POST   /api/privacy/erasures        admin
    POST   /api/privacy/erasures/preview admin
    GET    /api/privacy/erasures/p_zzzz admin marketer sales
    GET    /api/privacy/erasures/p_zzzz/certificate admin marketer sales
    POST   /api/privacy/erasures/p_zzzz/lift admin
    GET    /api/privacy/tombstones      admin
    POST   /api/privacy/tombstones/check admin marketer sales
    POST   /api/privacy/tombstones/apply admin
    GET    /api/customers/c_zzzz/export admin
    GET    /api/metrics                 admin marketer analyst sales read_only
    POST   /api/metrics/usual           admin marketer analyst
    DELETE /api/metrics/zzzz            admin marketer analyst
    GET    /api/boards                  admin marketer analyst sales read_only
    POST   /api/boards                  admin marketer analyst
    POST   /api/boards/b_zzzz/link      admin marketer analyst
    DELETE /api/boards/b_zzzz           admin marketer analyst
    GET    /api/alerts/firings          admin marketer analyst sales read_only
    POST   /api/alerts/w_zzzz/test      admin marketer analyst
    DELETE /api/alerts/w_zzzz           admin marketer analyst
";

fn body_for(path: &str) -> &'static str {
    match path {
        "/api/sources" => r#"{"name":"x","kind":"server"}"#,
        "/api/sources/s_0001/plan" => r#"{"plan":null,"mode":"allow"}"#,
        "/api/imports" => {
            r#"{"fingerprint":"f","file_name":"f","mapping_name":"m","mapping_hash":"h","bytes_total":1}"#
        }
        "/api/users/invite" => r#"{"email":"x@example.com","role":"sales"}"#,
        "/api/settings/traits" => r#"{"version":0,"default_rule":"latest"}"#,
        "/api/settings/identity" | "/api/settings/identity/preview" => {
            r#"{"version":0,"kinds":[],"others":{"trust":"claimed"},"blocked":[],"blocked_zeros":true,"country":null}"#
        }
        "/api/tokens" => r#"{"name":"x","scopes":["read"]}"#,
        "/api/privacy/requests" => r#"{"kind":"access"}"#,
        "/api/privacy/retention" => r#"{"version":0,"rules":[]}"#,
        "/api/privacy/retention/preview" => r#"{"rules":[]}"#,
        "/api/privacy/erasures" | "/api/privacy/erasures/preview" => r#"{"customer_id":"c_zzzz"}"#,
        "/api/privacy/tombstones/check" => r#"{"kind":"email","value":"x@example.com"}"#,
        "/api/privacy/tombstones/apply" => r#"{"tombstones":[]}"#,
        _ => "{}",
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn roles_get_past_where_the_table_says() {
    let server = Server::start().await;
    server.first_admin().await;
    for role in app::access::Role::ALL {
        let email = format!("{}@example.com", role.slug());
        let actor = app::access::Actor::cli();
        let access = server.engine.access();
        let (link, _) = access.invite_user(&actor, &email, role, NOW).await.unwrap();
        let said = app::access::Acceptance {
            name: Some("Somebody".into()),
            password: PASSWORD.into(),
            ..app::access::Acceptance::default()
        };
        let (_, secret) = access.accept_invite(link.reveal(), &said, NOW).await.unwrap();
        let cookie = format!("rapport_session={}", secret.reveal());
        for line in RIGHTS.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let mut words = line.split_whitespace();
            let (method, path) = (words.next().unwrap(), words.next().unwrap());
            let may = words.any(|word| word == role.slug());
            let headers = [("cookie", cookie.as_str()), ("x-rapport-csrf", "1")];
            let answer = server.send(request(method, path, &headers, body_for(path))).await;
            let is_denied = answer.status == StatusCode::FORBIDDEN;
            assert_eq!(is_denied, !may, "{} {method} {path}: {}", role.slug(), answer.text);
            assert!(!answer.status.is_server_error(), "{method} {path}: {}", answer.text);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_those_who_may_see_write_keys() {
    let server = Server::start().await;
    let token = async |scope: &str| {
        let body = format!(r#"{{"name":"t","scopes":["{scope}"]}}"#);
        let made = server.admin("POST", "/api/tokens", &body).await.json();
        format!("Bearer {}", made["token"].as_str().unwrap())
    };
    for (scope, shows) in [("read", false), ("write", true), ("admin", true)] {
        let bearer = token(scope).await;
        let list = server.send(request("GET", "/api/sources", &[("authorization", &bearer)], ""));
        let key = list.await.json()["items"][0]["write_key"].clone();
        assert_eq!(key.is_string(), shows, "{scope}: {key}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_creation_sent_twice_happens_once() {
    let server = Server::start().await;
    let keyed = |key: &'static str| [("authorization", ADMIN), ("idempotency-key", key)];
    let body = r#"{"name":"Shop","kind":"browser"}"#;
    let first = server.send(request("POST", "/api/sources", &keyed("k1"), body)).await;
    let second = server.send(request("POST", "/api/sources", &keyed("k1"), body)).await;
    assert_eq!((first.json(), second.header("idempotent-replay")), (second.json(), "true"));
    let other =
        server.send(request("POST", "/api/sources", &keyed("k1"), &body.replace("Shop", "App")));
    assert_eq!(other.await.status, StatusCode::CONFLICT);
    let refused = server.send(request(
        "POST",
        "/api/sources",
        &keyed("k2"),
        r#"{"name":"","kind":"server"}"#,
    ));
    assert_eq!(refused.await.failure(), ("invalid".into(), Some("name".into())));
    let corrected = server.send(request("POST", "/api/sources", &keyed("k2"), body)).await;
    assert_eq!(corrected.status, StatusCode::OK, "a failure does not use the key up");
    let token = r#"{"name":"ci","scopes":["read"]}"#;
    let made = server.send(request("POST", "/api/tokens", &keyed("k3"), token)).await;
    assert!(made.json()["token"].as_str().unwrap().starts_with("rpt_"));
    let again = server.send(request("POST", "/api/tokens", &keyed("k3"), token)).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "the secret is not kept");
    let tokens = server.get("/api/tokens").await.json();
    assert_eq!(tokens["items"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_becomes_a_customer_on_every_page() {
    let server = Server::start().await;
    let event = json!({
        "userId": "u-1", "anonymousId": "a-1", "event": "Order Completed", "messageId": "m-1",
        "timestamp": "2025-12-31T23:00:00Z",
        "properties": {"order_id": "o-1", "revenue": 19.99, "currency": "EUR"},
        "context": {"userAgent": "x"},
    });
    server.track(&event.to_string()).await;
    let list = server.get("/api/customers?q=u-1&known=true&sort=name").await.json();
    assert_eq!(list["total"], 1, "{list}");
    assert_eq!(list["items"][0]["matched"], json!({"kind": "user_id", "value": "u-1"}));
    assert_eq!(list["items"][0]["revenue"], json!({"minor": 1999, "currency": "EUR"}));
    let id = list["items"][0]["id"].as_str().unwrap().to_owned();
    let customer = server.get(&format!("/api/customers/{id}")).await.json();
    assert_eq!((&customer["id"], &customer["canonical_id"]), (&json!(id), &json!(id)));
    assert_eq!(customer["identifiers"].as_array().unwrap().len(), 2);
    assert_eq!(customer["orders"][0]["total"]["minor"], 1999);
    let timeline = server.get(&format!("/api/customers/{id}/events?limit=1")).await.json();
    assert_eq!(timeline["items"][0]["properties"]["order_id"], "o-1");
    assert_eq!(timeline["items"][0]["occurred_at"], "2025-12-31T23:00:00Z");
    let seq = timeline["items"][0]["seq"].as_str().unwrap().to_owned();
    let found = server.get("/api/lookup?kind=anonymous_id&value=a-1").await.json();
    assert_eq!(found["customer_id"], json!(id));
    let debugged = server.get("/api/debugger?status=accepted").await.json();
    assert_eq!(debugged["items"][0]["seq"], json!(seq));
    let detail = server.get(&format!("/api/debugger/{seq}")).await.json();
    assert_eq!(detail["raw"]["messageId"], "m-1");
    assert_eq!(detail["delivery"]["dialect"], "segment");
    let home = server.get("/api/home").await.json();
    assert_eq!((&home["events"]["last_24h"], &home["customers"]["known"]), (&json!(1), &json!(1)));
    assert_eq!(home["events"]["by_hour"].as_array().unwrap().len(), 168);
    let plan = server.admin("POST", "/api/sources/s_0001/plan/pin", "").await.json();
    assert_eq!(plan["pinned"]["events"][0]["name"], "Order Completed", "{plan}");
    assert_eq!(plan["pinned"]["events"][0]["n"], Value::Null, "counts are no agreement");
    assert_eq!(plan["observed"]["events"][0]["n"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_goes_over_the_wire() {
    let server = Server::start().await;
    let begin = r#"{"fingerprint":"f","file_name":"o.csv","mapping_name":"m","mapping_hash":"h",
                    "bytes_total":100,"n_rows_total":2}"#;
    let import = server.admin("POST", "/api/imports", begin).await.json();
    let (id, resume_row) = (import["id"].as_str().unwrap(), &import["resume_row"]);
    assert_eq!(resume_row, 0);
    let rows = json!({
        "from_row": 0, "to_row": 2, "bytes_done": 100,
        "events": [{"type": "track", "event": "Ordered", "userId": "u-9", "messageId": "i-1",
                    "timestamp": "2025-06-01T00:00:00Z"}],
        "rejects": [{"row": 2, "column": "when", "reason": "no time"}],
    });
    let path = format!("/api/imports/{id}/rows");
    for _ in 0..2 {
        let answer = server.admin("POST", &path, &rows.to_string()).await;
        assert_eq!((answer.status, &answer.json()["n_events"]), (StatusCode::OK, &json!(1)));
    }
    let end =
        server.admin("POST", &format!("/api/imports/{id}/finish"), r#"{"state":"done"}"#).await;
    assert_eq!(end.json()["state"], "done");
    let rejects = server.get(&format!("/api/imports/{id}/rejects")).await.json();
    assert_eq!(rejects["items"], json!([{"row": 2, "column": "when", "reason": "no time"}]));
    server.engine.caught_up(Duration::from_secs(30)).await.unwrap();
    assert_eq!(server.get("/api/customers?q=u-9").await.json()["total"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn users_are_invited_changed_and_audited() {
    let server = Server::start().await;
    server.first_admin().await;
    let made =
        server.admin("POST", "/api/users/invite", r#"{"email":"B@x.yz","role":"sales"}"#).await;
    let url = made.json()["invite_url"].as_str().unwrap().to_owned();
    let token = url.strip_prefix("http://localhost/invite/").unwrap();
    let invite = server.send(request("GET", &format!("/api/invites/{token}"), &[], "")).await;
    assert_eq!(
        (&invite.json()["email"], &invite.json()["role"]),
        (&json!("b@x.yz"), &json!("sales"))
    );
    let last = server.admin("PATCH", "/api/users/u_0001", r#"{"role":"sales"}"#).await;
    assert_eq!(last.failure().0, "conflict", "the last administrator");
    let nobody = server.admin("POST", "/api/users/u_zzzz/reset", "").await;
    assert_eq!(nobody.failure().0, "not_found");
    let users = server.get("/api/users").await.json();
    assert_eq!(users["items"][0]["email"], "ann@example.com");
    let audit = server.get("/api/audit?limit=1").await.json();
    assert_eq!(audit["items"][0]["action"], "user.invited");
    assert_eq!(audit["items"][0]["actor"], json!({"kind": "token", "name": "RAPPORT_ADMIN_TOKEN"}));
    assert!(audit["next_cursor"].is_string());
}
