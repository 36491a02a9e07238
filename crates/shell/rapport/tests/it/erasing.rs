//! Is an erasure finished and its customer gone, however often the server is killed on the way?

use crate::place::{Place, Server, WRITE_KEY, until};
use crate::wire;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;

const ROUNDS: u64 = 8;
/// Known by these alone.
const KNOWN_BY: [&str; 3] = ["user-to-be-erased", "gone.person@example.com", "Gone Person-Unikat"];

#[test]
fn an_erasure_that_is_killed_again_and_again_comes_to_its_end() {
    let place = Place::new();
    let server = place.serve();
    for n in 0..30 {
        send(&server, n);
    }
    server.catch_up();
    let path = "/api/lookup?kind=user_id&value=user-to-be-erased";
    let id = server.get(path)["customer_id"].as_str().expect("they are known").to_owned();
    let body = json!({ "customer_id": id }).to_string();
    let order = server.admin("POST", "/api/privacy/erasures", &body).json();
    let erasure = format!("/api/privacy/erasures/{}", order["id"].as_str().expect("an id"));
    server.kill();
    for round in 0..ROUNDS {
        let server = place.serve();
        assert_eq!(server.admin("GET", path, "").status, 404, "nobody sees them any more");
        std::thread::sleep(Duration::from_millis(20 + 90 * round));
        server.kill();
    }
    let server = place.serve();
    let done = until("the erasure is done", || {
        let found = server.get(&erasure);
        (found["state"] == "done").then_some(found)
    });
    assert!(done["certificate_digest"].is_string());
    let certificate: Value = server.get(&format!("{erasure}/certificate"));
    assert_eq!(certificate["verified"]["n_found"], 0, "{certificate}");
    server.stop();
    for text in KNOWN_BY {
        assert!(!is_below(place.data(), text), "{text} is still in a file");
    }
    assert_eq!(place.exported_events().len(), 30, "the others are all there");
    place.check_with_doctor();
    println!("{} deaths, one erasure", ROUNDS + 1);
}

/// One event of theirs and one of somebody else.
fn send(server: &Server, n: usize) {
    let body = format!(
        r#"{{"batch":[
        {{"type":"identify","messageId":"g{n}","userId":"{0}","traits":{{"email":"{1}","name":"{2}"}}}},
        {{"type":"track","messageId":"o{n}","userId":"somebody-else","event":"Looked"}}]}}"#,
        KNOWN_BY[0], KNOWN_BY[1], KNOWN_BY[2]
    );
    let headers = [("x-write-key", WRITE_KEY)];
    let answer = wire::ask(server.address, "POST", "/v1/batch", &headers, body.as_bytes());
    assert_eq!(answer.status, 200, "{answer:?}");
}

/// Whether the bytes of any file below `root` hold `text`. What is packed is searched by the
/// server itself, and by the tests of `app`.
fn is_below(root: &Path, text: &str) -> bool {
    std::fs::read_dir(root).expect("a folder").flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return is_below(&path, text);
        }
        let bytes = std::fs::read(&path).expect("a file that can be read");
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    })
}
