//! What was sent, once every wrapping around it is taken off, and how large may it become?

use crate::form;
use crate::refused::Refused;
use std::borrow::Cow;
use std::io::Read;

/// Wrappings within wrappings: a form field of base 64 of gzip is three, and nobody needs more.
const LAYERS_MAX: usize = 4;
/// A zstd frame may ask for a window of 2²³ bytes, which RFC 8878 wants every decoder to have.
const ZSTD_WINDOW_LOG_MAX: u32 = 23;
const BROTLI_BUFFER_BYTES: usize = 4 << 10;

const GZIP_MAGIC: &[u8] = &[0x1f, 0x8b];
const ZSTD_MAGIC: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

/// How a body says that it is wrapped.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wrapping<'a> {
    /// `Content-Encoding`.
    pub content_encoding: Option<&'a str>,
    /// The query's `compression` (PostHog): `gzip-js`, `base64`, `lz64`.
    pub compression: Option<&'a str>,
    /// Bytes that the unwrapped body may have.
    pub bytes_max: usize,
    /// The status for a body that has more.
    pub too_large_status: u16,
}

impl Wrapping<'_> {
    fn too_large(&self) -> Refused {
        Refused::too_large(self.too_large_status, "decompressed body", self.bytes_max)
    }
}

/// The body without its wrappings: gzip and zstd by their first bytes, else `Content-Encoding`
/// (`gzip`, `deflate`, `br`, `zstd`, or a list of them), then base 64 and the `data` field of a
/// form. A header that names an encoding which a proxy has taken off already does no harm.
///
/// Never produces more than `bytes_max` bytes plus one buffer; a bomb is refused there.
///
/// # Errors
/// Broken or unknown encodings, and bodies that grow beyond the bound.
pub fn inflate<'b>(body: &'b [u8], wrapping: &Wrapping<'_>) -> Result<Cow<'b, [u8]>, Refused> {
    let mut body = decode_by_header(Cow::Borrowed(body), wrapping)?;
    for _ in 0..LAYERS_MAX {
        let Some(inner) = unwrap_once(&body, wrapping)? else {
            break;
        };
        body = Cow::Owned(inner);
    }
    if body.len() > wrapping.bytes_max {
        return Err(wrapping.too_large());
    }
    Ok(body)
}

fn decode_by_header<'b>(
    mut body: Cow<'b, [u8]>,
    wrapping: &Wrapping<'_>,
) -> Result<Cow<'b, [u8]>, Refused> {
    let encodings = wrapping.content_encoding.unwrap_or_default().split(',');
    for encoding in encodings.rev().take(LAYERS_MAX) {
        let encoding = encoding.trim().to_ascii_lowercase();
        let decoded = match encoding.as_str() {
            // Seen by their first bytes.
            "" | "identity" | "gzip" | "x-gzip" | "zstd" => unwrap_magic(&body, wrapping)?,
            _ if looks_like_json(&body) => None,
            "deflate" => Some(deflate(&body, wrapping)?),
            "br" => Some(brotli(&body, wrapping)?),
            _ => return Err(unknown_encoding(&encoding)),
        };
        if let Some(decoded) = decoded {
            body = Cow::Owned(decoded);
        }
    }
    Ok(body)
}

fn unknown_encoding(encoding: &str) -> Refused {
    let shown: String = encoding.chars().take(40).collect();
    Refused::invalid("unknown_encoding", format!("the encoding '{shown}' is not known"))
        .at("Content-Encoding")
        .with_hint("send gzip, deflate, br or zstd")
}

