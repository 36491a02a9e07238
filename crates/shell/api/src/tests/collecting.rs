//! Do client libraries hear what they expect, and is what they send kept?

use super::*;

const EVENT: &str = r#"{"event":"Clicked","anonymousId":"a-1","messageId":"m-1"}"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn success_is_told_as_every_library_wants_it() {
    let server = Server::start().await;
    let answer = server.send(request("POST", "/v1/track/", &key_header(WRITE_KEY), EVENT)).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.text, r#"{"success":true,"status":1}"#);
    let posthog = format!(r#"{{"api_key":"{WRITE_KEY}","event":"x","distinct_id":"d"}}"#);
    let answer = server.send(request("POST", "/e/", &[], &posthog)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let flags = server.send(request("POST", "/flags/?v=2", &[], &posthog)).await;
    assert_eq!(flags.json()["errorsWhileComputingFlags"], false);
    let path = format!("/v1/projects/{WRITE_KEY}/settings");
    let settings = server.send(request("GET", &path, &[], "")).await.json();
    assert_eq!(settings["integrations"]["Segment.io"]["apiHost"], "localhost/v1");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failures_are_told_as_every_library_reads_them() {
    let server = Server::start().await;
    let check = async |key: &str, body: &str, status: u16, code: &str| {
        let answer = server.send(request("POST", "/v1/track", &key_header(key), body)).await;
        let json = answer.json();
        assert_eq!((answer.status.as_u16(), json["code"].as_str().unwrap()), (status, code));
        assert_eq!(json["success"], false);
        for field in ["message", "detail", "error"] {
            assert!(json[field].is_string(), "{field} in {}", answer.text);
        }
        json
    };
    check("unknown-key", EVENT, 401, "invalid_write_key").await;
    check(WRITE_KEY, "{", 400, "invalid_json").await;
    let unnamed = r#"{"anonymousId":"a-1","messageId":"m-2"}"#;
    assert_eq!(check(WRITE_KEY, unnamed, 400, "missing").await["field"], "event");
    server.admin("PATCH", "/api/sources/s_0001", r#"{"enabled":false}"#).await;
    check(WRITE_KEY, EVENT, 403, "source_disabled").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_event_is_in_the_debugger() {
    let server = Server::start().await;
    let unnamed = r#"{"anonymousId":"a-1","messageId":"m-2"}"#;
    server.send(request("POST", "/v1/track", &key_header(WRITE_KEY), unnamed)).await;
    server.engine.caught_up(Duration::from_secs(30)).await.unwrap();
    let refused = server.get("/api/debugger?status=refused").await.json();
    assert_eq!(refused["items"][0]["refusals"][0]["field"], "event", "{refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_any_site_may_send_but_not_read_the_api() {
    let server = Server::start().await;
    let asks = [
        ("origin", "https://shop.example"),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "authorization, x-odd"),
    ];
    for path in ["/v1/batch", "/v1/t/", "/e/", "/flags", "/v1/projects/k/settings"] {
        let answer = server.send(request("OPTIONS", path, &asks, "")).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), "https://shop.example");
        assert_eq!(answer.header("access-control-allow-headers"), "authorization, x-odd");
        assert_eq!(answer.header("access-control-allow-credentials"), "true");
        assert!(answer.header("access-control-max-age").parse::<u32>().unwrap() >= 3_600);
        assert!(answer.header("vary").contains("origin"));
    }
    let refused = server.send(request("POST", "/v1/track", &asks, "{")).await;
    let allowed = refused.header("access-control-allow-origin");
    assert_eq!(allowed, "https://shop.example", "errors are readable as well");
    for path in ["/api/session", "/api/customers", "/health", "/"] {
        let answer = server.send(request("OPTIONS", path, &asks, "")).await;
        assert!(!answer.status.is_success(), "{path}");
        let answer = server.send(request("GET", path, &asks, "")).await;
        assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn senders_of_a_lagging_server_are_told_to_wait() {
    let lagging = |options: EngineOptions| EngineOptions {
        is_processor_paused: true,
        lag_entries_max: 3,
        ..options
    };
    let server = Server::with(lagging, |options| options).await;
    let mut statuses = Vec::new();
    for _ in 0..6 {
        let answer = server.send(request("POST", "/v1/track", &key_header(WRITE_KEY), EVENT)).await;
        if answer.status != StatusCode::OK {
            let wait: u32 = answer.header("retry-after").parse().unwrap();
            assert!((5..=10).contains(&wait), "{wait}");
            assert_eq!(answer.json()["success"], false);
        }
        statuses.push(answer.status.as_u16());
    }
    assert_eq!(statuses[0], 200);
    assert_eq!(statuses[5], 429, "{statuses:?}");
    assert_eq!(server.admin("GET", "/api/sources", "").await.status, StatusCode::OK, "reads go on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_one_address_is_stopped() {
    let tight = |mut options: ApiOptions| {
        options.rates.collect_per_address = 1;
        options.rates.api_per_address = 1;
        options
    };
    let server = Server::with(|options| options, tight).await;
    let mut collect = Vec::new();
    let mut api = Vec::new();
    for _ in 0..12 {
        let sent = server.send(request("POST", "/v1/track", &key_header(WRITE_KEY), "{")).await;
        collect.push(sent.status.as_u16());
        let asked = server.send(request("GET", "/api/session", &[], "")).await;
        if asked.status == StatusCode::TOO_MANY_REQUESTS {
            assert_eq!(asked.failure().0, "limited");
            assert!(asked.header("retry-after").parse::<u32>().unwrap() >= 1);
        }
        api.push(asked.status.as_u16());
    }
    assert_eq!((collect[0], api[0]), (400, 200));
    assert!(collect.contains(&429) && api.contains(&429), "{collect:?} {api:?}");
}
