//! Which message was it, in few bytes?

use crate::bounds::shortened;
use serde::{Deserialize, Serialize};

/// Longer ids are kept by their beginning; collection lets at most 100 characters in.
const BYTES_MAX: usize = 400;
/// Where the hyphens stand in a UUID of 36 characters.
const HYPHENS: [usize; 4] = [8, 13, 18, 23];

/// A message id: most are UUIDs, and take 16 bytes instead of 37 and a place of their own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum MessageId {
    /// A UUID in its usual form: lower case, with hyphens.
    Uuid([u8; 16]),
    /// Any other text; empty where none is known.
    Text(Box<str>),
}

impl MessageId {
    pub(crate) fn of(text: &str) -> Self {
        uuid(text).map_or_else(|| Self::Text(shortened(text, BYTES_MAX).into()), Self::Uuid)
    }

    /// Where none is known.
    pub(crate) fn unknown() -> Self {
        Self::Text("".into())
    }

    /// The id as it was sent; `None` where none is known.
    pub(crate) fn text(&self) -> Option<String> {
        match self {
            Self::Uuid(bytes) => Some(hyphenated(bytes)),
            Self::Text(text) => (!text.is_empty()).then(|| text.to_string()),
        }
    }
}

fn uuid(text: &str) -> Option<[u8; 16]> {
    let text: &[u8; 36] = text.as_bytes().try_into().ok()?;
    let mut bytes = [0; 16];
    let mut n_digits = 0;
    for (place, &byte) in text.iter().enumerate() {
        if HYPHENS.contains(&place) {
            if byte != b'-' {
                return None;
            }
            continue;
        }
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'f' => byte - b'a' + 10,
            _ => return None,
        };
        bytes[n_digits / 2] |= digit << (4 * (1 - n_digits % 2));
        n_digits += 1;
    }
    Some(bytes)
}

fn hyphenated(bytes: &[u8; 16]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(36);
    for byte in bytes {
        if HYPHENS.contains(&text.len()) {
            text.push('-');
        }
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_comes_back_as_it_was() {
        let check = |text: &str, is_short: bool| {
            let id = MessageId::of(text);
            assert_eq!(matches!(id, MessageId::Uuid(_)), is_short, "{text}");
            assert_eq!(id.text().unwrap_or_default(), text);
        };
        check("0f6c1a5e-7d0b-4b1e-9c3a-00a0b0c0d0e0", true);
        check("00000000-0000-0000-0000-000000000000", true);
        check("ffffffff-ffff-ffff-ffff-ffffffffffff", true);
        check("0F6C1A5E-7D0B-4B1E-9C3A-00A0B0C0D0E0", false);
        check("0f6c1a5e-7d0b-4b1e-9c3a-00a0b0c0d0eg", false);
        check("0f6c1a5e07d0b-4b1e-9c3a-00a0b0c0d0e0", false);
        check("ajs-next-1700000000000-0f6c1a5e-7d0b", false);
        check("äääääääääääääääääää", false);
        check("", false);
        assert_eq!(MessageId::unknown().text(), None);
    }
}