fn unwrap_once(body: &[u8], wrapping: &Wrapping<'_>) -> Result<Option<Vec<u8>>, Refused> {
    if let Some(inner) = unwrap_magic(body, wrapping)? {
        return Ok(Some(inner));
    }
    if looks_like_json(body) {
        return Ok(None);
    }
    if let Some(data) = form_data(body) {
        return Ok(Some(data));
    }
    match wrapping.compression {
        Some("lz64") => Err(Refused::invalid("unknown_encoding", "lz64 is no longer supported")
            .at("compression")
            .with_hint("update posthog-js: it has sent gzip or base64 for years")),
        Some("base64") => Ok(text(body).and_then(form::base64)),
        _ => Ok(None),
    }
}

fn looks_like_json(body: &[u8]) -> bool {
    matches!(body.trim_ascii_start().first(), Some(b'{' | b'['))
}

/// The `data` field of a form: JSON, or base 64 of something.
fn form_data(body: &[u8]) -> Option<Vec<u8>> {
    let starts = body.starts_with(b"data=");
    let contains = || body.get(..256).unwrap_or(body).windows(6).any(|part| part == b"&data=");
    if !starts && !contains() {
        return None;
    }
    data_field(&form::parameter(text(body), "data")?)
}

/// What the `data` field of a form or query holds: JSON as it is, or base 64 of something.
pub(crate) fn data_field(data: &str) -> Option<Vec<u8>> {
    if looks_like_json(data.as_bytes()) {
        return Some(data.as_bytes().to_vec());
    }
    form::base64(data)
}

fn text(body: &[u8]) -> Option<&str> {
    std::str::from_utf8(body).ok()
}

fn unwrap_magic(body: &[u8], wrapping: &Wrapping<'_>) -> Result<Option<Vec<u8>>, Refused> {
    if body.starts_with(GZIP_MAGIC) {
        let decoder = flate2::read::MultiGzDecoder::new(body);
        return drain(decoder, "gzip", wrapping).map(Some);
    }
    if body.starts_with(ZSTD_MAGIC) {
        return zstd(body, wrapping).map(Some);
    }
    Ok(None)
}

fn zstd(body: &[u8], wrapping: &Wrapping<'_>) -> Result<Vec<u8>, Refused> {
    let mut decoder = zstd::stream::read::Decoder::with_buffer(body).map_err(|_| broken("zstd"))?;
    decoder.window_log_max(ZSTD_WINDOW_LOG_MAX).map_err(|_| broken("zstd"))?;
    drain(decoder, "zstd", wrapping)
}

/// Deflate is zlib by the standard, and bare by many senders.
fn deflate(body: &[u8], wrapping: &Wrapping<'_>) -> Result<Vec<u8>, Refused> {
    let is_zlib = matches!(body, [cmf, flags, ..]
        if cmf & 0x0f == 8 && u16::from_be_bytes([*cmf, *flags]).is_multiple_of(31));
    if is_zlib {
        return drain(flate2::read::ZlibDecoder::new(body), "deflate", wrapping);
    }
    drain(flate2::read::DeflateDecoder::new(body), "deflate", wrapping)
}

/// The pattern x0010001 at the start asks for a window of up to 1 GB, which is no part of RFC 7932.
fn brotli(body: &[u8], wrapping: &Wrapping<'_>) -> Result<Vec<u8>, Refused> {
    if body.first().is_none_or(|first| first & 0x7f == 0x11) {
        return Err(broken("br"));
    }
    drain(brotli::Decompressor::new(body, BROTLI_BUFFER_BYTES), "br", wrapping)
}

fn drain(
    reader: impl Read,
    encoding: &'static str,
    wrapping: &Wrapping<'_>,
) -> Result<Vec<u8>, Refused> {
    let mut out = Vec::new();
    let mut reader = reader.take(wrapping.bytes_max as u64 + 1);
    reader.read_to_end(&mut out).map_err(|_| broken(encoding))?;
    if out.len() > wrapping.bytes_max {
        return Err(wrapping.too_large());
    }
    Ok(out)
}

fn broken(encoding: &'static str) -> Refused {
    Refused::invalid("invalid_encoding", format!("the body is not valid {encoding}"))
        .at("Content-Encoding")
}
