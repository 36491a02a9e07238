//! Is every kind of nonsense answered clearly and within bounds?

use super::*;

/// `status code field: message` of a refused request.
fn refusal(path: &str, request: &Request<'_>) -> String {
    match send("POST", path, request, &Limits::default()) {
        Ok(parcel) => format!("taken: {} events", parcel.items.len()),
        Err(refused) => {
            let field = refused.field.as_deref().unwrap_or("-");
            format!("{} {} {field}: {}", refused.status, refused.code, refused.message)
        }
    }
}

#[test]
fn nonsense_is_named() {
    let check = |path: &str, body: &[u8], expected: &str| {
        let request = Request { body, ..Request::default() };
        let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
        assert_eq!(refusal(path, &request), expected, "{path} {shown}");
    };
    for path in ["/v1/track", "/v1/batch", "/batch/", "/e/", "/api/s/track"] {
        check(path, b"", "400 empty_body -: the body is empty");
        check(path, b" \n ", "400 empty_body -: the body is empty");
        check(path, b"{", "400 invalid_json -: the JSON ends early, at line 1 column 1");
        check(
            path,
            b"{\"a\":tru}",
            "400 invalid_json -: the body is not valid JSON at line 1 column 9",
        );
        check(path, b"{}{}", "400 invalid_json -: the body is not valid JSON at line 1 column 3");
        check(path, b"hello", "400 invalid_json -: the body is not valid JSON at line 1 column 1");
        check(
            path,
            b"{\"a\":\"\xff\"}",
            "400 invalid_utf8 -: the body is not valid UTF-8 at byte 6",
        );
        check(
            path,
            b"\x1f\x8bnot gzip at all",
            "400 invalid_encoding Content-Encoding: the body is not valid gzip",
        );
        check(
            path,
            b"\x28\xb5\x2f\xfdxxxxxxxx",
            "400 invalid_encoding Content-Encoding: the body is not valid zstd",
        );
    }
    check("/v1/track", b"[]", "400 wrong_type -: the body must be an object, but is an array");
    check("/v1/track", b"7", "400 wrong_type -: the body must be an object, but is a number");
    check(
        "/v1/batch",
        b"\"x\"",
        "400 wrong_type -: the body must be an object with a batch, or an array, but is a string",
    );
    check("/v1/batch", b"{\"batch\":{}}", "400 wrong_type batch: batch must be an array of events");
    check("/v1/batch", b"{\"batch\":7}", "400 wrong_type batch: batch must be an array of events");
    check("/v1/batch", b"{\"events\":[]}", "400 missing batch: the field batch is missing");
    check("/v1/batch", b"{\"batch\":null}", "400 missing batch: the field batch is missing");
    check(
        "/v1/batch",
        b"{\"batch\":[],\"context\":5}",
        "400 wrong_type context: context must be an object, but is a number",
    );
    check(
        "/v1/batch",
        b"{\"batch\":[],\"context\":{\"screen\":{\"width\":1e999}}}",
        "400 out_of_range context.screen.width: context.screen.width is a number beyond 1.8e308",
    );
    check("/v1/batch", b"{\"batch\":[]}", "taken: 0 events");
    check("/v1/batch", b"{\"batch\":[5,null,{}]}", "taken: 3 events");
}

#[test]
fn broken_wrappings_are_named() {
    let check = |content_encoding, query, body: &[u8], expected: &str| {
        let request = Request { content_encoding, query, body, ..Request::default() };
        assert_eq!(refusal("/e/", &request), expected, "{content_encoding:?} {query:?}");
    };
    let not = |encoding| {
        format!("400 invalid_encoding Content-Encoding: the body is not valid {encoding}")
    };
    check(Some("br"), None, b"nonsense", &not("br"));
    check(Some("br"), None, b"", &not("br"));
    check(Some("br"), None, &[0x11, 0xff, 0xff], &not("br"));
    check(Some("deflate"), None, b"nonsense", &not("deflate"));
    check(
        Some("snappy"),
        None,
        b"nonsense",
        "400 unknown_encoding Content-Encoding: the encoding 'snappy' is not known",
    );
    check(
        None,
        Some("compression=lz64"),
        b"nonsense",
        "400 unknown_encoding compression: lz64 is no longer supported",
    );
    check(
        None,
        Some("data=%25%25"),
        b"",
        "400 invalid_encoding data: data is neither JSON nor base 64 of it",
    );
    check(Some("gzip"), None, b"{\"event\":\"E\"}", "taken: 1 events");
    check(Some("br"), None, b"{\"event\":\"E\"}", "taken: 1 events");
    check(Some("snappy"), None, b"{\"event\":\"E\"}", "taken: 1 events");
}

