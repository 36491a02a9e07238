//! Is what the published client libraries send read as they mean it?

use super::*;

/// What one request became: key, dialect, and each event as `kind 'name' id@id message_id time`.
fn outline(parcel: Parcel) -> String {
    let head = format!("{} {}", parcel.write_key.as_deref().unwrap_or("-"), parcel.dialect.slug());
    let mut lines = vec![head];
    for event in events(&delivered(parcel, SourceKind::Browser)) {
        let ids: Vec<String> = event.identifiers.iter().map(ToString::to_string).collect();
        let links: Vec<&str> = event.links.iter().map(|link| link.rule.slug()).collect();
        lines.push(format!(
            "{} '{}' {} [{}] {} {}",
            event.kind.slug(),
            event.name,
            ids.join("+"),
            links.join(","),
            event.message_id,
            event.occurred_at
        ));
    }
    lines.join("\n")
}

fn check(method: &str, path: &str, request: &Request<'_>, expected: &[&str]) {
    let parcel = send(method, path, request, &Limits::default());
    let parcel = parcel.unwrap_or_else(|refused| panic!("{path}: {refused:?}"));
    assert_eq!(outline(parcel), expected.join("\n"), "{path}");
}

const ANON: &str = "11111111-2222-4333-8444-555555555555";

#[test]
fn segment_node_3() {
    let body = r#"{"batch":[
        {"userId":"019mr8mf4r","event":"Order Completed","properties":{"revenue":25.5,"products":[{"product_id":"p1"}]},
         "type":"track","messageId":"node-next-1767323044000-a","timestamp":"2026-01-02T03:04:04.000Z",
         "context":{"library":{"name":"@segment/analytics-node","version":"3.1.0"}},"integrations":{},
         "_metadata":{"nodeVersion":"20.1.0","jsRuntime":"node"}},
        {"userId":"019mr8mf4r","traits":{"email":"Ann@Example.com"},"type":"identify",
         "messageId":"node-next-1767323044000-b","timestamp":"2026-01-02T03:04:04.100Z","context":{},"integrations":{}}],
        "writeKey":"wk","sentAt":"2026-01-02T03:04:05.000Z"}"#;
    let authorization = format!("Basic {}", base64(b"wk:"));
    let request = Request {
        authorization: Some(&authorization),
        body: body.as_bytes(),
        ..Request::default()
    };
    let expected = [
        "wk segment",
        "track 'Order Completed' user_id:019mr8mf4r [] node-next-1767323044000-a 2026-01-02T03:04:04Z",
        "identify 'Identified' user_id:019mr8mf4r+email:ann@example.com [trait] node-next-1767323044000-b 2026-01-02T03:04:04.1Z",
    ];
    check("POST", "/v1/batch", &request, &expected);
    check("POST", "/v1/batch/", &request, &expected);
}

#[test]
fn segment_next_in_the_browser() {
    let body = format!(
        r#"{{"timestamp":"2026-01-02T03:04:04.500Z","integrations":{{"Segment.io":true}},"type":"page","name":"Home",
        "properties":{{"path":"/","referrer":"","search":"","title":"Shop","url":"https://shop.test/"}},
        "anonymousId":"{ANON}","context":{{"page":{{"path":"/"}},"userAgent":"Mozilla/5.0","locale":"en-US",
        "library":{{"name":"analytics.js","version":"next-1.84.3"}},"timezone":"Europe/Berlin"}},
        "messageId":"ajs-next-1767323044500-c","writeKey":"wk","userId":null,"sentAt":"2026-01-02T03:04:05.000Z","_metadata":{{"bundled":["Segment.io"]}}}}"#
    );
    let request = Request { body: body.as_bytes(), ..Request::default() };
    let event = format!(
        "page 'Page Viewed' anonymous_id:{ANON} [] ajs-next-1767323044500-c 2026-01-02T03:04:04.5Z"
    );
    check("POST", "/v1/p", &request, &["wk segment", &event]);
    let batch =
        format!(r#"{{"writeKey":"wk","batch":[{body}],"sentAt":"2026-01-02T03:04:05.000Z"}}"#);
    let request = Request { body: batch.as_bytes(), ..Request::default() };
    check("POST", "/v1/b", &request, &["wk segment", &event]);
}

