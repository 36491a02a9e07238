//! Does a customer get what the law gives them: an answer in time, everything, rest, oblivion?

mod consents;

use super::*;
use serde_json::json;

/// Sends events of Segment's form and waits until they are processed.
async fn say(server: &Server, events: &[Value]) {
    let body = json!({ "batch": events }).to_string();
    let answer = server.send(request("POST", "/v1/batch", &key_header(WRITE_KEY), &body)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    server.engine.caught_up(Duration::from_secs(30)).await.unwrap();
}

fn event(kind: &str, id: &str, user: &str, more: &Value) -> Value {
    let at = "2025-12-01T00:00:00Z";
    let mut event = json!({"type": kind, "messageId": id, "userId": user, "timestamp": at});
    event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    event
}

async fn id_of(server: &Server, user: &str) -> String {
    let found = server.get(&format!("/api/lookup?kind=user_id&value={user}")).await.json();
    found["customer_id"].as_str().unwrap().to_owned()
}

/// Ann, who referred Ben, was mentioned by Carl, and lives with Ben.
async fn filled() -> (Server, String) {
    let server = Server::start().await;
    let home = json!({"lastName": "Hall", "street": "Way 5", "zip": "10115"});
    let mut ann = home.clone();
    ann["email"] = json!("ann.hall@example.com");
    ann["referral_code"] = json!("ANN-7");
    let invited = json!({"event": "Invite Sent", "properties": {"invitee_email": "friend@y.zz"}});
    let signed_up = json!({"event": "Signed Up", "properties": {"referral_code": "ann-7"}});
    let spoke = json!({"event": "Mentioned", "properties": {"mentioned_id": "ann"}});
    let acme = json!({"groupId": "acme", "traits": {"name": "Acme"}});
    say(
        &server,
        &[
            event("identify", "m-1", "ann", &json!({ "traits": ann })),
            event("identify", "m-2", "benedict", &json!({ "traits": home })),
            event("track", "m-3", "benedict", &signed_up),
            event("track", "m-4", "carlotta", &spoke),
            event("track", "m-5", "ann", &invited),
            event("group", "m-6", "benedict", &acme),
        ],
    )
    .await;
    let id = id_of(&server, "ann").await;
    (server, id)
}

async fn bearer(server: &Server, scope: &str) -> String {
    let body = json!({"name": "t", "scopes": [scope]}).to_string();
    let made = server.admin("POST", "/api/tokens", &body).await.json();
    format!("Bearer {}", made["token"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_do_what_their_scope_allows() {
    let (server, ann) = filled().await;
    let export = format!("/api/customers/{ann}/export");
    let erase = json!({ "customer_id": ann }).to_string();
    for (scope, may_handle) in [("read", false), ("import", false), ("write", true)] {
        let bearer = bearer(&server, scope).await;
        let send = async |method: &str, path: &str, body: &str| {
            server.send(request(method, path, &[("authorization", &bearer)], body)).await.status
        };
        let handled = send("GET", "/api/privacy/requests", "").await;
        assert_eq!(handled == StatusCode::OK, may_handle, "{scope}");
        assert_eq!(handled == StatusCode::FORBIDDEN, !may_handle, "{scope}");
        assert_eq!(send("GET", &export, "").await, StatusCode::FORBIDDEN, "{scope}");
        let erased = send("POST", "/api/privacy/erasures", &erase).await;
        assert_eq!(erased, StatusCode::FORBIDDEN, "{scope}");
        let rules = r#"{"version":0,"rules":[]}"#;
        let agreed = send("PUT", "/api/privacy/retention", rules).await;
        assert_eq!(agreed, StatusCode::FORBIDDEN, "{scope}");
    }
    let customer = server.get(&format!("/api/customers/{ann}")).await.json();
    assert_eq!(customer["id"], json!(ann), "they are still there");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_known_is_exported_and_nothing_of_others() {
    let (server, ann) = filled().await;
    let account = server.get("/api/accounts").await.json()["items"][0]["id"].clone();
    let member = format!("/api/accounts/{}/members/{ann}", account.as_str().unwrap());
    server.admin("PUT", &member, r#"{"is_member":false}"#).await;
    let path = format!("/api/customers/{ann}/export");
    let answer = server.get(&path).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let saved = format!("attachment; filename=\"customer-{ann}.json\"");
    assert_eq!(answer.header("content-disposition"), saved);
    let told = answer.json();
    assert_eq!(told["format"], "rapport.customer/1");
    let statements = told["relations"]["statements"].as_array().unwrap();
    let said: Vec<String> = statements.iter().map(one_line).collect();
    let mut sorted = said.clone();
    sorted.sort();
    let expected = [
        "mention to them by user_id ann, somebody's word",
        "referral by them of email friend@y.zz, own word m-5",
        "referral by them of code ANN-7, somebody's word",
    ];
    let mut wanted = expected.map(str::to_owned).to_vec();
    wanted.sort();
    assert_eq!(sorted, wanted);
    assert_eq!(told["relations"]["referral_codes"][0]["code"], "ANN-7");
    let home = &told["relations"]["households"][0];
    assert_eq!((&home["n_others"], &home["removed_at"]), (&json!(1), &Value::Null));
    assert_eq!(home["evidence"], "Hall, Way 5, 10115");
    let place = &told["relations"]["account_decisions"][0];
    assert_eq!((&place["account"], &place["is_member"]), (&json!("Acme"), &json!(false)));
    assert_eq!(told["relations"]["influence"]["not_estimable"]["reason"], "too_few_units");
    assert_eq!(told["pairs"], json!([]));
    assert_eq!(told["events"].as_array().unwrap().len(), 2, "their own");
    let page = server.get(&format!("{path}?format=html&inline=true")).await;
    assert!(page.header("content-disposition").starts_with("inline"));
    for line in [
        "You said that you brought friend@y.zz",
        "Somebody said that you brought them, naming your code ANN-7",
        "Somebody mentioned you, naming ann",
        "with one other customer",
    ] {
        assert!(page.text.contains(line), "{line}: {}", page.text);
    }
    for other in ["benedict", "carlotta", "m-3", "m-4"] {
        assert!(!answer.text.contains(other), "{other} is told: {}", answer.text);
        assert!(!page.text.contains(other), "{other} is told: {}", page.text);
    }
    let audit = server.get("/api/audit").await.text;
    assert_eq!(audit.matches("customer.exported").count(), 2);
}

fn one_line(one: &Value) -> String {
    let way = match (one["kind"].as_str(), one["is_acting"].as_bool()) {
        (Some("referral"), Some(true)) => "by them of",
        (_, Some(true)) => "of",
        _ => "to them by",
    };
    let named = match one["code"].as_str() {
        Some(code) => format!("code {code}"),
        None => {
            let text = |name: &str| one["identifier"][name].as_str().unwrap().to_owned();
            format!("{} {}", text("kind"), text("value"))
        }
    };
    let word = match (one["is_own_word"].as_bool(), one["message_id"].as_str()) {
        (Some(true), Some(id)) => format!("own word {id}"),
        (Some(false), None) => "somebody's word".to_owned(),
        other => format!("{other:?}"),
    };
    format!("{} {way} {named}, {word}", one["kind"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_is_put_down_extended_once_and_closed_with_a_reason() {
    let (server, ann) = filled().await;
    let new = json!({"kind": "erasure", "customer_id": ann, "contact": "ann.hall@example.com",
                     "received_at": "2025-12-20T00:00:00Z", "note": "by letter"})
    .to_string();
    let headers = [("authorization", ADMIN), ("idempotency-key", "once")];
    let made = server.send(request("POST", "/api/privacy/requests", &headers, &new)).await.json();
    let again = server.send(request("POST", "/api/privacy/requests", &headers, &new)).await.json();
    assert_eq!(made, again, "once is enough");
    assert_eq!((&made["status"], &made["days_left"]), (&json!("open"), &json!(18)));
    assert_eq!(made["due_at"], "2026-01-19T00:00:00Z", "30 days later");
    let late = r#"{"kind":"access","received_at":"2025-11-01T00:00:00Z"}"#;
    server.admin("POST", "/api/privacy/requests", late).await;
    let list = server.get("/api/privacy/requests").await.json();
    let kinds: Vec<&Value> =
        list["items"].as_array().unwrap().iter().map(|item| &item["kind"]).collect();
    assert_eq!(kinds, ["access", "erasure"], "the one due first on top");
    assert_eq!(list["items"][0]["is_overdue"], true);
    let of_ann = server.get(&format!("/api/privacy/requests?customer_id={ann}&kind=erasure")).await;
    assert_eq!(of_ann.json()["items"].as_array().unwrap().len(), 1);
    let summary = server.get("/api/privacy/requests/summary").await.json();
    assert_eq!((&summary["n_open"], &summary["n_overdue"]), (&json!(2), &json!(1)));

    let path = format!("/api/privacy/requests/{}", made["id"].as_str().unwrap());
    let change = async |body: Value| server.admin("PATCH", &path, &body.to_string()).await;
    let longer = change(json!({"extension_reason": "many files"})).await.json();
    assert_eq!(longer["due_at"], "2026-03-20T00:00:00Z", "90 days after it came");
    let more = change(json!({"extension_reason": "even more"})).await;
    assert_eq!(more.failure().0, "conflict");
    assert_eq!(change(json!({"status": "refused"})).await.failure().0, "invalid");
    let closed = change(json!({"status": "refused", "outcome": "not the person"})).await.json();
    assert_eq!((&closed["status"], &closed["days_left"]), (&json!("refused"), &Value::Null));
    assert_eq!(closed["closed_at"], "2026-01-01T00:00:00Z");
    let open = server.get("/api/privacy/requests?status=open,in_progress").await.json();
    assert_eq!(open["items"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn suspended_data_leave_lists_and_come_back() {
    let (server, ann) = filled().await;
    let path = format!("/api/customers/{ann}/suspension");
    let made = server.admin("POST", &path, r#"{"reason":"disputed"}"#).await.json();
    assert_eq!((&made["customer_id"], &made["reason"]), (&json!(ann), &json!("disputed")));
    assert_eq!(server.admin("POST", &path, "{}").await.failure().0, "conflict");
    let all = server.get("/api/customers").await.text;
    assert!(!all.contains(&ann), "{all}");
    let resting = server.get("/api/customers?suspended=true").await.json();
    assert_eq!(resting["items"][0]["id"], json!(ann));
    let listed = server.get("/api/privacy/suspensions").await.json();
    assert_eq!(listed["items"][0]["customer_id"], json!(ann));
    let asked = format!("/api/customers/{ann}/permission?purpose=marketing&channel=email");
    assert_eq!(server.get(&asked).await.json()["allowed"], false);
    let exported = server.get(&format!("/api/customers/{ann}/export")).await.json();
    assert_eq!(exported["suspension"]["reason"], "disputed");
    assert_eq!(server.admin("DELETE", &path, "").await.status, StatusCode::NO_CONTENT);
    assert_eq!(server.admin("DELETE", &path, "").await.failure().0, "not_found");
    assert!(server.get("/api/customers").await.text.contains(&ann));
    let long = json!({ "reason": "x".repeat(501) }).to_string();
    assert_eq!(server.admin("POST", &path, &long).await.failure().0, "invalid");
    let audit = server.get("/api/audit").await.text;
    assert!(audit.contains("customer.suspended") && audit.contains("customer.resumed"));
    assert!(!audit.contains("disputed"), "the audit log says who, not why");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn retention_is_tried_before_it_is_agreed() {
    let (server, _) = filled().await;
    let old = json!({"timestamp": "2025-06-01T00:00:00Z"});
    let page = |id: &str| {
        let mut page = event("page", id, "ann", &json!({"name": "Home"}));
        page.as_object_mut().unwrap().extend(old.as_object().unwrap().clone());
        page
    };
    say(&server, &[page("p-1"), page("p-2")]).await;
    let by_kind = json!({"kind": "page", "name": null, "days": 90});
    let by_name = json!({"kind": null, "name": "Mentioned", "days": 10});
    let trial = json!({ "rules": [by_kind, by_name] }).to_string();
    let preview = server.admin("POST", "/api/privacy/retention/preview", &trial).await.json();
    assert_eq!((&preview["n_events_now"], &preview["n_events_go"]), (&json!(8), &json!(3)));
    assert_eq!(preview["rules"][0]["n_go"], 2);
    assert_eq!(preview["rules"][0]["oldest_at"], "2025-06-01T00:00:00Z");
    assert_eq!(server.get("/api/privacy/retention").await.json()["rules"], json!([]));
    let rules = json!({"version": 0, "rules": [by_kind]}).to_string();
    let agreed = server.admin("PUT", "/api/privacy/retention", &rules).await.json();
    assert_eq!((&agreed["version"], &agreed["rules"]), (&json!(1), &json!([by_kind])));
    let stale = server.admin("PUT", "/api/privacy/retention", &rules).await;
    assert_eq!(stale.failure().0, "conflict");
    assert!(server.get("/api/audit").await.text.contains("retention.changed"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erasure_is_previewed_carried_out_certified_and_lifted() {
    let (server, ann) = filled().await;
    let wish = json!({ "customer_id": ann }).to_string();
    let preview = server.admin("POST", "/api/privacy/erasures/preview", &wish).await.json();
    assert_eq!((&preview["customer_id"], &preview["n_events"]), (&json!(ann), &json!(2)));
    let headers = [("authorization", ADMIN), ("idempotency-key", "once")];
    let erase = async || {
        server.send(request("POST", "/api/privacy/erasures", &headers, &wish)).await.json()
    };
    let erased = erase().await;
    assert_eq!((&erased["customer_id"], &erased["reason"]), (&json!(ann), &json!("request")));
    assert_eq!(erase().await["id"], erased["id"], "a repeated request erases nobody else");
    let gone = server.admin("GET", &format!("/api/customers/{ann}"), "").await;
    assert_eq!(gone.failure().0, "not_found");
    let path = format!("/api/privacy/erasures/{}", erased["id"].as_str().unwrap());
    let done = async {
        loop {
            let now = server.get(&path).await.json();
            if now["state"] == "done" {
                return now;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let done = tokio::time::timeout(Duration::from_secs(60), done).await.expect("it ends");
    assert!(done["steps"].as_array().unwrap().iter().all(|step| step["state"] == "done"));
    let certificate = server.get(&format!("{path}/certificate")).await;
    assert_eq!(certificate.json()["digest"], done["certificate_digest"]);
    assert_eq!(certificate.json()["verified"]["n_found"], 0);
    let typed: crate::wire::erasure::Certificate = serde_json::from_str(&certificate.text).unwrap();
    assert_eq!(serde_json::to_value(typed).unwrap(), certificate.json(), "as the schema says");
    assert!(!certificate.text.contains("ann.hall"), "it names nobody");
    let page = server.get(&format!("{path}/certificate?format=html")).await;
    assert!(page.text.contains(done["certificate_digest"].as_str().unwrap()));

    let named = r#"{"kind":"email","value":"Ann.Hall@example.com"}"#;
    let check = async || server.admin("POST", "/api/privacy/tombstones/check", named).await.json();
    let buried = check().await;
    assert_eq!((&buried["is_erased"], &buried["is_lifted"]), (&json!(true), &json!(false)));
    let list = server.get("/api/privacy/tombstones").await;
    assert!(!list.text.contains("ann"), "hashes tell nobody: {}", list.text);
    let applied = server.admin("POST", "/api/privacy/tombstones/apply", &list.text).await.json();
    assert_eq!(applied["erasure_ids"], json!([]), "nobody has come back");
    let lifted = server.admin("POST", &format!("{path}/lift"), "").await.json();
    assert_eq!(lifted["tombstones"]["n"], lifted["tombstones"]["n_lifted"]);
    assert_eq!(check().await["is_lifted"], true);
    assert_eq!(server.admin("POST", &format!("{path}/lift"), "").await.failure().0, "conflict");
    let listed = server.get("/api/privacy/erasures").await.json();
    assert_eq!(listed["items"][0]["id"], erased["id"]);
}
