//! Which requests make no sense, and what is the answer to each?

use super::bodies;
use crate::place::{ADMIN_TOKEN, WRITE_KEY};
use crate::wire::{self, Answer};
use serde_json::json;
use std::net::SocketAddr;

/// One request and its answer.
pub struct Case {
    /// What to call it where it goes wrong.
    pub name: String,
    method: &'static str,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    /// The status of the answer.
    pub status: u16,
    /// Part of its body.
    pub says: &'static str,
    /// Whether the answer is ours; else it is the HTTP library's, which takes the line before us.
    pub is_ours: bool,
}

impl Case {
    /// Sends it on a connection of its own.
    pub fn send(&self, address: SocketAddr) -> Answer {
        let headers: Vec<(&str, &str)> =
            self.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        wire::ask(address, self.method, &self.path, &headers, &self.body)
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self.name = format!("{} {name}", self.name);
        self
    }

    fn without_key(mut self) -> Self {
        self.headers.clear();
        self.name.push_str(" without a key");
        self
    }

    fn by_the_library(self) -> Self {
        Self { is_ours: false, ..self }
    }
}

/// A request with everything that lets it in.
fn case(call: &str, body: impl Into<Vec<u8>>, status: u16, says: &'static str) -> Case {
    let (method, path) = call.split_once(' ').unwrap();
    let method = ["GET", "POST", "PUT", "PATCH", "DELETE"].into_iter().find(|m| *m == method);
    let body = body.into();
    let start: String = String::from_utf8_lossy(&body).chars().take(60).collect();
    let is_api = path.starts_with("/api");
    let headers = match is_api {
        true => vec![("authorization", format!("Bearer {ADMIN_TOKEN}"))],
        false => vec![("x-write-key", WRITE_KEY.to_owned())],
    };
    Case {
        name: format!("{} {start}", call.chars().take(80).collect::<String>()),
        method: method.expect("a method that is listed here"),
        path: path.to_owned(),
        headers,
        body,
        status,
        says,
        is_ours: true,
    }
}

/// Every case.
pub fn all() -> Vec<Case> {
    [segment(), segment_large(), posthog(), posthog_large(), api(), api_large(), http()]
        .into_iter()
        .flatten()
        .collect()
}

