//! Is this JSON text shallow and clean enough to be kept, and what must be mended first?
//!
//! The text was found well-formed by a parser before; here it is only walked, without recursion.

use std::borrow::Cow;

/// Why a text cannot be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unkept {
    /// It is nested more deeply than allowed.
    TooDeep,
    /// The number at this path is beyond a float, and would make others refuse the whole text.
    Immense(String),
}

/// A number of no more digits and no exponent is not beyond a float.
const PLAIN_DIGITS_MAX: usize = 300;

/// What was found while walking over a text.
#[derive(Default)]
struct Found {
    /// Something is to be mended.
    untidy: bool,
    /// A number may be beyond a float.
    immense: bool,
}

/// The text without blanks between its tokens, and with `\ufffd` for escapes that no database and
/// no second parser takes: half a surrogate pair (clients that cut strings in the middle of an
/// emoji send them) and `\u0000`. Borrowed where there is nothing to mend, which is the rule.
pub(crate) fn tidy(text: &str, depth_max: usize) -> Result<Cow<'_, str>, Unkept> {
    let found = survey(text.as_bytes(), depth_max)?;
    if found.immense
        && let Some(path) = lexicon::immense_number(text)
    {
        return Err(Unkept::Immense(path));
    }
    Ok(if found.untidy { Cow::Owned(mend(text)) } else { Cow::Borrowed(text) })
}

fn survey(bytes: &[u8], depth_max: usize) -> Result<Found, Unkept> {
    let (mut depth, mut found, mut at) = (0usize, Found::default(), 0);
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'"' => {
                let (end, bad) = string_end(bytes, at);
                found.untidy |= bad;
                at = end;
            }
            b'0'..=b'9' => {
                let (end, suspicious) = number_end(bytes, at);
                found.immense |= suspicious;
                at = end;
            }
            b'{' | b'[' => {
                depth += 1;
                if depth > depth_max {
                    return Err(Unkept::TooDeep);
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b' ' | b'\n' | b'\r' | b'\t' => found.untidy = true,
            _ => {}
        }
    }
    Ok(found)
}

/// Where the number that has a digit before `at` is over, and whether it may be beyond a float.
fn number_end(bytes: &[u8], at: usize) -> (usize, bool) {
    let (mut end, mut has_exponent) = (at, false);
    while let Some(byte) = bytes.get(end) {
        match byte {
            b'0'..=b'9' | b'.' | b'+' | b'-' => {}
            b'e' | b'E' => has_exponent = true,
            _ => break,
        }
        end += 1;
    }
    (end, has_exponent || end - at > PLAIN_DIGITS_MAX)
}

/// Where the string that begins at `at` (behind its quote) is over, and whether it holds an
/// escape that may need mending.
fn string_end(bytes: &[u8], mut at: usize) -> (usize, bool) {
    let mut suspicious = false;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => return (at + 1, suspicious),
            b'\\' => {
                suspicious |= matches!(
                    bytes.get(at + 1..at + 4),
                    Some([b'u', b'd' | b'D', b'8' | b'9' | b'a'..=b'f' | b'A'..=b'F'] | b"u00")
                );
                at += 2;
            }
            _ => at += 1,
        }
    }
    (bytes.len(), suspicious)
}

fn mend(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => {
                let (end, suspicious) = string_end(bytes, at + 1);
                // Quotes are ASCII, so both ends lie between characters.
                let string = text.get(at..end).unwrap_or_default();
                if suspicious {
                    mend_string(string, &mut out);
                } else {
                    out.push_str(string);
                }
                at = end;
                continue;
            }
            b' ' | b'\n' | b'\r' | b'\t' => {}
            _ => out.push(char::from(byte)),
        }
        at += 1;
    }
    out
}

fn mend_string(string: &str, out: &mut String) {
    let mut rest = string;
    while let Some(backslash) = rest.find('\\') {
        out.push_str(&rest[..backslash]);
        rest = &rest[backslash..];
        let (kept, n_bytes) = match (code_unit(rest), rest.get(6..).and_then(code_unit)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => (&rest[..12], 12),
            (Some(0 | 0xd800..=0xdfff), _) => ("\\ufffd", 6),
            // Any other escape is two bytes as far as finding the next one goes.
            _ => {
                let n_bytes = 1 + rest[1..].chars().next().map_or(0, char::len_utf8);
                (&rest[..n_bytes], n_bytes)
            }
        };
        out.push_str(kept);
        rest = &rest[n_bytes..];
    }
    out.push_str(rest);
}

/// The code unit of `\uXXXX` at the start of `text`.
fn code_unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok())?
}

/// Appends `text` to `out` as a JSON string.
pub(crate) fn push_string(out: &mut String, text: &str) {
    if text.bytes().any(|b| b < 0x20 || b == b'"' || b == b'\\') {
        out.push_str(&serde_json::to_string(text).expect("a text is always JSON"));
    } else {
        out.push('"');
        out.push_str(text);
        out.push('"');
    }
}

/// Writes one JSON object, field by field, from parts that are JSON already.
#[derive(Debug)]
pub(crate) struct ObjectText(String);

impl ObjectText {
    pub(crate) fn with_capacity(n_bytes: usize) -> Self {
        let mut text = String::with_capacity(n_bytes + 2);
        text.push('{');
        Self(text)
    }

    pub(crate) fn raw(&mut self, name: &str, value: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        push_string(&mut self.0, name);
        self.0.push(':');
        self.0.push_str(value);
    }

    pub(crate) fn text(&mut self, name: &str, value: &str) {
        self.raw(name, "");
        push_string(&mut self.0, value);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.len() == 1
    }

    pub(crate) fn finish(mut self) -> String {
        self.0.push('}');
        self.0
    }
}
