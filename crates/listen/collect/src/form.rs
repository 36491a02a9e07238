//! What does a query string or a form say?

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use std::borrow::Cow;

/// Parameters looked at in one query; the rest is ignored.
const PARAMETERS_MAX: usize = 1_000;

const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const PLAIN: GeneralPurpose = GeneralPurpose::new(&STANDARD, CONFIG);
const URL: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, CONFIG);

/// The parameters of a query string or urlencoded form, decoded, in order.
pub(crate) fn parameters(query: &str) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty()).take(PARAMETERS_MAX);
    pairs.map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value))
    })
}

/// The first parameter called `name` that says something.
pub(crate) fn parameter<'q>(query: Option<&'q str>, name: &str) -> Option<Cow<'q, str>> {
    parameters(query?).find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value)
}

/// Undoes percent-encoding, with `+` for a blank; what is no valid escape stays as it is, and
/// bytes that are no UTF-8 become U+FFFD.
fn decode(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|b| matches!(b, b'%' | b'+')) {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escaped = (byte == b'%').then(|| hex_byte(bytes.get(at + 1..at + 3)?)).flatten();
        at += if escaped.is_some() { 3 } else { 1 };
        out.push(escaped.unwrap_or(if byte == b'+' { b' ' } else { byte }));
    }
    match String::from_utf8(out) {
        Ok(text) => Cow::Owned(text),
        Err(error) => Cow::Owned(String::from_utf8_lossy(error.as_bytes()).into_owned()),
    }
}

fn hex_byte(digits: &[u8]) -> Option<u8> {
    let digit = |b: u8| char::from(b).to_digit(16);
    let value = digit(*digits.first()?)? * 16 + digit(*digits.get(1)?)?;
    u8::try_from(value).ok()
}

/// Decodes base 64 in either alphabet, padded or not. Blanks stand for the `+` that a form
/// decoder made of it.
pub(crate) fn base64(text: &str) -> Option<Vec<u8>> {
    let text = text.trim();
    let text = if text.contains(' ') { Cow::Owned(text.replace(' ', "+")) } else { text.into() };
    PLAIN.decode(text.as_bytes()).or_else(|_| URL.decode(text.as_bytes())).ok()
}
