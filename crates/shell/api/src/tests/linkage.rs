//! Can a program, or a page, work through the customers who may be one person?

use super::*;
use serde_json::json;

const GIVEN: [&str; 6] = ["Ada", "Grace", "Alan", "Edsger", "Barbara", "Frances"];
const FAMILY: [&str; 5] = ["Abernathy", "Brockhurst", "Castellano", "Drummond", "Eriksson"];

/// Customer `at` as `who`, with this much added to the last name.
fn identify(id: &str, (kind, who): (&str, &str), at: usize, slip: &str) -> Value {
    let (year, month, day) = (1940 + at * 11 % 53, 1 + at % 12, 1 + at * 13 % 28);
    let city = if at.is_multiple_of(2) { "Oslo" } else { "Kiel" };
    json!({"type": "identify", "messageId": id, kind: who, "timestamp": "2025-12-01T00:00:00Z",
           "traits": {"firstName": GIVEN[at % 6], "lastName": format!("{}{slip}", FAMILY[at % 5]),
                      "birthday": format!("{year}-{month:02}-{day:02}"), "city": city}})
}

async fn tell(server: &Server, events: &[Value]) {
    for some in events.chunks(100) {
        let body = json!({ "batch": some }).to_string();
        let answer = server.send(request("POST", "/v1/batch", &key_header(WRITE_KEY), &body)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
    server.engine.caught_up(Duration::from_secs(30)).await.unwrap();
}

/// 120 members, every third of them at a till as well, and one who signed up twice.
async fn filled() -> Server {
    let server = Server::start().await;
    let mut events = Vec::new();
    for at in 0..120 {
        events.push(identify(&format!("m{at}"), ("userId", &format!("u{at}")), at, ""));
        if at % 3 == 0 {
            let who = format!("till-{at}");
            events.push(identify(&format!("t{at}"), ("anonymousId", &who), at, "x"));
        }
    }
    events.push(identify("again", ("userId", "u1-again"), 1, ""));
    tell(&server, &events).await;
    server
}

async fn run(server: &Server) -> Value {
    let begun = server.admin("POST", "/api/linkage/runs", "").await;
    assert_eq!(begun.status, StatusCode::OK, "{}", begun.text);
    let path = format!("/api/linkage/runs/{}", begun.json()["id"].as_str().unwrap());
    let ended = async {
        loop {
            let run = server.get(&path).await.json();
            if run["state"] != "running" {
                return run;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), ended).await.expect("a run ends")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_is_followed_reviewed_and_taken_back() {
    let server = filled().await;
    let before = server.get("/api/linkage").await.json();
    assert_eq!((&before["model"], &before["index"]["state"]), (&Value::Null, &json!("off")));
    let done = run(&server).await;
    assert_eq!(done["state"], "done", "{done}");
    assert!(done["n_links"].as_u64() > Some(30), "{done}");
    let status = server.get("/api/linkage").await.json();
    assert_eq!(status["last_run"]["id"], done["id"]);
    assert_eq!(status["index"]["state"], "ready");
    let names = status["model"]["fields"].as_array().unwrap().iter().map(|f| &f["name"]);
    assert!(names.clone().any(|name| name == "birthday"), "{status}");

    let open = server.get("/api/linkage/pairs?order=likely&limit=1").await.json();
    let pair = &open["items"][0];
    assert_eq!(pair["held_apart"], "two_user_ids", "{pair}");
    let fields = pair["evidence"]["fields"].as_array().unwrap();
    let weights = fields.iter().map(|field| field["weight"].as_f64().unwrap()).sum::<f64>();
    let evidence = |name: &str| pair["evidence"][name].as_f64().unwrap();
    let sum = evidence("prior") + weights + evidence("of_household");
    assert!((sum - evidence("total")).abs() < 1e-3);
    let id = pair["id"].as_str().unwrap();
    the_pair_is_exported_without_the_other(&server, pair).await;
    let verdict = json!({"verdicts": [{"pair_id": id, "verdict": "same"}]}).to_string();
    let said = server.admin("POST", "/api/linkage/verdicts", &verdict).await.json();
    assert_eq!(said["results"][0]["pair"]["state"], "same", "{said}");
    assert!(said["results"][0]["pair"]["decision_id"].is_string());
    let one = server.get("/api/lookup?kind=user_id&value=u1").await.json();
    let again = server.get("/api/lookup?kind=user_id&value=u1-again").await.json();
    assert_eq!(one["customer_id"], again["customer_id"]);
    let undo = json!({ "pair_ids": [id] }).to_string();
    let back = server.admin("POST", "/api/linkage/verdicts/undo", &undo).await.json();
    assert_eq!(back["results"][0]["pair"]["state"], "open");

    let decisions = server.get("/api/decisions").await.json();
    let author = format!("linkage run {}", done["id"].as_str().unwrap());
    let of_run = decisions["items"].as_array().unwrap().iter().find(|d| d["by"] == author);
    assert_eq!(of_run.expect("the links are a decision")["kind"], "linkage");
    let path = format!("/api/linkage/runs/{}/undo", done["id"].as_str().unwrap());
    let undone = server.admin("POST", &path, "").await.json();
    assert_eq!(undone["n_withdrawn"], done["n_links"]);
    assert_eq!(server.admin("POST", &path, "").await.failure().0, "conflict");
    let runs = server.get("/api/linkage/runs").await.json();
    assert!(runs["items"][0]["undone_at"].is_string());
}

/// Either side is told that they were compared, and of the other nothing.
async fn the_pair_is_exported_without_the_other(server: &Server, pair: &Value) {
    for (own, other) in [("a", "b"), ("b", "a")] {
        let name = |side: &str| pair[side]["customer_id"].as_str().unwrap().to_owned();
        let text = server.get(&format!("/api/customers/{}/export", name(own))).await.text;
        assert!(!text.contains(&name(other)), "{text}");
        let told: Value = serde_json::from_str(&text).unwrap();
        let all = told["pairs"].as_array().unwrap();
        let found = all.iter().find(|told| told["id"] == pair["id"]).expect("it is told");
        assert_eq!((&found["state"], &found["held_apart"]), (&json!("open"), &pair["held_apart"]));
        assert_eq!(found["probability"], pair["probability"]);
        let compared = pair["evidence"]["fields"].as_array().unwrap();
        for (field, whole) in found["fields"].as_array().unwrap().iter().zip(compared) {
            let values: Vec<&Value> =
                Some(&whole[own]).filter(|v| !v.is_null()).into_iter().collect();
            assert_eq!((&field["name"], &field["values"]), (&whole["name"], &json!(values)));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_hold_together_and_values_may_be_withheld() {
    let server = filled().await;
    let mut settings = server.get("/api/linkage/settings").await.json();
    settings["link_at"] = json!(0.3);
    let refused = server.admin("PUT", "/api/linkage/settings", &settings.to_string()).await;
    assert_eq!(refused.failure().0, "invalid");
    settings["link_at"] = json!(0.9999);
    settings["review_at"] = json!(0.05);
    let changed = server.admin("PUT", "/api/linkage/settings", &settings.to_string()).await;
    assert_eq!(changed.json(), settings, "{}", changed.text);
    let hide = json!({"version": 0, "default_rule": "latest", "rules": {}, "trusted_sources": [],
                      "verified_sources": [],
                      "sensitive": [{"pattern": "birthday", "roles": []}]});
    let hidden = server.admin("PUT", "/api/settings/traits", &hide.to_string()).await;
    assert_eq!(hidden.status, StatusCode::OK, "{}", hidden.text);
    assert_eq!(run(&server).await["state"], "done");
    let made = json!({"name": "reader", "scopes": ["read"]}).to_string();
    let token = server.admin("POST", "/api/tokens", &made).await.json();
    let bearer = format!("Bearer {}", token["token"].as_str().unwrap());
    let headers = [("authorization", bearer.as_str())];
    let seen = server.send(request("GET", "/api/linkage/pairs?state=all", &headers, "")).await;
    let pair = &seen.json()["items"][0];
    let fields = pair["evidence"]["fields"].as_array().unwrap();
    let birthday = fields.iter().find(|field| field["name"] == "birthday").unwrap();
    assert_eq!((&birthday["a"], &birthday["is_withheld"]), (&json!("(withheld)"), &json!(true)));
    let other = fields.iter().find(|field| field["name"] == "last name").unwrap();
    assert_eq!(other["is_withheld"], false);
    let denied = server.send(request("POST", "/api/linkage/runs", &headers, "")).await;
    assert_eq!(denied.failure().0, "denied");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn duplicates_are_found_before_an_import_and_nonsense_is_refused() {
    let server = filled().await;
    run(&server).await;
    let known = identify("f1", ("userId", "u2"), 2, "");
    let perhaps = identify("f2", ("anonymousId", "crm-4"), 4, "x");
    let body = json!({"first_row": 10, "events": [known, perhaps]}).to_string();
    let found = server.admin("POST", "/api/linkage/preview", &body).await.json();
    assert_eq!((&found["n_known"], &found["n_perhaps"]), (&json!(1), &json!(1)), "{found}");
    let row = &found["rows"][0];
    assert_eq!((&row["row"], &row["match"]), (&json!(11), &json!("perhaps")));
    assert!(row["customer"]["customer_id"].is_string() && row["evidence"]["total"].is_number());
    let known = &found["rows"][1];
    assert_eq!((&known["reason"], &known["match"]), (&json!("same user_id"), &json!("known")));
    for (method, path, body, kind) in [
        ("GET", "/api/linkage/pairs?state=odd", "", "invalid"),
        ("GET", "/api/linkage/pairs?run=odd", "", "invalid"),
        ("GET", "/api/linkage/pairs?cursor=odd", "", "invalid"),
        ("GET", "/api/linkage/pairs/k_zzzz", "", "not_found"),
        ("GET", "/api/linkage/runs/r_zzzz", "", "not_found"),
        ("POST", "/api/linkage/runs/r_0001/cancel", "", "conflict"),
        ("POST", "/api/linkage/verdicts", r#"{"verdicts":[]}"#, "invalid"),
        ("POST", "/api/linkage/verdicts/undo", r#"{"pair_ids":["c_0001"]}"#, "invalid"),
        ("POST", "/api/linkage/preview", r#"{"events":7}"#, "invalid"),
    ] {
        assert_eq!(server.admin(method, path, body).await.failure().0, kind, "{method} {path}");
    }
}
