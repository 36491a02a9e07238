//! How do client libraries deliver events, and what do they hear?
//!
//! The paths, the bodies and the answers belong to `collect`; here they meet HTTP. An answer of
//! success is given after the events are durable, never before.

use crate::address;
use crate::body::{self, NotRead};
use crate::cors::Cors;
use crate::fence::RouteName;
use crate::options::Api;
use app::Origin;
use app::sources::Source;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use base::{Error, ErrorKind, Limits};
use bytes::Bytes;
use collect::{Call, Endpoint, Parcel, Question, Refused, Reply, reply};
use http::request::Parts;
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Seconds that senders are asked to wait, at least: some come back on the second.
const WAIT_SECONDS_MIN: u32 = 5;
/// So many different waits are told, so that senders do not come back all at once.
const WAIT_SPREAD_SECONDS: u64 = 6;
/// A body that takes longer to arrive is given up.
const BODY_TIMEOUT: Duration = Duration::from_secs(60);
/// Bodies larger than this are read away from the threads that serve everybody.
const LARGE_BODY_BYTES: usize = 256 << 10;
/// The same for compressed bodies, which may unpack to a thousand times as much.
const LARGE_PACKED_BYTES: usize = 32 << 10;

/// Counts answers: ids of requests, and the spread of waits.
static N_ANSWERS: AtomicU64 = AtomicU64::new(0);

/// Answers a request on a path of client libraries.
pub async fn serve(api: &Api, request: Request) -> Response {
    let cors = Cors::of(request.headers());
    if request.method() == Method::OPTIONS {
        return named(cors.preflight(), "collect");
    }
    let method = if request.method() == Method::HEAD { "GET" } else { request.method().as_str() };
    let Some(endpoint) = collect::route(method, request.uri().path()) else {
        let message = format!("this path is not for {}", request.method());
        let refused = reply::failure_with(405, "method_not_allowed", &message);
        return named(cors.allow(respond(refused)), "collect");
    };
    let name = endpoint.dialect.slug();
    named(cors.allow(answer(api, &endpoint, request).await), name)
}

async fn answer(api: &Api, endpoint: &Endpoint, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if let Err(seconds) = api.limiters.check_collect(&address::client_key(&parts, &api.options)) {
        let message = "too many deliveries from this address";
        return come_again(status_of_wait(endpoint), "rate_limited", message, seconds);
    }
    if let Call::Ask(question) = &endpoint.call {
        return respond(inform(api, question, &parts));
    }
    let bytes_max = api.engine().limits().body_bytes_max;
    let arrived = tokio::time::timeout(BODY_TIMEOUT, body::hold(api, body, bytes_max)).await;
    let held = match arrived {
        Ok(Ok(held)) => held,
        Ok(Err(NotRead::TooLarge)) => {
            return respond(reply::failure(&too_large(endpoint, bytes_max)));
        }
        Ok(Err(NotRead::Crowded)) => {
            return come_again(503, "crowded", "too many large bodies at the same time", 1);
        }
        Err(_) => return come_again(503, "body_timeout", "the body did not arrive in time", 1),
    };
    deliver(api, endpoint, parts, held.bytes.clone()).await
}

/// A body beyond the bound: 413 for those who then send less, 400 for those who would not.
fn too_large(endpoint: &Endpoint, bytes_max: usize) -> Refused {
    let status = match endpoint.dialect {
        collect::Dialect::PostHog | collect::Dialect::RudderStack => 413,
        _ => 400,
    };
    Refused::too_large(status, "body", bytes_max)
}

async fn deliver(api: &Api, endpoint: &Endpoint, parts: Parts, body: Bytes) -> Response {
    let parcel = match read(api, endpoint, &parts, body).await {
        Ok(parcel) => parcel,
        Err(refused) => return respond(reply::failure(&refused)),
    };
    let success = reply::success(endpoint, parts.uri.path(), &parcel);
    if !endpoint.brings_events() {
        return respond(success);
    }
    let source = match source_of(api, parcel.write_key.as_deref()) {
        Ok(source) => source,
        Err(refused) => return respond(reply::failure(&refused)),
    };
    let origin = Origin {
        source,
        received_at: api.engine().now(),
        ip: address::client(&parts.headers, &parts.extensions, &api.options),
        user_agent: address::text(&parts.headers, "user-agent").map(Box::from),
    };
    match api.engine().accept(parcel, origin).await {
        Ok(admission) => match admission.refusal {
            Some(refusal) => respond(reply::failure(&Refused::event(&refusal))),
            None => respond(success),
        },
        Err(error) => not_taken(endpoint, &error),
    }
}

