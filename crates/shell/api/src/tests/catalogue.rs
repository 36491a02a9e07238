//! Is offered what is there, with true numbers, and nothing that may not be seen?

use super::*;
use serde_json::json;

fn event(kind: &str, id: usize, user: &str, more: &Value) -> Value {
    let at = format!("2025-12-01T00:00:{:02}Z", id % 60);
    let mut event = json!({"type": kind, "messageId": format!("m-{id}"), "userId": user,
                           "timestamp": at, "context": {"locale": "de", "page": {"path": "/a"}}});
    event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    event
}

/// Three events of two names, and two people with traits.
async fn shop() -> Server {
    let server = Server::start().await;
    let viewed = |category: &str| {
        json!({"event": "Product Viewed", "properties": {"category": category,
               "salary": "7", "shop": {"city": "Ulm", "salary": 9}}})
    };
    let ordered = json!({"event": "Order Completed", "properties": {"revenue": 19.5}});
    let pro = json!({"traits": {"plan": "pro", "salary": 7, "address": {"city": "Ulm"}}});
    let batch = json!({"batch": [
        event("track", 1, "ann", &viewed("lamps")),
        event("track", 2, "ann", &viewed("Lamp oil")),
        event("track", 3, "ben", &viewed("lamps")),
        event("track", 4, "ann", &ordered),
        event("identify", 5, "ann", &pro),
        event("identify", 6, "ben", &json!({"traits": {"plan": "pro"}})),
        event("identify", 7, "cleo", &json!({"traits": {"plan": "free"}})),
    ]});
    say(&server, &batch).await;
    server
}