#[test]
fn segment_python_old_and_new() {
    // 2.3.4: the key is in the body only; times carry an offset and microseconds.
    let body = r#"{"batch": [{"integrations": {}, "anonymousId": null, "properties": {"plan": "pro"},
        "timestamp": "2026-01-02T03:04:04.123456+00:00", "context": {"library": {"name": "analytics-python", "version": "2.3.4"}},
        "userId": "7", "type": "track", "event": "Trial Started", "messageId": "py-1"}],
        "writeKey": "wk", "sentAt": "2026-01-02T03:04:05+00:00"}"#;
    let expected =
        ["wk segment", "track 'Trial Started' user_id:7 [] py-1 2026-01-02T03:04:04.123456Z"];
    let request = Request { body: body.as_bytes(), ..Request::default() };
    check("POST", "/v1/batch", &request, &expected);
    let (zipped, authorization) = (gzip(body), format!("Basic {}", base64(b"wk:")));
    let request = Request {
        authorization: Some(&authorization),
        content_encoding: Some("gzip"),
        body: &zipped,
        ..Request::default()
    };
    check("POST", "/v1/batch", &request, &expected);
}

#[test]
fn rudderstack_node_python_beacon_and_pixel() {
    let body = format!(
        r#"{{"batch":[{{"anonymousId":"{ANON}","userId":"u1","event":"Paid","type":"track","channel":"server","messageId":"r-1",
        "context":{{"library":{{"name":"analytics-node","version":"3.0.13"}},"traits":{{"email":"u1@x.de"}}}},
        "originalTimestamp":"2026-01-02T03:00:00.000Z","sentAt":"2026-01-02T03:04:05.000Z"}}]}}"#
    );
    let authorization = format!("Basic {}", base64(b"wk:"));
    let event = format!(
        "track 'Paid' user_id:u1+anonymous_id:{ANON}+email:u1@x.de [same_event,trait] r-1 2026-01-02T03:00:00Z"
    );
    let expected = ["wk rudderstack", &event];
    let plain = Request {
        authorization: Some(&authorization),
        body: body.as_bytes(),
        ..Request::default()
    };
    check("POST", "/v1/batch", &plain, &expected);
    let zipped = gzip(&body);
    check("POST", "/v1/batch", &Request { body: &zipped, ..plain }, &expected);
    let beacon =
        Request { query: Some("writeKey=wk"), body: body.as_bytes(), ..Request::default() };
    check("POST", "/beacon/v1/batch", &beacon, &expected);
    // The time that the caller gave goes before the one that the library stamped.
    let told = body.replace("\"sentAt\"", "\"timestamp\":\"2026-01-01T00:00:00Z\",\"sentAt\"");
    let earlier = event.replace("2026-01-02T03:00:00Z", "2026-01-01T00:00:00Z");
    check(
        "POST",
        "/v1/batch",
        &Request { body: told.as_bytes(), ..plain },
        &[expected[0], &earlier],
    );
    let query = format!(
        "writeKey=wk&anonymousId={ANON}&messageId=r-2&name=Home&context.page.url=https%3A%2F%2Fx.de%2F&properties.plan=pro+plus&timestamp=2026-01-02T00:00:00Z"
    );
    let pixel = Request { query: Some(&query), ..Request::default() };
    let event = format!("page 'Page Viewed' anonymous_id:{ANON} [] r-2 2026-01-02T00:00:00Z");
    check("GET", "/pixel/v1/page", &pixel, &["wk rudderstack", &event]);
    let parcel = send("GET", "/pixel/v1/page", &pixel, &Limits::default()).unwrap();
    let page = &events(&delivered(parcel, SourceKind::Browser))[0];
    assert_eq!(page.properties.as_str(), r#"{"name":"Home","plan":"pro plus"}"#);
    assert!(page.context.as_str().contains(r#""url":"https://x.de/""#));
}

#[test]
fn segment_pixel() {
    let event = r#"{"writeKey":"wk","userId":"u","event":"Email Opened","messageId":"px","timestamp":"2026-01-02T00:00:00Z"}"#;
    let query = format!("data={}", escaped(&base64(event.as_bytes())));
    let request = Request { query: Some(&query), ..Request::default() };
    let expected = ["wk segment", "track 'Email Opened' user_id:u [] px 2026-01-02T00:00:00Z"];
    check("GET", "/v1/pixel/track", &request, &expected);
}

#[test]
fn posthog_js_in_all_its_wrappings() {
    let event = format!(
        r#"{{"uuid":"019a-1","event":"$pageview","properties":{{"token":"phc_1","distinct_id":"{ANON}","$device_id":"{ANON}",
        "$lib":"web","$lib_version":"1.449.2","$current_url":"https://x.de/","$is_identified":false,"$process_person_profile":false}},
        "timestamp":"2026-01-02T03:04:04.000Z"}}"#
    );
    let line = format!("page 'Page Viewed' anonymous_id:{ANON} [] 019a-1 2026-01-02T03:04:04Z");
    let expected = ["phc_1 posthog", &line];
    let batch =
        format!(r#"{{"api_key":"phc_1","batch":[{event}],"sent_at":"2026-01-02T03:04:05.000Z"}}"#);
    let zipped = gzip(&batch);
    let request = Request {
        query: Some("ip=1&_=1767323045000&ver=1.449.2&compression=gzip-js"),
        body: &zipped,
        ..Request::default()
    };
    check("POST", "/e/", &request, &expected);
    check("POST", "/i/v0/e/", &request, &expected);
    check("POST", "/batch", &Request { content_encoding: Some("gzip"), ..request }, &expected);
    // Old bodies: a bare list, each event with its token; as base 64 in a form or in the query.
    let list = format!("[{event}]");
    check("POST", "/capture/", &Request { body: list.as_bytes(), ..Request::default() }, &expected);
    let form = format!("data={}&compression=base64", escaped(&base64(list.as_bytes())));
    check(
        "POST",
        "/e/",
        &Request { query: Some("compression=base64"), body: form.as_bytes(), ..Request::default() },
        &expected,
    );
    let query = format!("compression=base64&ip=1&data={}", escaped(&base64(event.as_bytes())));
    check("GET", "/e/", &Request { query: Some(&query), ..Request::default() }, &expected);
    let zipped_form = format!("data={}", escaped(&base64(&zipped)));
    check(
        "POST",
        "/track",
        &Request { body: zipped_form.as_bytes(), ..Request::default() },
        &expected,
    );
}

