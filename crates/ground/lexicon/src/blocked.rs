//! Which values stand for nobody, whoever sends them?

use crate::{Identifier, IdentifierKind};
use std::collections::BTreeMap;

/// Values that programs send when they have no identifier; Segment blocks the same ones.
pub(crate) const WORDS: [&str; 12] = [
    "null",
    "nil",
    "none",
    "undefined",
    "nan",
    "unknown",
    "anonymous",
    "guest",
    "-1",
    "[object object]",
    "true",
    "false",
];

/// Addresses that people type when they do not want to give theirs, or that programs send from.
const ADDRESSES: [&str; 10] = [
    "test@test.com",
    "test@test.de",
    "a@a.com",
    "a@b.com",
    "asdf@asdf.com",
    "none@none.com",
    "no@no.com",
    "noreply@*",
    "no-reply@*",
    "donotreply@*",
];

/// Numbers that people type when they do not want to give theirs.
const NUMBERS: [&str; 4] = ["123456789", "1234567890", "5555555555", "+15555555555"];

/// A value, or a pattern of values, that points to nobody.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BlockedValue {
    /// The kind of identifier that it is blocked for; `None` for every kind.
    pub kind: Option<IdentifierKind>,
    /// The value in lower case; `*` stands for any letters, also none.
    pub pattern: Box<str>,
}

/// The values that stand for nobody. Case does not matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocked {
    /// Whether values of nothing but zeros and dashes are blocked, such as an empty UUID.
    zeros: bool,
    /// In order, each once.
    values: Vec<BlockedValue>,
    /// The values without `*`, by their length in bytes: most lengths have none, and an identifier
    /// is looked up for every event.
    exact: BTreeMap<usize, Vec<usize>>,
    /// The values with `*`.
    patterns: Vec<usize>,
}

impl Default for Blocked {
    /// What an installation begins with.
    fn default() -> Self {
        let of = |kind: Option<IdentifierKind>| {
            move |&pattern: &&str| BlockedValue { kind: kind.clone(), pattern: pattern.into() }
        };
        let words = WORDS.iter().map(of(None));
        let addresses = ADDRESSES.iter().map(of(Some(IdentifierKind::Email)));
        let numbers = NUMBERS.iter().map(of(Some(IdentifierKind::Phone)));
        Self::new(true, words.chain(addresses).chain(numbers))
    }
}

impl Blocked {
    /// These values, and those of nothing but zeros and dashes if `zeros` says so.
    #[must_use]
    pub fn new(zeros: bool, values: impl IntoIterator<Item = BlockedValue>) -> Self {
        let lower = |value: BlockedValue| BlockedValue {
            pattern: value.pattern.trim().to_lowercase().into(),
            ..value
        };
        let mut values: Vec<BlockedValue> = values.into_iter().map(lower).collect();
        values.sort();
        values.dedup();
        let mut exact: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut patterns = Vec::new();
        for (index, value) in values.iter().enumerate() {
            if value.pattern.contains('*') {
                patterns.push(index);
            } else {
                exact.entry(value.pattern.len()).or_default().push(index);
            }
        }
        Self { zeros, values, exact, patterns }
    }

    /// Whether values of nothing but zeros and dashes are blocked.
    #[must_use]
    pub fn zeros(&self) -> bool {
        self.zeros
    }

    /// The values, in order.
    #[must_use]
    pub fn values(&self) -> &[BlockedValue] {
        &self.values
    }

    /// Whether `identifier` stands for nobody.
    #[must_use]
    pub fn blocks(&self, identifier: &Identifier) -> bool {
        let Identifier { kind, value } = identifier;
        if self.zeros && is_zeros(value) {
            return true;
        }
        let is_for = |index: &&usize| {
            let blocked = &self.values[**index];
            blocked.kind.as_ref().is_none_or(|blocked| blocked == kind)
        };
        let same_length = self.exact.get(&value.len()).map_or(&[][..], Vec::as_slice);
        let is_same = |index: &usize| same_letters(&self.values[*index].pattern, value);
        same_length.iter().filter(is_for).any(is_same) || {
            let mut patterns = self.patterns.iter().filter(is_for).peekable();
            patterns.peek().is_some() && {
                let lower = value.to_lowercase();
                patterns.any(|&index| is_match(&self.values[index].pattern, &lower))
            }
        }
    }
}

/// Whether a value has nothing but zeros and dashes.
pub(crate) fn is_zeros(value: &str) -> bool {
    value.bytes().all(|byte| matches!(byte, b'0' | b'-'))
}

fn same_letters(lower: &str, value: &str) -> bool {
    lower.eq_ignore_ascii_case(value) || (!value.is_ascii() && lower == value.to_lowercase())
}

/// Whether `text` is of the form of `pattern`, where `*` stands for any letters. The first piece
/// must begin the text and the last one end it; between them the leftmost places will do.
fn is_match(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    let Some(mut text) = text.strip_prefix(first) else { return false };
    for piece in middle.split('*') {
        let Some(at) = text.find(piece) else { return false };
        text = &text[at + piece.len()..];
    }
    text.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formed(kind: IdentifierKind, value: &str) -> Identifier {
        Identifier::formed(kind, value).expect("it has its kind's form")
    }

    #[test]
    fn what_stands_for_nobody() {
        use IdentifierKind::{AnonymousId, Email, Phone, UserId};
        let blocked = Blocked::default();
        let check = |kind: IdentifierKind, value: &str, expected: bool| {
            assert_eq!(blocked.blocks(&formed(kind, value)), expected, "{value}");
        };
        check(UserId, "NULL", true);
        check(UserId, "[object Object]", true);
        check(AnonymousId, "00000000-0000-0000-0000-000000000000", true);
        check(UserId, "0", true);
        check(UserId, "10", false);
        check(Email, "Test@Test.com", true);
        check(UserId, "test@test.com", false);
        check(Email, "noreply@shop.example", true);
        check(Email, "ann@example.com", false);
        check(Phone, "(555) 555-5555", true);
        check(Phone, "+49 30 1234567", false);
    }

    #[test]
    fn a_star_stands_for_any_letters() {
        let check = |pattern: &str, value: &str, expected: bool| {
            let value = formed(IdentifierKind::UserId, value);
            let pattern = BlockedValue { kind: None, pattern: pattern.into() };
            assert_eq!(Blocked::new(false, [pattern]).blocks(&value), expected, "{value}");
        };
        check("qa-*", "QA-17", true);
        check("qa-*", "my-qa-17", false);
        check("*@qa.*", "ann@qa.example", true);
        check("a*a", "a", false);
        check("a*b*c", "aXbYbZc", true);
        check("a*b*c", "aXcYb", false);
        check("*", "anything", true);
        check("straße", "STRASSE", false);
        check("ärger", "ÄRGER", true);
        check("0", "00", false);
    }
}