async fn say(server: &Server, batch: &Value) {
    let body = batch.to_string();
    let answer = server.send(request("POST", "/v1/batch", &key_header(WRITE_KEY), &body)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    server.engine.caught_up(Duration::from_secs(30)).await.unwrap();
}

/// These members of each item.
fn told(items: &Value, members: &[&str]) -> Vec<Value> {
    let items = items.as_array().unwrap_or_else(|| panic!("no list: {items}"));
    let one = |item: &Value| Value::from_iter(members.iter().map(|name| item[*name].clone()));
    items.iter().map(one).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_are_counted_and_found() {
    let server = shop().await;
    let members = ["name", "n_events", "n_customers", "sources", "is_planned"];
    let answer = server.get("/api/catalogue/events").await.json();
    assert_eq!(answer["total"], 3);
    assert_eq!(
        told(&answer["events"], &members),
        [
            json!(["Identified", 3, 3, ["s_0001"], false]),
            json!(["Product Viewed", 3, 2, ["s_0001"], false]),
            json!(["Order Completed", 1, 1, ["s_0001"], false]),
        ]
    );
    assert_eq!(answer["events"][1]["last_at"], "2025-12-01T00:00:03Z");
    let found = server.get("/api/catalogue/events?q=ED&limit=1").await.json();
    assert_eq!((&found["total"], &found["events"][0]["name"]), (&json!(3), &json!("Identified")));
    let found = server.get("/api/catalogue/events?q=order").await.json();
    assert_eq!(told(&found["events"], &["name"]), [json!(["Order Completed"])]);

    server.admin("POST", "/api/sources/s_0001/plan/pin", "").await;
    let more = json!({"event": "Order Completed", "properties": {}});
    say(&server, &json!({"batch": [event("track", 8, "ben", &more)]})).await;
    let found = server.get("/api/catalogue/events?q=order").await.json();
    let expected = [json!(["Order Completed", 2, 2, ["s_0001"], true])];
    assert_eq!(told(&found["events"], &members), expected, "what came since is counted");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fields_have_types_and_shares_and_values() {
    let server = shop().await;
    let members = ["path", "of", "types", "share", "examples"];
    let answer = server.get("/api/catalogue/properties?event=Product+Viewed").await.json();
    assert_eq!(
        told(&answer["properties"], &members)[..4],
        [
            json!(["category", "property", ["string"], 1.0, ["lamps"]]),
            json!(["salary", "property", ["string"], 1.0, ["7"]]),
            json!(["shop.city", "property", ["string"], 1.0, ["Ulm"]]),
            json!(["shop.salary", "property", ["number"], 1.0, ["9"]]),
        ]
    );
    let context = server.get("/api/catalogue/properties?q=page").await.json();
    let expected = [json!(["page.path", "context", ["string"], 1.0, []])];
    assert_eq!(told(&context["properties"], &members), expected);
    let all = server.get("/api/catalogue/properties?q=revenue").await.json();
    assert_eq!(told(&all["properties"], &["path", "share"]), [json!(["revenue", 0.25])]);

    let values = async |query: &str| {
        let answer = server.get(&format!("/api/catalogue/values?{query}")).await.json();
        assert_eq!(answer["is_exact"], true);
        told(&answer["values"], &["value", "n"])
    };
    let of_category = "of=property&path=category";
    let both = [json!(["lamps", 2]), json!(["Lamp oil", 1])];
    assert_eq!(values(of_category).await, both);
    assert_eq!(values(&format!("{of_category}&event=Product+Viewed&q=LAMP")).await, both);
    assert_eq!(values(&format!("{of_category}&q=oil")).await, both[1..]);
    assert_eq!(values(&format!("{of_category}&event=Order+Completed")).await, [] as [Value; 0]);
    assert_eq!(values("of=context&path=locale").await, [json!(["de", 7])]);
    assert_eq!(values("of=kind&limit=1").await, [json!(["track", 4])]);
    let at = |field: &str| ("invalid".to_owned(), Some(field.to_owned()));
    for (query, field) in [
        ("path=a", "of"),
        ("of=weather", "of"),
        ("of=property", "path"),
        ("of=name&limit=0", "limit"),
    ] {
        let answer = server.admin("GET", &format!("/api/catalogue/values?{query}"), "").await;
        assert_eq!(answer.failure(), at(field), "{query}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn traits_are_those_of_the_profiles() {
    let server = shop().await;
    let answer = server.get("/api/catalogue/traits").await.json();
    assert_eq!((&answer["n_looked_at"], &answer["is_exact"]), (&json!(3), &json!(true)));
    assert_eq!(
        told(&answer["traits"], &["key", "kind", "n_customers", "examples"]),
        [
            json!(["plan", "string", 3, ["pro", "free"]]),
            json!(["address.city", "string", 1, ["Ulm"]]),
            json!(["salary", "number", 1, ["7"]]),
        ]
    );
    let found = server.get("/api/catalogue/traits?q=CITY").await.json();
    assert_eq!(told(&found["traits"], &["key"]), [json!(["address.city"])]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_withheld_is_not_offered() {
    let server = shop().await;
    let change = json!({"version": 0, "default_rule": "latest",
                        "sensitive": [{"pattern": "sal*", "roles": []}]});
    server.admin("PUT", "/api/settings/traits", &change.to_string()).await;
    let made = server.admin("POST", "/api/tokens", r#"{"name":"t","scopes":["read"]}"#).await;
    let bearer = format!("Bearer {}", made.json()["token"].as_str().unwrap());
    let seen = async |path: &str| {
        let path = format!("/api/catalogue/{path}");
        server.send(request("GET", &path, &[("authorization", &bearer)], "")).await
    };
    let properties = seen("properties?q=sal").await.json();
    assert_eq!((&properties["total"], &properties["properties"]), (&json!(0), &json!([])));
    assert_eq!(seen("traits?q=sal").await.json()["traits"], json!([]));
    for path in ["salary", "shop.salary"] {
        let values = seen(&format!("values?of=property&path={path}")).await;
        assert_eq!(values.failure().0, "denied", "{path}");
    }
    assert_eq!(server.get("/api/catalogue/traits?q=sal").await.json()["total"], 1, "to an admin");

    let body = r#"{"name":"i","scopes":["import"]}"#;
    let made = server.admin("POST", "/api/tokens", body).await;
    let bearer = format!("Bearer {}", made.json()["token"].as_str().unwrap());
    for path in ["events", "properties", "values?of=name", "traits"] {
        let path = format!("/api/catalogue/{path}");
        let answer = server.send(request("GET", &path, &[("authorization", &bearer)], "")).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
}
