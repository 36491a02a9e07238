//! What is answered to requests that make no sense, and does the server live on?

mod bodies;
mod table;

use crate::place::{Place, Server, WRITE_KEY, until};
use crate::traffic::Sender;
use crate::wire;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use table::Case;

/// Memory that the server may ever hold while it answers nonsense.
const RESIDENT_MB_MAX: u64 = 500;

#[test]
fn nonsense_is_answered_with_what_is_wrong_and_harms_nobody() {
    let place = Place::new();
    let server = place.serve();
    let is_over = AtomicBool::new(false);
    let mut sender = Sender::new("sensible");
    let complaints = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::SeqCst) {
                assert_eq!(sender.send(server.address).status, 200, "good events beside nonsense");
                std::thread::sleep(Duration::from_millis(50));
            }
        });
        let cases = table::all();
        let complaints: Vec<String> =
            cases.iter().filter_map(|case| complaint(case, &server)).collect();
        is_over.store(true, Ordering::SeqCst);
        complaints
    });
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    check_memory(&server);
    server.catch_up();
    check_debugger(&server);
    server.stop();
    let stored = place.exported_events();
    assert!(!sender.acknowledged.is_empty());
    assert!(sender.acknowledged.iter().all(|id| stored.contains_key(id)), "good events arrive");
    place.check_with_doctor();
}

/// What is wrong with the answer to a case.
fn complaint(case: &Case, server: &Server) -> Option<String> {
    let answer = case.send(server.address);
    let is_as_expected = answer.status == case.status
        && answer.body.to_lowercase().contains(&case.says.to_lowercase());
    // Nothing of ours leaks: no source's words, no paths, no panics.
    let leaks = ["panicked", "src/", "sqlx", "/home/", "RUST_"].iter();
    let is_tight = leaks.clone().all(|word| !answer.body.contains(word));
    let has_form = answer.status < 400 || !case.is_ours || has_our_form(&answer);
    if is_as_expected && is_tight && has_form {
        return None;
    }
    let body: String = answer.body.chars().take(300).collect();
    Some(format!(
        "{}: expected {} with '{}', got {} {body}",
        case.name, case.status, case.says, answer.status
    ))
}

/// Failures have a form that client libraries, or callers of the API, read.
fn has_our_form(answer: &wire::Answer) -> bool {
    let Ok(body) = serde_json::from_str::<serde_json::Value>(&answer.body) else { return false };
    let is_collect = body["success"] == false
        && ["code", "message", "detail", "error"].iter().all(|name| body[*name].is_string());
    let is_api = body["error"]["kind"].is_string() && body["error"]["message"].is_string();
    is_collect || is_api
}

/// Everything that was refused one by one can be looked at, as it was sent.
fn check_debugger(server: &Server) {
    let (mut cursor, mut n_seen) = (String::new(), 0);
    loop {
        let page = server.get(&format!("/api/debugger?status=refused&limit=200{cursor}"));
        for event in page["items"].as_array().unwrap() {
            let seq = event["seq"].as_str().unwrap();
            let answer = server.admin("GET", &format!("/api/debugger/{seq}"), "");
            assert_eq!(answer.status, 200, "{event}: {}", answer.body);
            assert!(!event["refusals"].as_array().unwrap().is_empty(), "{event}");
            n_seen += 1;
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert!(n_seen > 20, "{n_seen}");
}

fn check_memory(server: &Server) {
    match server.peak_resident_mb() {
        Some(peak) => {
            println!("at most {peak} MB were held");
            assert!(peak < RESIDENT_MB_MAX, "{peak} MB");
        }
        None => crate::place::skipped("the system does not tell how much memory a process holds"),
    }
}

#[test]
fn many_bombs_at_once_stay_within_memory() {
    let place = Place::new();
    let server = place.serve();
    let bomb = bodies::gzip_bomb();
    let large = bodies::filled_to(25 << 20);
    let paths = ["/v1/batch", "/batch/", "/e/", "/v1/import"];
    std::thread::scope(|scope| {
        for path in paths.iter().cycle().take(4) {
            let (bomb, large, address) = (&bomb, &large, server.address);
            scope.spawn(move || {
                for body in [bomb, large] {
                    let headers = [("x-write-key", WRITE_KEY)];
                    let answer = wire::ask(address, "POST", path, &headers, body);
                    assert!(matches!(answer.status, 400 | 413), "{path}: {answer:?}");
                }
            });
        }
    });
    check_memory(&server);
    let mut sender = Sender::new("after");
    assert_eq!(sender.send(server.address).status, 200);
    server.stop();
}

#[test]
fn slow_and_broken_connections_hold_nobody_up() {
    let place = Place::new();
    let server = place.serve();
    let mut held = Vec::new();
    let head = wire::head("POST", "/v1/batch", &[("x-write-key", WRITE_KEY)], Some(1_000));
    for n in 0..200 {
        let mut stream = wire::connect(server.address);
        // Some stop in the middle of a header, some in the middle of the body.
        let upto = if n % 2 == 0 { head.len() / 2 } else { head.len() };
        wire::send(&mut stream, &head.as_bytes()[..upto]);
        if n % 2 == 1 {
            wire::send(&mut stream, br#"{"batch":[{"type":"tr"#);
        }
        held.push(stream);
    }
    let mut sender = Sender::new("beside");
    for _ in 0..5 {
        assert_eq!(sender.send(server.address).status, 200);
    }
    server.catch_up();
    drop(held);
    cut_off_in_the_middle(&server);
    assert_eq!(sender.send(server.address).status, 200);
    server.catch_up();
    server.stop();
    let stored = place.exported_events();
    assert_eq!(stored.len(), sender.acknowledged.len(), "of a body cut off nothing is taken");
}

/// Bodies that end before they should: nothing of them counts, and whoever still listens is told.
fn cut_off_in_the_middle(server: &Server) {
    let whole = r#"{"batch":[{"type":"track","event":"Cut","messageId":"cut-1","userId":"u"}]}"#;
    let headers = [("x-write-key", WRITE_KEY), ("transfer-encoding", "chunked")];
    let chunked = wire::head("POST", "/v1/batch", &headers, None);
    let long = wire::head("POST", "/v1/batch", &headers[..1], Some(whole.len() + 10));
    let cases = [
        (&chunked, format!("{:x}\r\n{whole}\r\n", whole.len())),
        (&chunked, format!("{:x}\r\n{whole}", whole.len() + 10)),
        (&chunked, format!("zz\r\n{whole}\r\n0\r\n\r\n")),
        (&long, whole.to_owned()),
    ];
    for (head, body) in cases {
        let mut stream = wire::connect(server.address);
        wire::send(&mut stream, head.as_bytes());
        wire::send(&mut stream, body.as_bytes());
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let answer = wire::answer(&mut stream);
        assert!(matches!(answer.status, 0 | 400), "{body}: {answer:?}");
    }
}

#[test]
fn a_server_stops_although_connections_hang() {
    let place = Place::new();
    let server = place.serve();
    let mut held: Vec<_> = (0..20).map(|_| wire::connect(server.address)).collect();
    for stream in &mut held {
        wire::send(stream, b"POST /v1/batch HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{");
    }
    until("they are all there", || {
        (server.admin("GET", "/health", "").status == 200).then_some(())
    });
    server.stop();
}