fn segment() -> Vec<Case> {
    let track = "POST /v1/track";
    let batch = "POST /v1/batch";
    let event = |more: &str| format!(r#"{{"event":"x","userId":"u"{more}}}"#);
    vec![
        case(track, "", 400, "empty"),
        case(track, "{", 400, "JSON"),
        case(track, r#"{"event":}"#, 400, "line 1 column 10"),
        case(track, "nonsense", 400, "JSON"),
        case(track, "null", 400, "object"),
        case(track, "[]", 400, "object"),
        case(track, "17", 400, "object"),
        case(track, r#"{"userId":"u"}"#, 400, "event"),
        case(track, r#"{"event":"x"}"#, 400, "userId"),
        case(track, r#"{"event":17,"userId":"u"}"#, 200, ""),
        case(track, r#"{"event":[],"userId":"u"}"#, 400, "event"),
        case(track, r#"{"event":"x","userId":{}}"#, 400, "userId"),
        case(track, r#"{"event":"x","userId":" "}"#, 400, "userId"),
        case(track, event(r#","properties":[1]"#), 400, "properties"),
        case(track, event(r#","context":"here""#), 400, "context"),
        case(track, event("").replace('x', &"x".repeat(300)), 400, "event"),
        case(track, event("").replace('u', &"u".repeat(600)), 400, ""),
        case(track, event(r#","timestamp":"+999999-01-01T00:00:00Z""#), 400, "timestamp"),
        case(track, event(r#","timestamp":"yesterday""#), 400, "timestamp must be a time"),
        case(track, event(r#","timestamp":1e300"#), 400, "timestamp"),
        case(track, event(r#","timestamp":-9223372036854775808"#), 400, "year 1900"),
        case(track, event(r#","timestamp":"9999-12-31T23:59:59Z""#), 400, "timestamp"),
        case(track, event(r#","timestamp":"2099-12-31T23:59:59Z""#), 200, ""),
        case(track, event(r#","properties":{"n":1e308}"#), 200, ""),
        case(track, event(r#","properties":{"s":"\u0000\ud800"}"#), 200, ""),
        case(track, event(r#","properties":{"s":1,"s":2}"#), 200, ""),
        case(track, "{\"event\":\"x\0\",\"userId\":\"u\"}", 400, "JSON"),
        case(track, b"{\"event\":\"\xff\xfe\",\"userId\":\"u\"}", 400, "UTF-8 at byte 10"),
        case("POST /v1/identify", r#"{"traits":{}}"#, 400, "userId"),
        case("POST /v1/alias", r#"{"userId":"u"}"#, 400, "previousId"),
        case("POST /v1/group", r#"{"userId":"u"}"#, 400, "groupId"),
        case(batch, "{}", 400, "batch"),
        case(batch, r#"{"batch":{}}"#, 400, "batch"),
        case(batch, r#"{"batch":[]}"#, 200, ""),
        case(batch, r#"{"batch":[1,null,"x",[],{}]}"#, 200, ""),
        case(batch, r#"{"batch":[],"context":7}"#, 400, "context"),
        case(track, event(""), 401, "write key").without_key(),
        case(track, event(""), 401, "write key").without_key().with("x-write-key", "unknown"),
        case(track, event(""), 401, "write key").without_key().with("authorization", "Basic %%%"),
        case(track, event(""), 200, "").with("content-encoding", "gzip"),
        case(track, event(""), 200, "").with("content-encoding", "br"),
        case(track, "garbage", 400, "br").with("content-encoding", "br"),
        case(track, "garbage", 400, "rot13").with("content-encoding", "rot13"),
        case(track, b"\x1f\x8bgarbage", 400, "not valid gzip"),
        case(track, &bodies::gzip(&event(""))[..20], 400, "gzip"),
        case(track, bodies::gzip("{"), 400, "ends early"),
        case("PUT /v1/track", event(""), 405, "not for PUT"),
        case("DELETE /v1/batch", "", 405, "not for DELETE"),
        case("GET /v1/pixel/track?data=%%%", "", 400, "data"),
    ]
}

fn segment_large() -> Vec<Case> {
    let (track, batch) = ("POST /v1/track", "POST /v1/batch");
    let event = r#"{"type":"track","event":"x","userId":"u"}"#;
    let many =
        format!(r#"{{"event":"x","userId":"u","properties":{}}}"#, bodies::properties(10_001));
    vec![
        case(track, bodies::filled_to(25 << 20), 400, "larger"),
        case(track, bodies::filled_to(10 << 20), 400, "larger"),
        case(track, bodies::filled_to(40 << 10), 400, ""),
        case(batch, bodies::gzip_bomb(), 400, "larger"),
        case(track, bodies::deep(), 400, ""),
        case(track, bodies::deep_in(r#"{"event":"x","userId":"u""#), 400, ""),
        case(track, many, 400, ""),
        case(batch, bodies::batch(2_501, event), 200, ""),
        case(batch, bodies::batch(30_000, event), 400, ""),
        case(batch, bodies::batch(30_000, "1"), 400, "events"),
    ]
}

fn posthog() -> Vec<Case> {
    let capture = "POST /e/";
    let key = |more: &str| format!(r#"{{"api_key":"{WRITE_KEY}"{more}}}"#);
    let event = |more: &str| key(&format!(r#","event":"x","distinct_id":"d"{more}"#));
    vec![
        case(capture, "", 400, ""),
        case(capture, "{", 400, "JSON"),
        case(capture, "null", 400, ""),
        case(capture, "17", 400, ""),
        case(capture, key(r#","distinct_id":"d""#), 400, "event"),
        case(capture, key(r#","event":"x""#), 400, "distinct_id"),
        case(capture, key(r#","event":{},"distinct_id":"d""#), 400, "event"),
        case(capture, event(r#","properties":7"#), 400, "properties"),
        case(capture, event(r#","timestamp":"9999999-99-99""#), 400, "timestamp"),
        case(capture, event(r#","properties":{"$set":3}"#), 200, ""),
        case(capture, key("").replace(WRITE_KEY, "unknown"), 401, "write key").without_key(),
        case(capture, r#"{"event":"x","distinct_id":"d"}"#, 401, "write key").without_key(),
        case("POST /batch/", key(""), 400, ""),
        case("POST /batch/", key(r#","batch":7"#), 400, "batch"),
        case("POST /batch/", key(r#","batch":[7,null,{}]"#), 200, ""),
        case(capture, "data=%%%", 400, ""),
        case(capture, "data=bm90IGpzb24=", 400, ""),
        case("POST /e/?compression=lz64", "N4Ig", 400, "lz64"),
        case("POST /e/?compression=gzip-js", b"\x1f\x8bgarbage", 400, "gzip"),
        case(capture, b"{\"event\":\"\xff\"}", 400, "UTF-8"),
        case("DELETE /e/", "", 405, "DELETE"),
        case("POST /flags/?v=2", "{", 200, ""),
        case("POST /i/v1/analytics/events", "{", 400, "JSON"),
    ]
}

fn posthog_large() -> Vec<Case> {
    let start = format!(r#"{{"api_key":"{WRITE_KEY}","event":"x","distinct_id":"d""#);
    let with = |properties: &str| format!(r#"{start},"properties":{properties}}}"#);
    let long = format!(r#"{{"s":"{}"}}"#, "x".repeat(10 << 20));
    vec![
        case("POST /e/", bodies::filled_to(25 << 20), 413, "larger"),
        case("POST /batch/", bodies::filled_to(25 << 20), 413, "larger"),
        case("POST /e/", bodies::gzip_bomb(), 413, "larger"),
        case("POST /batch/", bodies::gzip_bomb(), 413, "larger"),
        case("POST /e/", bodies::deep(), 200, ""),
        case("POST /e/", bodies::deep_in(&start), 400, ""),
        case("POST /e/", with(&long), 413, "larger"),
        case("POST /batch/", format!(r#"{{"batch":[{}]}}"#, with(&long)), 200, ""),
        case("POST /e/", with(&bodies::properties(10_001)), 400, "properties"),
    ]
}

fn api() -> Vec<Case> {
    let sources = "POST /api/sources";
    let good = r#"{"name":"x","kind":"server"}"#;
    vec![
        case(sources, "", 400, ""),
        case(sources, "{", 400, "not as expected"),
        case(sources, "7", 400, ""),
        case(sources, r#"{"name":7,"kind":"server"}"#, 400, "string"),
        case(sources, r#"{"name":"x","kind":"moon"}"#, 400, "moon"),
        case(sources, r#"{"name":"x","kind":"server","colour":1}"#, 400, "colour"),
        case(sources, "{\"name\":\"\0\",\"kind\":\"server\"}", 400, "control character"),
        case(sources, r#"{"name":"\u0000","kind":"server"}"#, 400, "name"),
        case(sources, b"{\"name\":\"\xff\",\"kind\":\"server\"}", 400, "UTF-8 at byte 9"),
        case(sources, bodies::gzip(good), 400, "UTF-8").with("content-encoding", "gzip"),
        case(sources, good, 401, "").without_key(),
        case(sources, good, 401, "").without_key().with("authorization", "Bearer made-up"),
        case(sources, good, 403, "csrf").without_key().with("cookie", "rapport_session=made-up"),
        case(sources, good, 401, "")
            .without_key()
            .with("cookie", "rapport_session=made-up")
            .with("x-rapport-csrf", "1"),
        case("GET /api/customers?limit=99999999999999999999", "", 400, "limit"),
        case("GET /api/customers?limit=-1", "", 400, "limit"),
        case("GET /api/customers?cursor=AAAA", "", 400, "\"field\":\"cursor\""),
        case("GET /api/customers?q=%00%ff", "", 200, ""),
        case("GET /api/customers?q=%27%3B%20DROP%20TABLE%20customers%3B--", "", 200, "items"),
        case("GET /api/customers?seen_since=%2B999999-01-01T00:00:00Z", "", 400, "seen_since"),
        case("GET /api/customers/c_0001%00", "", 404, ""),
        case("GET /api/customers/..%2f..%2fetc%2fpasswd", "", 404, ""),
        case("GET /api/customers/c_ffffffffffffffffffff", "", 404, ""),
        case("GET /api/debugger/p_zz.0", "", 404, ""),
        case("GET /api/imports/i_9999/rejects", "", 404, ""),
        case("POST /api/session", r#"{"email":"a@b.cd"}"#, 400, "password")
            .with("x-rapport-csrf", "1"),
        case("POST /api/invites/made-up", "{}", 400, ""),
        case("PUT /api/home", "", 405, "method"),
        case("GET /api/nothing", "", 404, "no such path"),
        case("PATCH /api/sources/s_0001", r#"{"enabled":"yes"}"#, 400, "boolean"),
    ]
}

fn api_large() -> Vec<Case> {
    let long = |n: usize| json!({ "name": "x".repeat(n), "kind": "server" }).to_string();
    let plan =
        format!(r#"{{"mode":"flag","plan":{}}}"#, String::from_utf8(bodies::deep()).unwrap());
    let names: String = bodies::properties(10_000);
    vec![
        case("POST /api/sources", bodies::filled_to(25 << 20), 413, "too large"),
        case("POST /api/sources", long(10 << 20), 413, "too large"),
        case("POST /api/sources", long(100_000), 400, "name"),
        case("POST /api/sources", bodies::gzip_bomb(), 413, "too large"),
        case("POST /api/sources", bodies::deep(), 400, ""),
        case("POST /api/sources", names, 400, "p0"),
        case("PUT /api/sources/s_0001/plan", plan, 400, "not as expected"),
        case("POST /api/imports/i_9999/rows", bodies::filled_to(25 << 20), 400, "not as expected"),
        case("POST /api/session", long(1 << 20), 400, "").with("x-rapport-csrf", "1"),
    ]
}

fn http() -> Vec<Case> {
    let event = r#"{"event":"x","userId":"u"}"#;
    let track = "POST /v1/track";
    let long_path = format!("GET /v1/{}", "x".repeat(500_000));
    vec![
        case(track, event, 400, "").with("content-length", "999").by_the_library(),
        case(track, event, 400, "").with("content-length", "-1").by_the_library(),
        case(track, event, 200, "").with("x-write-key", "another"),
        case(track, event, 431, "").with("x-long", "x".repeat(2_000_000)).by_the_library(),
        case(track, event, 400, "").with("bad name", "x").by_the_library(),
        case(&long_path, "", 414, "").by_the_library(),
        case("GET /../../etc/passwd", "", 200, "<!doctype html>"),
        case("GET /%2e%2e/%2e%2e/etc/passwd", "", 200, "<!doctype html>"),
        case("POST /health", "", 405, ""),
        case("POST /nothing", "", 404, "nothing at this address"),
    ]
}
