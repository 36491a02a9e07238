//! What of an HTTP request matters for collecting events?

/// One HTTP request, borrowed from the server. Header values are given as text; a header that is
/// not valid UTF-8 is as good as absent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Request<'a> {
    /// The query string without its `?`.
    pub query: Option<&'a str>,
    /// `Authorization`.
    pub authorization: Option<&'a str>,
    /// `X-Write-Key` (Jitsu).
    pub write_key_header: Option<&'a str>,
    /// `Content-Encoding`.
    pub content_encoding: Option<&'a str>,
    /// The body as sent.
    pub body: &'a [u8],
}
