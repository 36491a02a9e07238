//! May a page of another site send us events? Yes, whichever it is.
//!
//! Client libraries run on the pages of those who use them, so every origin is let in on the paths
//! of client libraries, and on no other path. Nothing there answers with anything about customers.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

/// Seconds for which browsers remember the answer; they cap it themselves (Chromium at two hours).
const MAX_AGE: HeaderValue = HeaderValue::from_static("86400");
const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, OPTIONS");

/// What a request says about where it comes from.
pub struct Cors {
    origin: Option<HeaderValue>,
    wanted_headers: Option<HeaderValue>,
}

impl Cors {
    /// Reads it from the headers of a request.
    pub fn of(headers: &HeaderMap) -> Self {
        Self {
            origin: headers.get(header::ORIGIN).cloned(),
            wanted_headers: headers.get(header::ACCESS_CONTROL_REQUEST_HEADERS).cloned(),
        }
    }

    /// The answer to a preflight.
    pub fn preflight(&self) -> Response {
        let mut response = StatusCode::OK.into_response();
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
        if let Some(wanted) = &self.wanted_headers {
            headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, wanted.clone());
        }
        self.allow(response)
    }

    /// The same answer, readable for the page that asked.
    pub fn allow(&self, mut response: Response) -> Response {
        let headers = response.headers_mut();
        let vary = HeaderValue::from_static("origin, access-control-request-headers");
        headers.append(header::VARY, vary);
        // Pages may only load what other sites offer to them, images and scripts too.
        let resource_policy = HeaderName::from_static("cross-origin-resource-policy");
        headers.insert(resource_policy, HeaderValue::from_static("cross-origin"));
        if let Some(origin) = &self.origin {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            let yes = HeaderValue::from_static("true");
            headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, yes);
            let exposed = HeaderValue::from_static("retry-after");
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
        }
        response
    }
}
