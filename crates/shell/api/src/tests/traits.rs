//! Does a customer's page say which value counts and what is permitted, to those who may see it?

use super::*;
use serde_json::json;

fn identify(id: &str, at: &str, traits: &Value) -> String {
    json!({"type": "identify", "userId": "u-1", "messageId": id, "timestamp": at,
           "traits": traits})
    .to_string()
}

async fn tell(server: &Server, event: &str) {
    let answer = server
        .send(request(
            "POST",
            "/v1/batch",
            &key_header(WRITE_KEY),
            &format!(r#"{{"batch":[{event}]}}"#),
        ))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    server.engine.caught_up(Duration::from_secs(30)).await.unwrap();
}

/// Two values of a plan and one of a salary, and the id of who has them.
async fn with_traits() -> (Server, String) {
    let server = Server::start().await;
    let first = json!({"plan": "Basic", "salary": 7, "email": "ann@example.com", "name": "Ann"});
    tell(&server, &identify("m-1", "2025-12-01T00:00:00Z", &first)).await;
    tell(&server, &identify("m-2", "2025-12-02T00:00:00Z", &json!({"plan": "Pro"}))).await;
    let found = server.get("/api/lookup?kind=user_id&value=u-1").await.json();
    (server, found["customer_id"].as_str().unwrap().to_owned())
}

fn named<'a>(list: &'a Value, name: &str) -> &'a Value {
    let found = list.as_array().unwrap().iter().find(|one| one["name"] == name);
    found.unwrap_or_else(|| panic!("no {name} in {list}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_value_that_counts_is_told_with_the_others_and_the_reason() {
    let (server, id) = with_traits().await;
    let customer = server.get(&format!("/api/customers/{id}")).await.json();
    let plan = named(&customer["traits"], "plan");
    assert_eq!((&plan["value"], &plan["message_id"]), (&json!("Pro"), &json!("m-2")));
    assert_eq!(plan["others"][0]["value"], "Basic");
    let why = "Latest: First source, 2 December 2025. Before: First source said “Basic”, \
               1 December 2025.";
    assert_eq!((&plan["rule"], &plan["why"]), (&json!("latest"), &json!(why)));
    let history = server.get(&format!("/api/customers/{id}/traits?name=plan")).await.json();
    assert_eq!(history["entries"][0]["last"]["message_id"], "m-2");
    assert_eq!(history["entries"][1]["value"], "Basic");
    assert_eq!((&history["n_said"], &history["n_fallen"]), (&json!(2), &json!(0)));
    let missing = format!("/api/customers/{id}/traits?name=size");
    assert_eq!(server.admin("GET", &missing, "").await.failure().0, "not_found");

    let change = json!({"version": 0, "default_rule": "longest", "rules": {"name": "latest"},
                        "trusted_sources": ["s_0001"], "verified_sources": []});
    let changed = server.admin("PUT", "/api/settings/traits", &change.to_string()).await;
    assert_eq!(changed.json()["version"], 1, "{}", changed.text);
    let customer = server.get(&format!("/api/customers/{id}")).await.json();
    assert_eq!(named(&customer["traits"], "plan")["value"], "Basic", "it is the longest");
    let stale = server.admin("PUT", "/api/settings/traits", &change.to_string()).await;
    assert_eq!(stale.failure().0, "conflict");
    let nobody = change.to_string().replace("s_0001", "nobody");
    let refused = server.admin("PUT", "/api/settings/traits", &nobody).await;
    assert_eq!(refused.failure(), ("invalid".into(), Some("trusted_sources".into())));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sensitive_trait_is_withheld_wherever_it_is_shown() {
    let (server, id) = with_traits().await;
    let change = json!({"version": 0, "default_rule": "latest", "sensitive": [
        {"pattern": "sal*", "roles": ["marketer"]}, {"pattern": "email", "roles": []},
        {"pattern": "name", "roles": ["read_only"]}]});
    server.admin("PUT", "/api/settings/traits", &change.to_string()).await;
    let made = server.admin("POST", "/api/tokens", r#"{"name":"t","scopes":["read"]}"#).await;
    let bearer = format!("Bearer {}", made.json()["token"].as_str().unwrap());
    let seen = async |path: &str| {
        let answer = server.send(request("GET", path, &[("authorization", &bearer)], "")).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        for secret in ["ann@example.com", r#""salary":7"#] {
            assert!(!answer.text.contains(secret), "{path} tells {secret}: {}", answer.text);
        }
        answer.json()
    };
    let customer = seen(&format!("/api/customers/{id}")).await;
    let salary = named(&customer["traits"], "salary");
    assert_eq!((&salary["value"], &salary["withheld"]), (&Value::Null, &json!(true)));
    assert_eq!(salary["message_id"], "m-1", "that it is there, and since when, is shown");
    assert_eq!(customer["name"], "Ann");
    let history = seen(&format!("/api/customers/{id}/traits?name=salary")).await;
    assert_eq!(
        (&history["withheld"], &history["entries"][0]["value"]),
        (&json!(true), &Value::Null)
    );
    let list = seen("/api/customers").await;
    assert_eq!(
        (&list["items"][0]["email"], &list["items"][0]["name"]),
        (&Value::Null, &json!("Ann"))
    );
    let timeline = seen(&format!("/api/customers/{id}/events")).await;
    assert_eq!(timeline["items"][1]["traits"]["salary"], "(withheld)");
    assert_eq!(timeline["items"][0]["traits"]["plan"], "Pro");
    let debugged = seen("/api/debugger").await;
    let seq = debugged["items"][1]["seq"].as_str().unwrap().to_owned();
    let detail = seen(&format!("/api/debugger/{seq}")).await;
    assert_eq!(detail["raw"]["traits"]["salary"], "(withheld)");

    let all = server.get(&format!("/api/customers/{id}")).await.json();
    assert_eq!(named(&all["traits"], "salary")["value"], 7, "the operator sees everything");
    let audit = server.get("/api/audit").await.json();
    let line = audit["items"].as_array().unwrap().iter().find(|l| l["action"] == "traits.changed");
    assert!(line.unwrap()["detail"].as_str().unwrap().contains("sal* only for admin, marketer"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_withheld_finds_nobody() {
    let (server, id) = with_traits().await;
    let paid = json!({"type": "track", "userId": "u-1", "messageId": "m-3", "event": "Paid",
                      "timestamp": "2025-12-03T00:00:00Z",
                      "properties": {"salary": 4711, "shop": "north"}});
    tell(&server, &paid.to_string()).await;
    let looked = json!({"type": "track", "anonymousId": "browser-77", "messageId": "m-4",
                        "event": "Looked"});
    tell(&server, &looked.to_string()).await;
    let hide = |pattern: &str| json!({"pattern": pattern, "roles": []});
    let change = json!({"version": 0, "default_rule": "latest", "sensitive":
        [hide("salary"), hide("email"), hide("name"), hide("country"), hide("anon*")]});
    server.admin("PUT", "/api/settings/traits", &change.to_string()).await;
    let made = server.admin("POST", "/api/tokens", r#"{"name":"t","scopes":["read"]}"#).await;
    let bearer = format!("Bearer {}", made.json()["token"].as_str().unwrap());
    let events = format!("/api/customers/{id}/events?text=");
    // What finds by a value that the reader may not see, and the same by one that they may.
    for (hidden, open) in [
        ("/api/customers?q=ann@example.com".to_owned(), "/api/customers?q=u-1".to_owned()),
        ("/api/customers?q=ann".to_owned(), format!("/api/customers?q={id}")),
        (format!("{events}4711"), format!("{events}NORTH")),
        (format!("{events}4711&limit=1"), format!("{events}paid&limit=1")),
        ("/api/customers?q=browser".to_owned(), "/api/customers?q=u-1&has_orders=false".to_owned()),
        ("/api/debugger?text=browser-77".to_owned(), "/api/debugger?text=u-1".to_owned()),
    ] {
        for (path, who, n_min) in
            [(&hidden, bearer.as_str(), 0), (&open, bearer.as_str(), 1), (&hidden, ADMIN, 1)]
        {
            let answer = server.send(request("GET", path, &[("authorization", who)], "")).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
            let n = answer.json()["items"].as_array().unwrap().len();
            assert_eq!(n == 0, n_min == 0, "{path} as {who}: {}", answer.text);
            assert!(n > 0 || answer.json()["next_cursor"].is_null(), "{path} tells by its end");
        }
    }
    for path in [
        "/api/customers?country=DE",
        "/api/customers?sort=name",
        "/api/lookup?kind=email&value=ann@example.com",
        "/api/lookup?kind=email&value=nobody@example.com",
    ] {
        let answer = server.send(request("GET", path, &[("authorization", &bearer)], "")).await;
        assert_eq!(answer.failure().0, "denied", "{path}");
        assert_ne!(server.admin("GET", path, "").await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_consent_permits_when_it_is_confirmed() {
    let (server, id) = with_traits().await;
    let path = format!("/api/customers/{id}/permission?purpose=marketing&channel=email");
    let asked = server.get(&path).await.json();
    assert_eq!((&asked["allowed"], &asked["state"]), (&json!(false), &Value::Null));
    let act = |name: &str, id: &str, at: &str, more: Value| {
        let mut properties = json!({"purpose": "marketing", "channel": "email"});
        properties.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"type": "track", "event": name, "userId": "u-1", "messageId": id, "timestamp": at,
               "properties": properties})
        .to_string()
    };
    let double = json!({"double_opt_in": true, "text_version": "2025-12"});
    tell(&server, &act("Consent Given", "c-1", "2025-12-03T00:00:00Z", double)).await;
    let pending = server.get(&path).await.json();
    assert_eq!((&pending["allowed"], &pending["state"]), (&json!(false), &json!("pending")));
    tell(&server, &act("Consent Confirmed", "c-2", "2025-12-04T00:00:00Z", json!({}))).await;
    let granted = server.get(&path).await.json();
    assert_eq!(
        (&granted["allowed"], &granted["since"]),
        (&json!(true), &json!("2025-12-04T00:00:00Z"))
    );
    assert_eq!(granted["evidence"]["message_id"], "c-2");
    let words = "Yes: agreed and confirmed on 4 December 2025 (text 2025-12, First source).";
    assert_eq!(granted["words"], words);
    let customer = server.get(&format!("/api/customers/{id}")).await.json();
    assert_eq!(customer["email_marketing"], granted);
    let acts: Vec<_> = customer["consents"][0]["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| change["act"].as_str().unwrap())
        .collect();
    assert_eq!(acts, ["confirmed", "asked"]);
    let bare = format!("/api/customers/{id}/permission?purpose=%20");
    assert_eq!(server.admin("GET", &bare, "").await.failure().1, Some("purpose".into()));
}