#[test]
fn every_wrapping_is_taken_off() {
    let json = r#"{"event":"E","distinct_id":"u"}"#;
    let zlib = {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(json.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let bare = {
        let mut encoder =
            flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(json.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let zstd = zstd::bulk::compress(json.as_bytes(), 3).unwrap();
    let brotli = |mut bytes: &[u8]| {
        let mut out = Vec::new();
        let parameters = brotli::enc::BrotliEncoderParams::default();
        brotli::BrotliCompress(&mut bytes, &mut out, &parameters).unwrap();
        out
    };
    let check = |content_encoding, query, body: &[u8]| {
        let request = Request { content_encoding, query, body, ..Request::default() };
        let parcel = send("POST", "/e/", &request, &Limits::default()).unwrap();
        assert_eq!(&*parcel.items[0].json, json, "{content_encoding:?} {query:?}");
    };
    check(None, None, json.as_bytes());
    check(None, None, &[b"\xef\xbb\xbf", json.as_bytes()].concat());
    check(None, None, &gzip(json));
    check(Some("gzip"), None, &gzip(json));
    check(Some("GZIP"), None, &gzip(json));
    check(Some("zstd"), None, &zstd);
    check(None, None, &zstd);
    check(Some("deflate"), None, &zlib);
    check(Some("deflate"), None, &bare);
    check(Some("br"), None, &brotli(json.as_bytes()));
    check(Some("gzip, br"), None, &brotli(&gzip(json)));
    check(None, Some("compression=base64"), base64(json.as_bytes()).as_bytes());
    check(None, Some("compression=gzip-js"), &gzip(json));
    check(None, None, format!("data={}", json.replace(' ', "+")).as_bytes());
    check(None, None, format!("ip=1&data={}", escaped(&base64(json.as_bytes()))).as_bytes());
}

#[test]
fn bombs_are_stopped() {
    // 200 MB of blanks in 200 kB. That memory is bounded follows from the message: what is read is
    // the bound and one byte more.
    let blanks = " ".repeat(200 << 20);
    let bomb = gzip(&blanks);
    drop(blanks);
    assert!(bomb.len() < 2 << 20);
    let check = |path: &str, expected: &str| {
        let request = Request { body: &bomb, ..Request::default() };
        assert_eq!(refusal(path, &request), expected);
    };
    check(
        "/v1/batch",
        "400 body_too_large -: the decompressed body is larger than the 4096000 bytes that are taken at once",
    );
    check(
        "/batch",
        "413 body_too_large -: the decompressed body is larger than the 20971520 bytes that are taken at once",
    );
}

#[test]
fn sizes_are_told_in_each_dialects_way() {
    let body = |n: usize, library: &str| {
        let event = format!(
            r#"{{"type":"track","userId":"u","event":"E","context":{{"library":{{"name":"{library}"}}}},"properties":{{"x":"{}"}}}}"#,
            "y".repeat(30_000)
        );
        format!(r#"{{"batch":[{}]}}"#, vec![event; n].join(","))
    };
    let check = |path: &str, body: &str, expected: &str| {
        let request = Request { body: body.as_bytes(), ..Request::default() };
        assert_eq!(refusal(path, &request), expected, "{path}");
    };
    check("/v1/batch", &body(16, "analytics-node"), "taken: 16 events");
    check(
        "/v1/batch",
        &body(18, "analytics-node"),
        "400 body_too_large -: the body is larger than the 512000 bytes that are taken at once",
    );
    check("/v1/batch", &body(100, "rudder-sdk-node"), "taken: 100 events");
    check(
        "/v1/batch",
        &body(140, "rudder-sdk-node"),
        "400 body_too_large -: the decompressed body is larger than the 4096000 bytes that are taken at once",
    );
    check(
        "/e",
        &body(80, "x"),
        "413 body_too_large -: the body is larger than the 2097152 bytes that are taken at once",
    );
    check("/batch", &body(80, "x"), "taken: 80 events");
    let many = format!("[{}]", vec!["{}"; 30_000].join(","));
    check(
        "/v1/batch",
        &many,
        "400 batch_too_large batch: the batch has 30000 events, 25000 are taken at once",
    );
    check(
        "/batch",
        &many,
        "413 batch_too_large batch: the batch has 30000 events, 25000 are taken at once",
    );
    let extra = format!("[{}]", vec!["{}"; 2_501].join(","));
    check("/v1/batch", &extra, "taken: 2501 events");
    let string =
        format!(r#"{{"userId":"u","event":"E","properties":{{"x":"{}"}}}}"#, "y".repeat(10 << 20));
    check(
        "/v1/track",
        &string,
        "400 body_too_large -: the decompressed body is larger than the 4096000 bytes that are taken at once",
    );
    check(
        "/capture",
        &string,
        "413 body_too_large -: the body is larger than the 2097152 bytes that are taken at once",
    );
}

#[test]
fn a_million_levels_are_no_stack_overflow() {
    const N: usize = 1_000_000;
    let (open, close) = ("[".repeat(N), "]".repeat(N));
    let objects = "{\"a\":".repeat(N);
    let check = |path: &str, body: &str, expected: &str| {
        let request = Request { body: body.as_bytes(), ..Request::default() };
        assert_eq!(refusal(path, &request), expected, "{path} {:.40}", body);
    };
    check("/batch", &open, "400 invalid_json -: the JSON ends early, at line 1 column 1000000");
    check("/batch", &objects, "400 invalid_json -: the JSON ends early, at line 1 column 5000000");
    check(
        "/v1/batch",
        &format!("{{\"batch\":[],\"context\":{{\"a\":{open}{close}}}}}"),
        "400 too_deep context: context is nested more than 64 deep",
    );
    // The event alone is at fault: the rest of the batch is taken.
    let good = r#"{"event":"E","distinct_id":"u"}"#;
    let body = format!(
        r#"{{"api_key":"k","batch":[{{"a":{}1{}}},{good}]}}"#,
        &open[..200_000],
        &close[..200_000]
    );
    let parcel = send(
        "POST",
        "/batch",
        &Request { body: body.as_bytes(), ..Request::default() },
        &Limits::default(),
    )
    .unwrap();
    let delivery = delivered(parcel, SourceKind::Server);
    let refusal = understand(&delivery, 0, &Limits::default()).unwrap_err();
    assert_eq!(
        (&*refusal.field, &*refusal.message),
        ("batch[0]", "the event is nested more than 64 deep")
    );
    assert!(understand(&delivery, 1, &Limits::default()).is_ok());
}

#[test]
fn a_single_event_is_told_what_is_wrong() {
    let body = br#"{"userId":"u"}"#;
    let parcel =
        send("POST", "/v1/track", &Request { body, ..Request::default() }, &Limits::default())
            .unwrap();
    assert!(parcel.is_single);
    let refusal =
        understand(&delivered(parcel, SourceKind::Server), 0, &Limits::default()).unwrap_err();
    let refused = Refused::event(&refusal);
    assert_eq!(
        (refused.status, refused.code, refused.field.as_deref()),
        (400, "missing", Some("event"))
    );
    let reply = collect::reply::failure(&refused);
    let body: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(body["success"], false);
    assert_eq!(body["field"], "event");
    for field in ["message", "detail", "error"] {
        assert_eq!(body[field], "event is missing: it is the name of what happened");
    }
}