#[test]
fn posthog_node_and_python() {
    let node = r#"{"api_key":"phc_1","batch":[{"distinct_id":"u1","event":"$identify","properties":{"$lib":"posthog-node","$lib_version":"5.70.0",
        "$set":{"email":"u1@x.de"},"$anon_distinct_id":"11111111-2222-4333-8444-555555555555"},"type":"capture","library":"posthog-node",
        "timestamp":"2026-01-02T03:04:04.000Z","uuid":"n-1"}],"sent_at":"2026-01-02T03:04:05.000Z"}"#;
    let zipped = gzip(node);
    let request = Request { content_encoding: Some("gzip"), body: &zipped, ..Request::default() };
    let event = format!(
        "identify 'Identified' user_id:u1+anonymous_id:{ANON}+email:u1@x.de [same_event,trait] n-1 2026-01-02T03:04:04Z"
    );
    check("POST", "/batch/", &request, &["phc_1 posthog", &event]);
    check("POST", "/i/v0/ai/batch/", &request, &["phc_1 posthog", &event]);

    let python = r#"{"batch": [{"properties": {"amount": 5, "$lib": "posthog-python", "$lib_version": "7.91.1", "$geoip_disable": true},
        "timestamp": "2026-01-02T03:04:04.000001+00:00", "distinct_id": "u1", "event": "paid", "uuid": "p-1"},
        {"properties": {"$lib": "posthog-python"}, "$set_once": {"first": "letter"}, "timestamp": "2026-01-02T03:04:04.000002+00:00",
        "distinct_id": "u1", "event": "$set_once", "uuid": "p-2"}],
        "historical_migration": false, "sentAt": "2026-01-02T03:04:05.000000+00:00", "api_key": "phc_1"}"#;
    let request = Request { body: python.as_bytes(), ..Request::default() };
    let expected = [
        "phc_1 posthog",
        "track 'paid' user_id:u1 [] p-1 2026-01-02T03:04:04.000001Z",
        "identify 'Identified' user_id:u1 [] p-2 2026-01-02T03:04:04.000002Z",
    ];
    check("POST", "/batch/", &request, &expected);
}