async fn read(
    api: &Api,
    endpoint: &Endpoint,
    parts: &Parts,
    body: Bytes,
) -> Result<Parcel, Refused> {
    let is_packed = body.starts_with(&[0x1f, 0x8b])
        || parts.headers.contains_key(header::CONTENT_ENCODING)
        || parts.uri.query().is_some_and(|query| query.contains("compression="));
    let is_small = body.len() <= if is_packed { LARGE_PACKED_BYTES } else { LARGE_BODY_BYTES };
    if is_small {
        return read_now(endpoint, parts, &body, api.engine().limits());
    }
    let (endpoint, parts) = (endpoint.clone(), parts.clone());
    let engine = Arc::clone(api.engine());
    let work = move || read_now(&endpoint, &parts, &body, engine.limits());
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| {
        tracing::error!(%error, "reading a body failed");
        let status = 500;
        Err(Refused { status, ..Refused::invalid("internal", "the body could not be read") })
    })
}

fn read_now(
    endpoint: &Endpoint,
    parts: &Parts,
    body: &[u8],
    limits: &Limits,
) -> Result<Parcel, Refused> {
    let text = |name: HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let request = collect::Request {
        query: parts.uri.query(),
        authorization: text(header::AUTHORIZATION),
        write_key_header: text(HeaderName::from_static("x-write-key")),
        content_encoding: text(header::CONTENT_ENCODING),
        body,
    };
    collect::read(endpoint, &request, limits)
}

fn source_of(api: &Api, write_key: Option<&str>) -> Result<Arc<Source>, Refused> {
    let Some(write_key) = write_key else {
        return Err(Refused::unauthenticated("the request carries no write key"));
    };
    let found = api.engine().sources().by_write_key(write_key);
    let source = found.ok_or_else(|| Refused::unauthenticated("no source has this write key"))?;
    if source.enabled {
        return Ok(source);
    }
    let refused = Refused::invalid("source_disabled", "the source of this write key is turned off");
    Err(Refused { status: 403, ..refused }.with_hint("turn it on on the source's page"))
}

fn inform(api: &Api, question: &Question, parts: &Parts) -> Reply {
    let query = parts.uri.query();
    let write_key = query.and_then(|query| {
        query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|(name, _)| *name == "writeKey")
    });
    let source = write_key.and_then(|(_, key)| api.engine().sources().by_write_key(key));
    let id_and_name = source.as_ref().map(|source| (source.id.to_string(), source.name.as_str()));
    let is_https = address::is_https(&parts.headers, &api.options);
    let n = N_ANSWERS.fetch_add(1, Ordering::Relaxed);
    let request_id = format!("req_{:016x}", base::hash::mix64(api.engine().now().0 as u64 ^ n));
    let facts = reply::Facts {
        host: address::host(&parts.headers, &api.options),
        protocol: if is_https { "https" } else { "http" },
        query,
        source: id_and_name.as_ref().map(|(id, name)| (id.as_str(), *name)),
        request_id: &request_id,
    };
    reply::answer(question, &facts)
}

/// Nothing was taken: the sender keeps the events and comes again, or hears that it should not.
fn not_taken(endpoint: &Endpoint, error: &Error) -> Response {
    let (status, code) = match error.kind() {
        ErrorKind::Limited => (status_of_wait(endpoint), "rate_limited"),
        ErrorKind::Unavailable => (503, "unavailable"),
        ErrorKind::Invalid => (400, "invalid"),
        _ => (500, "internal"),
    };
    if status >= 500 {
        tracing::error!(cause = %crate::error::causes(error), "events were not taken: {error}");
    }
    match status {
        429 | 503 => come_again(status, code, error.message(), WAIT_SECONDS_MIN),
        _ => respond(reply::failure_with(status, code, error.message())),
    }
}

/// How a sender is asked to wait without losing anything: PostHog's browser library drops a batch
/// on 429 and keeps it on 503, the others know both.
fn status_of_wait(endpoint: &Endpoint) -> u16 {
    if endpoint.dialect == collect::Dialect::PostHog { 503 } else { 429 }
}

fn come_again(status: u16, code: &str, message: &str, seconds: u32) -> Response {
    let n = N_ANSWERS.fetch_add(1, Ordering::Relaxed);
    let spread = u32::try_from(base::hash::mix64(n) % WAIT_SPREAD_SECONDS).unwrap_or(0);
    let seconds = seconds.max(WAIT_SECONDS_MIN).saturating_add(spread);
    let mut response = respond(reply::failure_with(status, code, message));
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

fn respond(reply: Reply) -> Response {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = match reply.body {
        std::borrow::Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        std::borrow::Cow::Owned(bytes) => Bytes::from(bytes),
    };
    (status, [(header::CONTENT_TYPE, reply.content_type)], body).into_response()
}

fn named(mut response: Response, name: &'static str) -> Response {
    response.extensions_mut().insert(RouteName(name));
    response
}
