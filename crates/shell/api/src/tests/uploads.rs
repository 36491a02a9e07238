//! Does a file come in by the browser: sent, looked at, tried out, imported, and gone?

use super::*;
use serde_json::json;

const PEOPLE: &str = "email,first name,town,since\n\
    ann@example.com,Ann,Kiel,2025-03-01\n\
    bob@example.com,Bob,,2025-04-01\n\
    ,Nobody,Ulm,2025-05-01\n";

async fn upload(server: &Server, name: &str, text: &str) -> Value {
    let path = format!("/api/uploads?file_name={name}");
    let answer = server.admin("POST", &path, text).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()
}

/// Waits until the import is at an end.
async fn ended(server: &Server, id: &str) -> Value {
    for _ in 0..600 {
        let import = server.get(&format!("/api/imports/{id}")).await.json();
        if import["state"] != "running" {
            return import;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("import {id} does not end");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_is_sent_looked_at_tried_out_and_imported() {
    let server = Server::start().await;
    let sent = upload(&server, "people.csv", PEOPLE).await;
    let id = sent["id"].as_str().unwrap();
    assert_eq!((&sent["n_bytes"], &sent["is_here"]), (&json!(PEOPLE.len()), &json!(true)));
    let look = server.get(&format!("/api/uploads/{id}/look")).await.json();
    assert_eq!((&look["shape"], &look["shape_found"]), (&json!("customers"), &json!("customers")));
    assert_eq!(look["proposed"]["customer"]["email"]["column"], "email", "{look}");
    assert_eq!(look["columns"][1]["examples"].as_array().unwrap().len(), 3);
    assert_eq!((&look["tried"], &look["before"]), (&Value::Null, &json!([])));

    let body = json!({ "mapping": look["proposed"] }).to_string();
    let preview = server.admin("POST", &format!("/api/uploads/{id}/preview"), &body).await.json();
    assert_eq!(preview["flaw"], Value::Null, "{preview}");
    assert_eq!((&preview["n_rows"], &preview["is_whole_file"]), (&json!(3), &json!(true)));
    assert_eq!((&preview["n_events"], &preview["n_rejected"]), (&json!(2), &json!(1)));
    assert_eq!(
        (&preview["events"][1]["row"], &preview["rejects"][0]["row"]),
        (&json!(2), &json!(3))
    );
    assert_eq!(preview["events"][0]["identifiers"][0]["value"], "ann@example.com");
    assert_eq!(preview["events"][0]["customer_id"], Value::Null, "nobody is known yet");
    assert_eq!(preview["rejects"][0]["cells"][1], "Nobody");
    assert!(preview["mapping_file"].as_str().unwrap().contains("[customer]"));
    assert_eq!(server.get("/api/customers").await.json()["total"], 0, "nothing was imported");
    let look = server.get(&format!("/api/uploads/{id}/look")).await.json();
    assert_eq!(look["tried"], look["proposed"], "what was tried is remembered");

    let import = server.admin("POST", &format!("/api/uploads/{id}/import"), &body).await.json();
    assert_eq!(import["upload_id"], json!(id), "{import}");
    let import = ended(&server, import["id"].as_str().unwrap()).await;
    assert_eq!((&import["state"], &import["n_events"]), (&json!("done"), &json!(2)), "{import}");
    assert_eq!((&import["n_rejected"], &import["runs_here"]), (&json!(1), &json!(false)));
    server.engine.caught_up(Duration::from_secs(30)).await.unwrap();
    assert_eq!(server.get("/api/customers?q=ann").await.json()["total"], 1);
    let rejects = format!("/api/imports/{}/rejects.csv", import["id"].as_str().unwrap());
    let rejects = server.get(&rejects).await;
    assert!(rejects.header("content-disposition").contains("attachment"));
    assert!(rejects.text.contains("rapport_reason") && rejects.text.contains("Nobody"));
    let left = server.get(&format!("/api/uploads/{id}")).await.json();
    assert_eq!(left["is_here"], false, "the file is gone, its rejected rows are not");
    let folder = server.engine.data_dir().uploads();
    assert!(!folder.join(format!("{id}.data")).exists());
    let gone = server.admin("DELETE", &format!("/api/uploads/{id}"), "").await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_time_the_customers_are_known_and_nothing_is_doubled() {
    let server = Server::start().await;
    let mut n_duplicates = Vec::new();
    for round in 0..2 {
        let sent = upload(&server, "people.csv", PEOPLE).await;
        let id = sent["id"].as_str().unwrap();
        let look = server.get(&format!("/api/uploads/{id}/look")).await.json();
        assert_eq!(look["before"].as_array().unwrap().len(), round);
        let body = json!({ "mapping": look["proposed"] }).to_string();
        let path = format!("/api/uploads/{id}/preview");
        let preview = server.admin("POST", &path, &body).await.json();
        assert_eq!(preview["events"][0]["customer_id"].is_string(), round == 1);
        let path = format!("/api/uploads/{id}/import");
        let import = server.admin("POST", &path, &body).await.json();
        let id = import["id"].as_str().unwrap().to_owned();
        ended(&server, &id).await;
        server.engine.caught_up(Duration::from_secs(30)).await.unwrap();
        let import = server.get(&format!("/api/imports/{id}")).await.json();
        n_duplicates.push(import["n_duplicates"].as_u64().unwrap());
    }
    assert_eq!(n_duplicates, [0, 2]);
    assert_eq!(server.get("/api/customers").await.json()["total"], 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_shape_is_proposed_and_flaws_are_told() {
    let server = Server::start().await;
    let sent = upload(&server, "people.csv", PEOPLE).await;
    let id = sent["id"].as_str().unwrap();
    let look = server.get(&format!("/api/uploads/{id}/look?shape=orders")).await.json();
    assert_eq!((&look["shape"], &look["shape_found"]), (&json!("orders"), &json!("customers")));
    assert_eq!(look["proposed"]["events"][0]["name"], "Purchase Recorded", "{look}");
    let mut mapping = look["proposed"].clone();
    mapping["customer"]["email"]["column"] = json!("e-mail");
    let body = json!({ "mapping": mapping }).to_string();
    let preview = server.admin("POST", &format!("/api/uploads/{id}/preview"), &body).await.json();
    assert_eq!(preview["flaw"]["part"], "customer.email", "{preview}");
    assert_eq!(preview["mapping_file"], Value::Null);
    let refused = server.admin("POST", &format!("/api/uploads/{id}/import"), &body).await;
    assert_eq!(refused.failure(), ("invalid".into(), Some("mapping".into())));
    let odd = server.admin("GET", &format!("/api/uploads/{id}/look?shape=odd"), "").await;
    assert_eq!(odd.failure().1.as_deref(), Some("shape"));
    assert_eq!(server.get("/api/imports").await.json()["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_is_stopped_and_goes_on_where_it_was() {
    let server = Server::with(
        |options| app::EngineOptions { lag_entries_max: 0, ..options },
        |options| options,
    )
    .await;
    let rows: String = (0..20_000).map(|n| format!("p{n}@example.com,P{n},Kiel\n")).collect();
    let sent = upload(&server, "many.csv", &format!("email,first name,town\n{rows}")).await;
    let upload_id = sent["id"].as_str().unwrap();
    let look = server.get(&format!("/api/uploads/{upload_id}/look")).await.json();
    let body = json!({ "mapping": look["proposed"] }).to_string();
    let path = format!("/api/uploads/{upload_id}/import");
    let import = server.admin("POST", &path, &body).await.json();
    let id = import["id"].as_str().unwrap();
    assert_eq!(import["runs_here"], true);
    assert_eq!(server.admin("POST", &path, &body).await.failure().0, "conflict");
    let stopped = server.admin("POST", &format!("/api/imports/{id}/stop"), "").await;
    assert_eq!(stopped.status, StatusCode::OK, "{}", stopped.text);
    let import = ended(&server, id).await;
    assert_eq!((&import["state"], &import["runs_here"]), (&json!("stopped"), &json!(false)));
    let row = import["n_rows_done"].as_u64().unwrap();
    assert!(row < 20_000, "stopped in the middle: {row}");
    let again = server.admin("POST", &format!("/api/imports/{id}/stop"), "").await;
    assert_eq!(again.failure().0, "conflict");
    let resumed = server.admin("POST", &path, &body).await.json();
    assert_eq!((&resumed["id"], &resumed["resume_row"]), (&json!(id), &json!(row)));
    let stop = server.admin("POST", &format!("/api/imports/{id}/stop"), "").await;
    assert_eq!(stop.status, StatusCode::OK, "{}", stop.text);
    ended(&server, id).await;
}
