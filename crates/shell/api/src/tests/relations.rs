//! Are relations answered as described, changed only by those who may, and withheld where traits are?

use super::*;
use serde_json::json;

async fn say(server: &Server, events: Value) {
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

/// Ann referred Ben, they share a home, and Ann works for Acme.
async fn with_relations() -> (Server, String, String) {
    let server = Server::start().await;
    let home = json!({"lastName": "Hall", "address": {"street": "Way 5", "postalCode": "10115"},
                      "referral_code": "ANN-7", "email": "ann@mail.acme.example"});
    let other = json!({"lastName": "Hall", "street": "Way 5", "zip": "10115"});
    let acme = json!({"groupId": "acme", "traits": {"domain": "acme.example", "plan": "Pro"}});
    say(
        &server,
        json!([
            event("identify", "m-1", "ann", &json!({ "traits": home })),
            event("identify", "m-2", "ben", &json!({ "traits": other })),
            event(
                "track",
                "m-3",
                "ben",
                &json!({"event": "Signed Up",
                "properties": {"referral_code": "ann-7"}})
            ),
            event("group", "m-4", "ben", &acme),
        ]),
    )
    .await;
    let (ann, ben) = (id_of(&server, "ann").await, id_of(&server, "ben").await);
    (server, ann, ben)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customers_relations_are_told() {
    let (server, ann, ben) = with_relations().await;
    let told = server.get(&format!("/api/customers/{ann}/relations")).await.json();
    let referral = &told["relations"][0];
    assert_eq!((&referral["kind"], &referral["code"]), (&json!("referral"), &json!("ANN-7")));
    assert_eq!((&referral["from"], &referral["to"]), (&json!(ann), &json!(ben)));
    assert_eq!(told["codes"][0]["is_theirs"], true);
    let home = &told["households"][0];
    assert_eq!((&home["rule"], &home["people"][0]["id"]), (&json!("address"), &json!(ben)));
    assert_eq!(home["evidence"], "Hall, Way 5, 10115");
    let influence = server.get(&format!("/api/customers/{ann}/influence")).await.json();
    assert_eq!(influence["not_estimable"]["reason"], "too_few_units");
    assert_eq!(
        (&influence["estimate"], influence["pairs"][0]["verdict"].as_str()),
        (&Value::Null, Some("no_match"))
    );
    let none = server.get("/api/influencers?window_days=90").await.json();
    assert_eq!((none["items"].as_array().unwrap().len(), &none["n_too_few"]), (0, &json!(1)));
    for wrong in ["window_days=6", "window_days=x"] {
        let path = format!("/api/customers/{ann}/influence?{wrong}");
        let failure = server.admin("GET", &path, "").await.failure();
        assert_eq!(failure, ("invalid".into(), Some("window_days".into())), "{wrong}");
    }
    let nobody = server.admin("GET", "/api/customers/c_zzzz/relations", "").await;
    assert_eq!(nobody.failure().0, "not_found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_is_taken_out_of_a_household_and_put_back() {
    let (server, ann, ben) = with_relations().await;
    let homes = async || {
        server.get(&format!("/api/customers/{ann}/relations")).await.json()["households"].clone()
    };
    let key = homes().await[0]["key"].as_str().unwrap().to_owned();
    let path = format!("/api/customers/{ben}/households/{key}");
    assert_eq!(server.admin("DELETE", &path, "").await.status, StatusCode::NO_CONTENT);
    let home = &homes().await[0];
    assert_eq!(home["people"], json!([]));
    assert_eq!(home["removed"][0]["customer"]["id"], json!(ben));
    assert_eq!(server.admin("PUT", &path, "").await.status, StatusCode::NO_CONTENT);
    assert_eq!(server.admin("PUT", &path, "").await.failure().0, "not_found");
    assert_eq!(homes().await[0]["people"][0]["id"], json!(ben));
    let bad = format!("/api/customers/{ben}/households/nonsense");
    assert_eq!(server.admin("DELETE", &bad, "").await.failure().0, "not_found");
    let made = server.admin("POST", "/api/tokens", r#"{"name":"t","scopes":["read"]}"#).await;
    let bearer = format!("Bearer {}", made.json()["token"].as_str().unwrap());
    let reader = request("DELETE", &path, &[("authorization", &bearer)], "");
    assert_eq!(server.send(reader).await.failure().0, "denied");
    let audit = server.get("/api/audit").await.text;
    assert!(audit.contains("households.removed") && audit.contains("households.put_back"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_suggests_and_takes_members() {
    let (server, ann, ben) = with_relations().await;
    let id = server.get("/api/accounts").await.json()["items"][0]["id"].clone();
    let path = format!("/api/accounts/{}", id.as_str().unwrap());
    let account = server.get(&path).await.json();
    assert_eq!(account["members"][0]["customer"]["id"], json!(ben));
    assert_eq!(account["suggested"][0]["customer"]["id"], json!(ann));
    assert_eq!(account["suggested"][0]["address"]["value"], "ann@mail.acme.example");
    assert_eq!(account["traits"][1]["history"][0]["value"], "Pro");
    let member = format!("{path}/members/{ann}");
    let added = server.admin("PUT", &member, r#"{"is_member":true}"#).await.json();
    assert_eq!((&added["n_members"], &added["suggested"]), (&json!(2), &json!([])));
    let said = server.get("/api/relations/by_hand").await.json()["items"][0].clone();
    let change = &said["changes"][0];
    assert_eq!((&change["about"], &change["customer_id"]), (&json!("member"), &json!(ann)));
    assert_eq!((&change["before"], &change["after"]), (&Value::Null, &json!(true)));
    assert_eq!(said["changes"].as_array().unwrap().len(), 1, "once, of two identifiers");
    let undo = format!("/api/relations/by_hand/{}/undo", said["id"].as_str().unwrap());
    let back = server.admin("POST", &undo, "").await.json();
    assert_eq!((&back["undoes"], &back["changes"][0]["after"]), (&said["id"], &Value::Null));
    assert_eq!(server.get(&path).await.json()["n_members"], 1);
    assert_eq!(server.admin("POST", &undo, "").await.failure().0, "conflict");
    server.admin("PUT", &member, r#"{"is_member":true}"#).await;
    let taken = server.admin("DELETE", &member, "").await.json();
    assert_eq!(taken["n_members"], 1);
    let claimed = server.admin("PUT", &format!("{path}/domains/Other.example"), "").await.json();
    let names: Vec<&Value> =
        claimed["domains"].as_array().unwrap().iter().map(|domain| &domain["name"]).collect();
    assert_eq!(names, ["acme.example", "other.example"]);
    let wrong = server.admin("PUT", &format!("{path}/domains/nonsense"), "").await;
    assert_eq!(wrong.failure(), ("invalid".into(), Some("domain".into())));
    let told = server.admin("DELETE", &format!("{path}/domains/acme.example"), "").await;
    assert_eq!(told.failure().0, "not_found", "a trait says so");

    let free = json!({"version": 0, "free_mail_added": ["acme.example"]}).to_string();
    let settings = server.admin("PUT", "/api/settings/accounts", &free).await.json();
    assert_eq!(settings["version"], 1);
    assert_eq!(server.admin("PUT", "/api/settings/accounts", &free).await.failure().0, "conflict");
    let account = server.get(&path).await.json();
    assert_eq!(account["suggested"], json!([]));
    assert_eq!(account["domains"][0]["is_free_mail"], true);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_sensitive_is_withheld_from_relations_too() {
    let (server, ann, _) = with_relations().await;
    let change = json!({"version": 0, "default_rule": "latest", "sensitive": [
        {"pattern": "address", "roles": []}, {"pattern": "email", "roles": []},
        {"pattern": "plan", "roles": []}]});
    server.admin("PUT", "/api/settings/traits", &change.to_string()).await;
    let made = server.admin("POST", "/api/tokens", r#"{"name":"t","scopes":["read"]}"#).await;
    let bearer = format!("Bearer {}", made.json()["token"].as_str().unwrap());
    let seen = async |path: &str| {
        server.send(request("GET", path, &[("authorization", &bearer)], "")).await.json()
    };
    let told = seen(&format!("/api/customers/{ann}/relations")).await;
    assert_eq!(told["households"][0]["evidence"], Value::Null);
    let account = seen("/api/accounts").await["items"][0]["id"].clone();
    let account = seen(&format!("/api/accounts/{}", account.as_str().unwrap())).await;
    assert_eq!(account["suggested"][0]["address"]["value"], "(withheld)");
    assert_eq!(account["traits"][1]["value"], "(withheld)");
}
