//! Are paths found, and do clients hear what lets them start?

use super::*;
use collect::reply::{Facts, answer, success};
use collect::{Call, is_collect_path};
use serde_json::{Value, json};

/// Method, path, dialect and call; `-` for paths where client libraries have no business.
const PATHS: &str = r#"
POST /v1/track segment Single(Track)
POST /v1/identify segment Single(Identify)
POST /v1/page segment Single(Page)
POST /v1/screen segment Single(Screen)
POST /v1/group segment Single(Group)
POST /v1/alias segment Single(Alias)
POST /v1/t segment Single(Track)
POST /v1/i segment Single(Identify)
POST /v1/p segment Single(Page)
POST /v1/s segment Single(Screen)
POST /v1/g segment Single(Group)
POST /v1/a segment Single(Alias)
POST /v1/batch segment Batch
POST /v1/b segment Batch
POST /v1/import segment Batch
POST /v1/m segment Discard
GET /v1/pixel/track segment Pixel(Track)
GET /v1/projects/wk/settings segment Ask(Settings { write_key: "wk" })
POST /v1/merge rudderstack Typed
POST /beacon/v1/batch rudderstack Batch
GET /pixel/v1/track rudderstack Pixel(Track)
GET /pixel/v1/page rudderstack Pixel(Page)
GET /sourceConfig rudderstack Ask(SourceConfig)
POST /e posthog Capture
GET /e posthog Capture
POST /i/v0/e posthog Capture
POST /capture posthog Capture
POST /track posthog Capture
POST /engage posthog Capture
POST /batch posthog Batch
POST /i/v1/analytics/events posthog Batch
POST /s posthog Discard
POST /i/v1/logs posthog Discard
POST /i/v1/metrics posthog Discard
GET /array/phc_1/config posthog Ask(Config { token: "phc_1" })
GET /array/phc_1/config.js posthog Ask(ConfigScript { token: "phc_1" })
POST /flags posthog Ask(Flags)
POST /decide posthog Ask(Decide)
GET /flags/definitions posthog Ask(FlagDefinitions)
GET /api/feature_flag/local_evaluation posthog Ask(FlagDefinitions)
GET /api/surveys posthog Ask(Surveys)
GET /api/web_experiments posthog Ask(WebExperiments)
GET /api/early_access_features posthog Ask(EarlyAccessFeatures)
GET /static/array.js posthog Ask(Script)
GET /static/1.449.2/recorder.js posthog Ask(Script)
POST /api/s/track jitsu Single(Track)
POST /api/s/s2s/page jitsu Single(Page)
POST /api/s/s2s/event jitsu Typed
POST /api/public/apps/identify dittofeed Single(Identify)
POST /api/public/apps/batch dittofeed Batch
GET /v1/track -
PUT /v1/track -
POST /v1/nothing -
POST /v2/track -
POST /v1/track/x/y/z/a/b/c -
POST v1/track -
GET /v1/projects/a%20b/settings -
GET /array/<script>/config.js -
GET /static/app.css -
GET /api/customers -
POST / -
"#;

#[test]
fn paths_lead_where_they_should() {
    for case in PATHS.lines().filter(|line| !line.is_empty()) {
        let (method, rest) = case.split_once(' ').unwrap();
        let (path, expected) = rest.split_once(' ').unwrap();
        for path in [path.to_owned(), format!("{path}/")] {
            let found = route(method, &path).map_or("-".to_owned(), |endpoint| {
                format!("{} {:?}", endpoint.dialect.slug(), endpoint.call)
            });
            assert_eq!(found, expected, "{method} {path}");
        }
    }
    assert_eq!(route("GET", ""), None);
    assert!(is_collect_path("/v1/track") && is_collect_path("/sourceConfig/"));
    assert!(!is_collect_path("/api/home"));
}

fn asked(method: &str, path: &str, query: Option<&str>) -> (u16, String) {
    let Call::Ask(question) = route(method, path).unwrap().call else {
        panic!("{path} asks nothing")
    };
    let facts = Facts {
        host: "cx.test:8080",
        protocol: "https",
        query,
        source: Some(("s_0001", "Shop")),
        request_id: "r-1",
    };
    let reply = answer(&question, &facts);
    (reply.status, String::from_utf8(reply.body.into_owned()).unwrap())
}

#[test]
fn clients_hear_what_lets_them_start() {
    let json = |method, path, query| {
        let (status, body) = asked(method, path, query);
        assert_eq!(status, 200, "{path}");
        serde_json::from_str::<Value>(&body).unwrap()
    };
    let settings = json("GET", "/v1/projects/wk/settings", None);
    assert_eq!(
        settings["integrations"]["Segment.io"],
        json!({"apiKey": "wk", "apiHost": "cx.test:8080/v1", "protocol": "https"})
    );
    assert_eq!(settings["plan"]["track"]["__default"]["enabled"], true);
    let config = json("GET", "/sourceConfig/", Some("p=web&writeKey=wk"));
    assert_eq!(config["source"]["destinations"], json!([]));
    assert_eq!(
        (&config["source"]["id"], &config["source"]["writeKey"]),
        (&json!("s_0001"), &json!("wk"))
    );
    assert!(config["source"]["config"].is_object());
    assert_eq!(
        json("POST", "/flags/", Some("v=2")),
        json!({"flags": {}, "errorsWhileComputingFlags": false, "requestId": "r-1"})
    );
    assert_eq!(json("POST", "/flags", None)["featureFlags"], json!({}));
    assert_eq!(json("POST", "/decide", Some("v=3"))["featureFlagPayloads"], json!({}));
    assert_eq!(json("GET", "/array/phc_1/config", None)["token"], "phc_1");
    assert_eq!(json("GET", "/flags/definitions", None)["flags"], json!([]));
    assert_eq!(json("GET", "/api/surveys/", None)["surveys"], json!([]));
    let (_, script) = asked("GET", "/array/phc_1/config.js", None);
    assert!(script.contains("window._POSTHOG_REMOTE_CONFIG[\"phc_1\"]={config:{"), "{script}");
}

#[test]
fn success_is_said_in_the_clients_words() {
    let check = |method: &str, path: &str, request: &Request<'_>, status: u16, body: &[u8]| {
        let endpoint = route(method, path).unwrap();
        let parcel = read(&endpoint, request, &Limits::default()).unwrap();
        let reply = success(&endpoint, path, &parcel);
        assert_eq!((reply.status, &*reply.body), (status, body), "{path}");
    };
    let post = Request { body: b"{}", ..Request::default() };
    check("POST", "/v1/track", &post, 200, br#"{"success":true,"status":1}"#);
    check(
        "POST",
        "/s/",
        &Request { body: b"\xff not read at all", ..post },
        200,
        br#"{"success":true,"status":1}"#,
    );
    check("POST", "/api/public/apps/track", &post, 204, b"");
    let body = br#"{"batch":[{"uuid":"u-1","event":"E","distinct_id":"a"}]}"#;
    check(
        "POST",
        "/i/v1/analytics/events",
        &Request { body, ..post },
        200,
        br#"{"results":{"u-1":{"result":"ok"}},"status":1,"success":true}"#,
    );
    let endpoint = route("GET", "/pixel/v1/track").unwrap();
    let parcel = read(
        &endpoint,
        &Request { query: Some("userId=u"), ..Request::default() },
        &Limits::default(),
    )
    .unwrap();
    let pixel = success(&endpoint, "/pixel/v1/track", &parcel);
    assert_eq!((pixel.content_type, &pixel.body[..6]), ("image/gif", &b"GIF89a"[..]));
}
