//! Which file of the UI is asked for?
//!
//! The UI is one page that finds its way by the path: every path that is no file is the page.

use crate::address;
use crate::error::ApiError;
use crate::fence::RouteName;
use crate::options::Api;
use axum::response::{IntoResponse, Response};
use base::ErrorKind;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use std::borrow::Cow;

/// Finds a file of the UI by its path without the first slash (`index.html`, `assets/x-1a2b.js`).
/// Where `x.js.gz` is there too, it is sent to those who read gzip.
pub type UiAssets = fn(&str) -> Option<Cow<'static, [u8]>>;

const PAGE: &str = "index.html";
/// Files in this folder carry their content's hash in their name: they never change.
const HASHED: &str = "assets/";

/// Answers with a file, with the page, or with 404.
pub fn serve(api: &Api, method: &Method, path: &str, headers: &HeaderMap) -> Response {
    let mut response = find(api, method, path, headers).into_response();
    response.extensions_mut().insert(RouteName("ui"));
    response
}

fn find(api: &Api, method: &Method, path: &str, headers: &HeaderMap) -> Result<Response, ApiError> {
    let nothing = || ApiError::new(ErrorKind::NotFound, "there is nothing at this address");
    if method != Method::GET && method != Method::HEAD {
        return Err(nothing());
    }
    let assets = api
        .options
        .ui
        .ok_or_else(|| nothing().with_hint("this server has no UI; the API is under /api"))?;
    let path = path.trim_start_matches('/');
    let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    let path = if is_file { path } else { PAGE };
    let plain = assets(path).ok_or_else(nothing)?;
    Ok(file(path, plain, assets, headers))
}

fn file(path: &str, plain: Cow<'static, [u8]>, assets: UiAssets, headers: &HeaderMap) -> Response {
    let tag = format!("\"{:032x}\"", base::hash::hash128(&plain));
    let cache = match path.starts_with(HASHED) {
        true => HeaderValue::from_static("public, max-age=31536000, immutable"),
        false => HeaderValue::from_static("no-cache"),
    };
    let is_known = address::text(headers, "if-none-match").is_some_and(|tags| tags.contains(&tag));
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        packed_or_plain(path, plain, assets, headers)
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, cache);
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::ETAG, HeaderValue::from_str(&tag).expect("digits are a header"));
    response
}

fn packed_or_plain(
    path: &str,
    plain: Cow<'static, [u8]>,
    assets: UiAssets,
    headers: &HeaderMap,
) -> Response {
    let reads_gzip = address::text(headers, "accept-encoding").is_some_and(accepts_gzip);
    let packed = reads_gzip.then(|| assets(&format!("{path}.gz"))).flatten();
    let is_packed = packed.is_some();
    let mut response = axum::body::Body::from(bytes_of(packed.unwrap_or(plain))).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
    if is_packed {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

/// Files inside the binary are not copied.
fn bytes_of(file: Cow<'static, [u8]>) -> bytes::Bytes {
    match file {
        Cow::Borrowed(bytes) => bytes::Bytes::from_static(bytes),
        Cow::Owned(bytes) => bytes::Bytes::from(bytes),
    }
}

fn accepts_gzip(encodings: &str) -> bool {
    encodings.split(',').any(|encoding| {
        let (name, quality) = encoding.split_once(';').unwrap_or((encoding, ""));
        name.trim() == "gzip" && quality.trim().trim_end_matches(['0', '.']) != "q="
    })
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_sent_to_those_who_read_it() {
        let check =
            |encodings, expected| assert_eq!(accepts_gzip(encodings), expected, "{encodings}");
        check("gzip", true);
        check("br, gzip;q=0.8, deflate", true);
        check("gzip;q=0", false);
        check("gzip;q=0.0", false);
        check("br", false);
        check("", false);
    }
}
