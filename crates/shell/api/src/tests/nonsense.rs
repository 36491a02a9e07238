//! What is answered to requests that make no sense?

use super::*;

/// Method, path, body | status, kind, field (`-` for none). As the operator.
const TABLE: &str = r#"
    GET    /api                                  |                      | 404 not_found -
    GET    /api/nothing                          |                      | 404 not_found -
    GET    /nothing.js                           |                      | 404 not_found -
    PUT    /api/home                             |                      | 405 invalid -
    POST   /health                               |                      | 405 invalid -
    POST   /api/sources                          |                      | 400 invalid -
    POST   /api/sources                          | {                    | 400 invalid -
    POST   /api/sources                          | []                   | 400 invalid -
    POST   /api/sources                          | {"kind":"server"}    | 400 invalid name
    POST   /api/sources                          | {"name":"x","kind":"server","x":1} | 400 invalid x
    POST   /api/sources                          | {"name":"x","kind":"moon"} | 400 invalid -
    POST   /api/sources                          | {"name":"x","kind":"import"} | 400 invalid name
    POST   /api/sources                          | {"name":" ","kind":"server"} | 400 invalid name
    PATCH  /api/sources/s_0001                   | {"enabled":"yes"}    | 400 invalid -
    GET    /api/sources/c_0001                   |                      | 404 not_found id
    GET    /api/sources/s_9999                   |                      | 404 not_found -
    PUT    /api/sources/s_0001/plan              | {"plan":{"events":[{"name":"","kind":"track","properties":[]}]},"mode":"flag"} | 400 invalid plan.events[0].name
    POST   /api/sources/s_0001/plan/pin          |                      | 409 conflict -
    GET    /api/customers?limit=0                |                      | 400 invalid limit
    GET    /api/customers?limit=501              |                      | 400 invalid limit
    GET    /api/customers?limit=many             |                      | 400 invalid limit
    GET    /api/customers?cursor=made-up         |                      | 400 invalid cursor
    GET    /api/accounts?cursor=made-up          |                      | 400 invalid cursor
    GET    /api/debugger?cursor=made-up          |                      | 400 invalid cursor
    GET    /api/imports?cursor=made-up           |                      | 400 invalid cursor
    GET    /api/audit?cursor=made-up             |                      | 400 invalid cursor
    GET    /api/customers?sort=height            |                      | 400 invalid sort
    GET    /api/customers?order=up               |                      | 400 invalid order
    GET    /api/customers?known=perhaps          |                      | 400 invalid known
    GET    /api/customers?seen_since=soon        |                      | 400 invalid seen_since
    GET    /api/customers?colour=red             |                      | 400 invalid colour
    GET    /api/customers/c_9999                 |                      | 404 not_found -
    GET    /api/customers/1%20OR%201             |                      | 404 not_found id
    GET    /api/customers/c_9999/events?kind=x   |                      | 400 invalid kind
    GET    /api/customers/c_9999/stream          |                      | 404 not_found -
    GET    /api/accounts/a_9999                  |                      | 404 not_found -
    GET    /api/lookup                           |                      | 400 invalid kind
    GET    /api/lookup?kind=email&value=nobody   |                      | 400 invalid value
    GET    /api/lookup?kind=email&value=a@b.cd   |                      | 404 not_found -
    GET    /api/debugger?status=odd              |                      | 400 invalid status
    GET    /api/debugger?source=shop             |                      | 400 invalid source
    GET    /api/debugger/p_0001.0                |                      | 404 not_found -
    GET    /api/debugger/nothing                 |                      | 404 not_found id
    GET    /api/invites/made-up                  |                      | 404 not_found -
    GET    /api/imports/i_9999                   |                      | 404 not_found -
    POST   /api/imports                          | {"fingerprint":"","file_name":"f","mapping_name":"m","mapping_hash":"h","bytes_total":1} | 400 invalid -
    POST   /api/imports/i_9999/rows              | {"from_row":0,"to_row":1,"events":[],"bytes_done":1} | 404 not_found -
    POST   /api/imports/i_9999/finish            | {"state":"running"}  | 400 invalid -
    POST   /api/users/invite                     | {"email":"x","role":"sales"} | 400 invalid email
    POST   /api/users/invite                     | {"email":"x@y.zz","role":"king"} | 400 invalid -
    POST   /api/tokens                           | {"name":"x","scopes":[]} | 400 invalid -
    POST   /api/tokens                           | {"name":"x","scopes":["read"],"expires_at":"soon"} | 400 invalid expires_at
    DELETE /api/tokens/t_9999                    |                      | 404 not_found -
    GET    /api/relations/by_hand?cursor=made-up |                      | 400 invalid cursor
    POST   /api/relations/by_hand/p_9999/undo    |                      | 404 not_found -
    POST   /api/relations/by_hand/nothing/undo   |                      | 404 not_found id
    POST   /api/privacy/erasures                 | {}                   | 400 invalid customer_id
    POST   /api/privacy/erasures                 | {"customer_id":""}   | 400 invalid customer_id
    POST   /api/privacy/erasures                 | {"customer_id":"ann"} | 400 invalid customer_id
    POST   /api/privacy/erasures                 | {"customer_id":"c_9999"} | 404 not_found -
    POST   /api/privacy/erasures                 | {"customer_id":"c_9999","reason":"spite"} | 400 invalid -
    POST   /api/privacy/erasures                 | {"customer_id":"c_9999","request_id":"7"} | 400 invalid request_id
    POST   /api/privacy/erasures                 | {"customer_id":"c_9999","note":"Ann"} | 400 invalid note
    POST   /api/privacy/erasures/preview         | {"customer_id":"c_9999"} | 404 not_found -
    GET    /api/privacy/erasures?cursor=made-up  |                      | 400 invalid cursor
    GET    /api/privacy/erasures/p_9999          |                      | 404 not_found -
    GET    /api/privacy/erasures/nothing         |                      | 404 not_found id
    GET    /api/privacy/erasures/p_9999/certificate |                   | 404 not_found -
    GET    /api/privacy/erasures/p_9999/certificate?format=pdf |        | 400 invalid format
    POST   /api/privacy/erasures/p_9999/lift     |                      | 404 not_found -
    POST   /api/privacy/tombstones/check         | {"kind":"email","value":"nobody"} | 400 invalid value
    POST   /api/privacy/tombstones/apply         | {"tombstones":[{"digest":7}]} | 400 invalid -
    GET    /api/customers/c_9999/export          |                      | 404 not_found -
    GET    /api/customers/c_9999/export?format=pdf |                    | 400 invalid format
    GET    /api/customers/ann/export             |                      | 404 not_found id
    GET    /api/privacy/requests?kind=revenge    |                      | 400 invalid kind
    GET    /api/privacy/requests?status=lost     |                      | 400 invalid status
    GET    /api/privacy/requests?customer_id=ann |                      | 400 invalid customer_id
    GET    /api/privacy/requests?cursor=made-up  |                      | 400 invalid cursor
    GET    /api/privacy/requests?limit=0         |                      | 400 invalid limit
    GET    /api/privacy/requests/q_9999          |                      | 404 not_found -
    POST   /api/privacy/requests                 | {}                   | 400 invalid kind
    POST   /api/privacy/requests                 | {"kind":"revenge"}   | 400 invalid -
    POST   /api/privacy/requests                 | {"kind":"access","received_at":"soon"} | 400 invalid received_at
    POST   /api/privacy/requests                 | {"kind":"access","received_at":"2030-01-01T00:00:00Z"} | 400 invalid -
    POST   /api/privacy/requests                 | {"kind":"access","customer_id":"c_9999"} | 404 not_found -
    PATCH  /api/privacy/requests/q_9999          | {"status":"done"}    | 404 not_found -
    PATCH  /api/privacy/requests/q_9999          | {"status":"lost"}    | 400 invalid -
    POST   /api/customers/c_9999/suspension      | {}                   | 404 not_found -
    POST   /api/customers/c_9999/suspension      | {"request_id":"7"}   | 400 invalid request_id
    DELETE /api/customers/c_9999/suspension      |                      | 404 not_found -
    PUT    /api/privacy/retention                | {"version":0,"rules":[{"kind":"page","name":null,"days":0}]} | 400 invalid rules
    PUT    /api/privacy/retention                | {"version":0,"rules":[{"kind":null,"name":null,"days":9}]} | 400 invalid rules
    PUT    /api/privacy/retention                | {"version":7,"rules":[]} | 409 conflict -
    POST   /api/privacy/retention/preview        | {"rules":[{"kind":"moon","name":null,"days":9}]} | 400 invalid -
"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nonsense_is_answered_with_what_is_wrong() {
    let server = Server::start().await;
    for line in TABLE.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let parts: Vec<&str> = line.split(" | ").map(str::trim).collect();
        // An empty body leaves its column blank.
        let [call, body, expected] = parts[..] else { panic!("{line}: {parts:?}") };
        let (method, path) = call.split_once(char::is_whitespace).unwrap();
        let answer = server.admin(method, path.trim(), body).await;
        let (kind, field) = answer.failure();
        let found =
            format!("{} {kind} {}", answer.status.as_u16(), field.as_deref().unwrap_or("-"));
        assert_eq!(found, expected, "{call} {body}: {}", answer.text);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_and_broken_bodies_are_turned_away() {
    let server = Server::start().await;
    let large = format!(r#"{{"name":"{}","kind":"server"}}"#, "x".repeat(3 << 20));
    let answer = server.admin("POST", "/api/sources", &large).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.failure().0, "invalid");
    let deep = format!("{}{}", "[".repeat(1_000_000), "]".repeat(1_000_000));
    let answer = server.admin("POST", "/api/sources", &deep).await;
    assert_eq!(answer.failure().0, "invalid");
    let broken = Request::builder().method("POST").uri("/api/sources");
    let broken = broken.header("authorization", ADMIN).body(Body::from(vec![b'{', 0xff])).unwrap();
    assert_eq!(server.send(broken).await.failure().0, "invalid");
    for token in ["Bearer", "Bearer ", "Basic abc", "Bearer rpt_guess"] {
        let answer =
            server.send(request("GET", "/api/home", &[("authorization", token)], "")).await;
        assert_eq!(answer.failure().0, "unauthenticated", "{token}");
    }
    let key = "k".repeat(300);
    let headers = [("authorization", ADMIN), ("idempotency-key", key.as_str())];
    let answer = server.send(request("POST", "/api/sources", &headers, "{}")).await;
    assert_eq!(answer.failure(), ("invalid".into(), Some("Idempotency-Key".into())));
}
