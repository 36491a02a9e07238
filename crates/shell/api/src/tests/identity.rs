//! Are the rules of identity, the reasons of links and the past of customers told as they are?

use super::*;
use serde_json::json;

/// Two browsers that gave one address, and one that gave another.
async fn with_visitors() -> Server {
    let server = Server::start().await;
    let gives = |n: u32, email: &str| {
        json!({"type": "identify", "messageId": format!("m-{n}"), "anonymousId": format!("b-{n}"),
               "timestamp": format!("2025-12-0{n}T10:00:00Z"), "traits": {"email": email}})
    };
    let desk = "desk@shop.example";
    let batch = json!({"batch": [gives(1, desk), gives(2, desk), gives(3, "ann@shop.example")]});
    let batch = request("POST", "/v1/batch", &key_header(WRITE_KEY), &batch.to_string());
    assert_eq!(server.send(batch).await.status, StatusCode::OK);
    server.engine.caught_up(Duration::from_secs(30)).await.unwrap();
    server
}

async fn whose(server: &Server, value: &str) -> String {
    let found = server.get(&format!("/api/lookup?kind=anonymous_id&value={value}")).await.json();
    found["customer_id"].as_str().expect("somebody").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rules_are_previewed_changed_and_refused() {
    let server = with_visitors().await;
    let one = whose(&server, "b-1").await;
    assert_eq!(whose(&server, "b-2").await, one);
    let settings = server.get("/api/settings/identity").await.json();
    assert_eq!(
        (&settings["rules"]["version"], &settings["rules"]["country"]),
        (&json!(0), &Value::Null)
    );
    assert_eq!(settings["rules"], settings["defaults"]);
    let mut rules = settings["rules"].clone();
    rules["blocked"].as_array_mut().unwrap().push(json!({"kind": "email", "value": "desk@*"}));
    let preview = server.admin("POST", "/api/settings/identity/preview", &rules.to_string()).await;
    let preview = preview.json();
    assert_eq!((&preview["n_links_turned"], &preview["is_whole"]), (&json!(2), &json!(true)));
    assert_eq!(preview["n_links_inert"], json!([{"reason": "blocked", "n": 2}]));

    let changed = server.admin("PUT", "/api/settings/identity", &rules.to_string()).await;
    let changed = changed.json();
    assert_eq!(changed["rules"]["version"], 1);
    assert_eq!(changed["versions"][0]["n_links_turned"], 2);
    let two = whose(&server, "b-2").await;
    assert_ne!(two, one);
    let customer = server.get(&format!("/api/customers/{two}")).await.json();
    let link = &customer["links"][0];
    assert_eq!((&link["active"], &link["inert"]), (&json!(false), &json!("blocked")));
    assert_eq!(link["rules_version"], 1);
    assert!(link["why_inert"].as_str().unwrap().starts_with("Not followed: "));

    let stale = server.admin("PUT", "/api/settings/identity", &rules.to_string()).await;
    assert_eq!(stale.failure().0, "conflict");
    rules["version"] = json!(1);
    rules["country"] = json!("Germany");
    let refused = server.admin("PUT", "/api/settings/identity", &rules.to_string()).await;
    assert_eq!(refused.failure().0, "invalid");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decision_names_whom_it_is_about_and_its_undoing_can_be_looked_at() {
    let server = with_visitors().await;
    let (one, three) = (whose(&server, "b-1").await, whose(&server, "b-3").await);
    let merge = json!({"merge": [one, three]}).to_string();
    let decided = server.admin("POST", "/api/decisions", &merge).await.json();
    assert_eq!(decided["n_customers"], 2, "{decided}");
    assert_eq!(decided["customers"][1]["canonical_id"], json!(one));
    assert_eq!(decided["links"][0]["rule"], "stated");
    assert_eq!(decided["links"][0]["counts"], true);
    let id = decided["id"].as_str().unwrap();
    let preview = server.get(&format!("/api/decisions/{id}/undo")).await.json();
    assert_eq!(preview["before"].as_array().unwrap().len(), 1);
    assert_eq!(preview["after"].as_array().unwrap().len(), 2);
    assert_eq!(whose(&server, "b-3").await, one, "a preview changes nothing");
    let then = server.get(&format!("/api/customers/{one}/identity?at=2020-01-01T00:00:00Z")).await;
    assert_eq!(
        (&then.json()["customer_id"], &then.json()["identifiers"]),
        (&Value::Null, &json!([]))
    );
    let now = server.get(&format!("/api/customers/{one}/identity")).await.json();
    assert_eq!(now["identifiers"].as_array().unwrap().len(), 5);
    let moments = now["moments"].as_array().unwrap();
    assert_eq!(moments.last().unwrap()["came"].as_array().unwrap().len(), 2, "{now}");
    let path = format!("/api/customers/{one}/identity?at=yesterday");
    let refused = server.admin("GET", &path, "").await;
    assert_eq!(refused.failure(), ("invalid".into(), Some("at".into())));
}
