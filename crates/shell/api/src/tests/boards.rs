//! Do boards keep what is on them, and do links show as much as they should?

use super::insights::{shop, week};
use super::{Answer, NOW, Server, request};
use app::EngineOptions;
use app::access::{Actor, ActorKind};
use app::boards::BoardContent;
use app::clock::{Clock, FixedClock};
use base::Duration;
use http::StatusCode;
use serde_json::{Value, json};
use std::sync::Arc;

async fn ok(server: &Server, method: &str, path: &str, body: &Value) -> Value {
    let answer = server.admin(method, path, &body.to_string()).await;
    assert_eq!(answer.status, StatusCode::OK, "{method} {path}: {}", answer.text);
    answer.json()
}

/// As somebody who is nobody.
async fn stranger(server: &Server, method: &str, path: &str) -> Answer {
    server.send(request(method, path, &[], "")).await
}

fn card(id: &str, ask: &Value) -> Value {
    json!({"id": id, "title": "Orders", "ask": ask, "look": {"chart": "line"},
           "place": {"x": 0, "y": 0, "w": 6, "h": 4}})
}

fn orders() -> Value {
    json!({"insight": "trend", "question": {
        "period": week(), "grain": "day",
        "series": [{"events": {"events": ["Order Completed"]}, "measure": {"is": "events"}}],
        "breakdown": {"by": {"of": "property", "path": "category"}, "n_groups": 5},
    }})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_board_is_changed_as_a_whole_by_who_has_read_it() {
    let server = shop().await;
    ok(&server, "POST", "/api/metrics/usual", &json!({"keys": ["orders"]})).await;
    let made = ok(&server, "POST", "/api/boards", &json!({"name": " Mondays "})).await;
    let path = format!("/api/boards/{}", made["id"].as_str().unwrap());
    assert_eq!((&made["name"], &made["version"]), (&json!("Mondays"), &json!(1)));
    let by_metric = json!({"metric": "orders", "period": week(), "grain": "day"});
    let cards = json!([card("a", &orders()), card("b", &by_metric)]);
    let change = json!({"version": 1, "name": "Mondays", "note": "For us.", "cards": cards});
    let changed = ok(&server, "PUT", &path, &change).await;
    assert_eq!(changed["version"], 2);
    let stale = server.admin("PUT", &path, &change.to_string()).await;
    assert_eq!(stale.failure().0, "conflict");
    let read = ok(&server, "GET", &path, &Value::Null).await;
    assert_eq!(read["cards"][0]["ask"]["insight"], "trend");
    assert_eq!(read["cards"][1]["ask"]["metric"], "orders");
    let line = ok(&server, "GET", "/api/boards", &Value::Null).await["boards"][0].clone();
    assert_eq!((&line["n_cards"], &line["is_shared"]), (&json!(2), &json!(false)));

    let own = ok(&server, "POST", &format!("{path}/cards/a/answer"), &Value::Null).await;
    assert_eq!((&own["insight"], &own["metric"]), (&json!("trend"), &Value::Null));
    assert_eq!(own["answer"]["lines"][0]["points"][3]["value"], json!(2.0));
    let metric = ok(&server, "POST", &format!("{path}/cards/b/answer"), &Value::Null).await;
    assert_eq!(metric["answer"]["lines"][0]["points"][3]["value"], json!(2.0));
    assert_eq!(
        (&metric["metric"]["key"], &metric["metric"]["version"]),
        (&json!("orders"), &json!(1))
    );
    let missing = server.admin("POST", &format!("{path}/cards/z/answer"), "").await;
    assert_eq!(missing.failure(), ("not_found".into(), Some("card".into())));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deleted_board_comes_back_with_its_link_within_a_month() {
    let clock = Arc::new(FixedClock::at(NOW));
    let of_server = Arc::clone(&clock) as Arc<dyn Clock>;
    let with_clock = |options| EngineOptions { clock: of_server, ..options };
    let server = Server::with(with_clock, |options| options).await;
    let made = ok(&server, "POST", "/api/boards", &json!({"template": "shop"})).await;
    let path = format!("/api/boards/{}", made["id"].as_str().unwrap());
    let link = ok(&server, "POST", &format!("{path}/link"), &Value::Null).await;
    let shared = format!("/api/shared/{}", link["token"].as_str().unwrap());
    assert_eq!(server.admin("DELETE", &path, "").await.status, StatusCode::NO_CONTENT);

    for (method, path) in [
        ("GET", path.clone()),
        ("DELETE", path.clone()),
        ("POST", format!("{path}/link")),
        ("POST", format!("{path}/cards/orders/answer")),
    ] {
        let answer = server.admin(method, &path, "").await;
        assert_eq!(answer.failure().0, "not_found", "{method} {path}");
    }
    for (method, path) in [("GET", shared.clone()), ("POST", format!("{shared}/cards/orders"))] {
        assert_eq!(stranger(&server, method, &path).await.failure().0, "not_found", "{path}");
    }
    let list = server.get("/api/boards").await.json();
    assert_eq!(list["boards"], json!([]));
    assert_eq!(
        (&list["deleted"][0]["id"], &list["deleted"][0]["name"]),
        (&made["id"], &made["name"])
    );
    let token = server.admin("POST", "/api/tokens", r#"{"name":"t","scopes":["read"]}"#).await;
    let bearer = format!("Bearer {}", token.json()["token"].as_str().unwrap());
    let read = server.send(request("GET", "/api/boards", &[("authorization", &bearer)], "")).await;
    assert_eq!(read.json()["deleted"], json!([]), "for those who may bring them back");

    let restore = format!("{path}/restore");
    clock.set(NOW.plus(Duration::days(29)));
    let back = ok(&server, "POST", &restore, &Value::Null).await;
    assert_eq!((&back["version"], &back["cards"]), (&made["version"], &made["cards"]));
    assert_eq!(back["link"]["token"], link["token"]);
    assert_eq!(stranger(&server, "GET", &shared).await.status, StatusCode::OK);
    assert_eq!(ok(&server, "POST", &restore, &Value::Null).await, back, "once more is no harm");
    let list = server.get("/api/boards").await.json();
    assert_eq!(list["deleted"], json!([]));
    let audit = server.get("/api/audit").await.text;
    assert!(audit.contains("board.deleted") && audit.contains("board.restored"), "{audit}");

    server.admin("DELETE", &path, "").await;
    clock.set(NOW.plus(Duration::days(59)));
    assert_eq!(server.admin("POST", &restore, "").await.failure().0, "not_found");
    assert_eq!(server.get("/api/boards").await.json()["deleted"], json!([]));
}

/// A question, one part of it otherwise.
fn with(question: &Value, part: &str, value: Value) -> Value {
    let mut question = question.clone();
    *question.pointer_mut(part).unwrap() = value;
    question
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_card_that_could_not_be_answered_is_not_put_on_a_board() {
    let server = shop().await;
    ok(&server, "POST", "/api/metrics/usual", &json!({"keys": ["orders"]})).await;
    let made = ok(&server, "POST", "/api/boards", &json!({"name": "Mine"})).await;
    let path = format!("/api/boards/{}", made["id"].as_str().unwrap());
    let change = |version: u64, cards: &Value| {
        json!({"version": version, "name": "Mine", "cards": cards}).to_string()
    };
    let step = |name: &str| json!({"events": [name]});
    let funnel = json!({"insight": "funnel", "question": {
        "period": week(), "within": 3600, "steps": [step("Product Viewed"), step("Order Completed")],
    }});
    let metric = json!({"metric": "orders", "period": week(), "grain": "day"});
    let last = |n: u32| json!({"kind": "last", "n": n, "grain": "day"});
    let check = async |ask: &Value, field: &str| {
        let cards = json!([card("fine", &orders()), card("a", ask)]);
        let answer = server.admin("PUT", &path, &change(1, &cards)).await;
        let expected = ("invalid".to_owned(), Some(format!("cards[1].ask.{field}")));
        assert_eq!(answer.failure(), expected, "{}", answer.text);
    };
    check(&with(&orders(), "/question/period", last(0)), "question.period.n").await;
    let nameless = with(&orders(), "/question/series/0/events/events", json!([""]));
    check(&nameless, "question.series[0].events.events[0]").await;
    check(&with(&funnel, "/question/steps", json!([step("Product Viewed")])), "question.steps")
        .await;
    check(&with(&metric, "/metric", json!("luck")), "metric").await;
    check(&json!({"metric": "orders", "period": week(), "grain": "day", "version": 7}), "version")
        .await;
    check(&with(&metric, "/period", last(0)), "period.n").await;

    let cards = json!([card("a", &funnel), card("b", &metric)]);
    let put = server.admin("PUT", &path, &change(1, &cards)).await;
    assert_eq!(put.status, StatusCode::OK, "{}", put.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_card_that_cannot_be_answered_any_more_keeps_nobody_from_moving_another() {
    let server = shop().await;
    let made = ok(&server, "POST", "/api/boards", &json!({"name": "Mine"})).await;
    let id = made["id"].as_str().unwrap();
    let path = format!("/api/boards/{id}");
    let broken = with(&orders(), "/question/series/0/events/events", json!([""]));
    // As a program before this one may have kept it, which looked at the form alone.
    let kept = BoardContent {
        name: "Mine".into(),
        note: String::new(),
        cards: json!([card("old", &broken)]).to_string(),
        n_cards: 1,
    };
    let actor = Actor { kind: ActorKind::User, name: "ann@example.com".into() };
    let boards = server.engine.boards();
    boards.change(&actor, (id.parse().unwrap(), 1), kept, NOW).await.unwrap();
    let put = async |version: u64, cards: Value| {
        let change = json!({"version": version, "name": "Mine", "cards": cards}).to_string();
        server.admin("PUT", &path, &change).await
    };
    let mut moved = card("old", &broken);
    moved["place"]["x"] = json!(6);
    let answer = put(2, json!([moved, card("new", &orders())])).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let twice =
        put(3, json!([card("old", &with(&broken, "/question/grain", json!("week")))])).await;
    assert_eq!(twice.failure().0, "invalid", "what is asked anew is looked at");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_card_that_cannot_be_kept_names_its_field() {
    let server = Server::start().await;
    let made = ok(&server, "POST", "/api/boards", &json!({"name": "Mine"})).await;
    let path = format!("/api/boards/{}", made["id"].as_str().unwrap());
    let check = async |cards: Value, field: &str| {
        let change = json!({"version": 1, "name": "Mine", "cards": cards});
        let answer = server.admin("PUT", &path, &change.to_string()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
        assert_eq!(answer.failure().1.unwrap_or_default(), field, "{}", answer.text);
    };
    check(json!([card("a", &orders()), card("a", &orders())]), "cards[1].id").await;
    check(json!([card("a b", &orders())]), "cards[0].id").await;
    let mut wide = card("a", &orders());
    wide["place"]["x"] = json!(7);
    check(json!([wide]), "cards[0].place").await;
    let mut unasked = orders();
    unasked["question"]["grain"] = json!("fortnight");
    check(json!([card("a", &unasked)]), "").await;
    let other = server.admin("POST", "/api/boards", r#"{"template":"nothing"}"#).await;
    assert_eq!(other.failure(), ("invalid".into(), Some("template".into())));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_template_answers_with_events_and_without() {
    for server in [shop().await, Server::start().await] {
        let templates = server.get("/api/boards/templates").await.json();
        for template in templates["templates"].as_array().unwrap() {
            let wish = json!({"template": template["key"]});
            let board = ok(&server, "POST", "/api/boards", &wish).await;
            assert_eq!(board["name"], template["name"]);
            for card in board["cards"].as_array().unwrap() {
                let (board, card) = (board["id"].as_str().unwrap(), card["id"].as_str().unwrap());
                let path = format!("/api/boards/{board}/cards/{card}/answer");
                ok(&server, "POST", &path, &Value::Null).await;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_shows_answers_and_neither_names_nor_what_is_withheld_from_anybody() {
    let server = shop().await;
    let made = ok(&server, "POST", "/api/boards", &json!({"name": "Open"})).await;
    let path = format!("/api/boards/{}", made["id"].as_str().unwrap());
    let change = json!({"version": 1, "name": "Open", "cards": [card("a", &orders())]});
    ok(&server, "PUT", &path, &change).await;
    let link = ok(&server, "POST", &format!("{path}/link"), &Value::Null).await;
    let again = ok(&server, "POST", &format!("{path}/link"), &Value::Null).await;
    assert_eq!(link, again, "it can be shown again");
    let token = link["token"].as_str().unwrap();
    assert_eq!(link["path"], format!("/shared/{token}"));
    assert_eq!(ok(&server, "GET", &path, &Value::Null).await["link"]["token"], token);

    let shared = format!("/api/shared/{token}");
    let seen = stranger(&server, "GET", &shared).await;
    assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
    let mut names: Vec<String> = seen.json().as_object().unwrap().keys().cloned().collect();
    names.sort_unstable();
    assert_eq!(names, ["cards", "changed_at", "name", "note", "version"]);
    let answer = stranger(&server, "POST", &format!("{shared}/cards/a")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.json()["answer"]["lines"][0]["points"][3]["value"], json!(2.0));
    let insights = stranger(&server, "POST", "/api/insights/trend").await;
    assert_eq!(insights.failure().0, "unauthenticated", "a link opens nothing else");

    // Even a marketer may see it, but of whoever has the link nothing is known.
    let hide = json!({"version": 0, "default_rule": "latest",
                      "sensitive": [{"pattern": "category", "roles": ["marketer", "read_only"]}]});
    server.admin("PUT", "/api/settings/traits", &hide.to_string()).await;
    let hidden = stranger(&server, "POST", &format!("{shared}/cards/a")).await;
    assert_eq!(hidden.failure().0, "denied");

    let gone = server.admin("DELETE", &format!("{path}/link"), "").await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    for (method, path) in [("GET", shared.clone()), ("POST", format!("{shared}/cards/a"))] {
        assert_eq!(stranger(&server, method, &path).await.failure().0, "not_found");
    }
    let anew = ok(&server, "POST", &format!("{path}/link"), &Value::Null).await;
    assert_ne!(anew["token"], link["token"]);
    let audit = server.get("/api/audit").await.text;
    assert!(audit.contains("board.shared") && audit.contains("board.unshared"), "{audit}");
    assert!(!audit.contains(token), "the audit log holds no secret");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_sees_boards_and_not_their_links() {
    let server = shop().await;
    let made = ok(&server, "POST", "/api/boards", &json!({"template": "shop"})).await;
    let path = format!("/api/boards/{}", made["id"].as_str().unwrap());
    ok(&server, "POST", &format!("{path}/link"), &Value::Null).await;
    let token = server.admin("POST", "/api/tokens", r#"{"name":"t","scopes":["read"]}"#).await;
    let bearer = format!("Bearer {}", token.json()["token"].as_str().unwrap());
    let as_reader = async |method: &str, path: &str| {
        server.send(request(method, path, &[("authorization", &bearer)], "")).await
    };
    let seen = as_reader("GET", &path).await.json();
    assert_eq!((&seen["is_shared"], &seen["link"]), (&json!(true), &Value::Null));
    let card = as_reader("POST", &format!("{path}/cards/orders/answer")).await;
    assert_eq!(card.status, StatusCode::OK, "{}", card.text);
    for (method, path) in [("DELETE", path.clone()), ("POST", format!("{path}/link"))] {
        assert_eq!(as_reader(method, &path).await.failure().0, "denied", "{method} {path}");
    }
}