#[test]
fn jitsu_and_dittofeed() {
    let body = r#"{"type":"track","userId":"u","event":"Paid","messageId":"j-1","timestamp":"2026-01-02T00:00:00Z"}"#;
    let event = "track 'Paid' user_id:u [] j-1 2026-01-02T00:00:00Z";
    let jitsu = Request {
        write_key_header: Some("wk:secret"),
        body: body.as_bytes(),
        ..Request::default()
    };
    for path in ["/api/s/track", "/api/s/s2s/track", "/api/s/s2s/event/"] {
        check("POST", path, &jitsu, &["wk jitsu", event]);
    }
    let basic = format!("Basic {}", base64(b"wk:secret"));
    for authorization in ["wk", &basic] {
        let request = Request {
            authorization: Some(authorization),
            body: body.as_bytes(),
            ..Request::default()
        };
        check("POST", "/api/public/apps/track", &request, &["wk dittofeed", event]);
    }
}

#[test]
fn a_write_key_is_found_wherever_it_is() {
    let check = |authorization: Option<&str>, header, query, body: &str, expected: Option<&str>| {
        let request = Request {
            authorization,
            write_key_header: header,
            query,
            body: body.as_bytes(),
            ..Request::default()
        };
        let parcel = send("POST", "/v1/batch", &request, &Limits::default()).unwrap();
        assert_eq!(parcel.write_key.as_deref(), expected, "{request:?}");
    };
    let (colon, bare) = (format!("Basic {}", base64(b"wk:")), format!("basic {}", base64(b"wk")));
    check(Some(&colon), None, None, r#"{"batch":[],"writeKey":"other"}"#, Some("wk"));
    check(Some(&bare), None, None, r#"{"batch":[]}"#, Some("wk"));
    check(Some("Bearer oauth"), None, None, r#"{"batch":[],"writeKey":"wk"}"#, Some("wk"));
    check(Some("Bearer wk"), None, None, r#"{"batch":[]}"#, Some("wk"));
    check(None, Some("wk:s"), None, r#"{"batch":[]}"#, Some("wk"));
    check(None, None, Some("writeKey=wk"), r#"{"batch":[]}"#, Some("wk"));
    check(None, None, None, r#"{"batch":[{"writeKey":"wk"}]}"#, Some("wk"));
    check(Some("Basic !!!"), None, None, r#"{"batch":[]}"#, None);
    check(Some(&format!("Basic {}", base64(&[0xff, 0xfe]))), None, None, r#"{"batch":[]}"#, None);
    check(None, None, None, "{\"batch\":[],\"writeKey\":\"a\\u0000b\"}", None);
    check(None, None, None, r#"{"batch":[],"writeKey":5}"#, None);
}
