//! Where does a text mention somebody, and what is left of it without them?
//!
//! Only identifiers are sought; a name may be many people's. An identifier that tells by itself
//! (six characters or more and not all digits, or a telephone number) is found anywhere in a text
//! as a word of its own, in any case of letters. A shorter one, or a plain number, is found where
//! it is a whole value: a number besides only under a field that speaks of people, since the 1007
//! of an order is not the customer 1007.

use aho_corasick::AhoCorasick;
use lexicon::{Identifier, IdentifierKind};
use std::collections::HashSet;
use std::ops::Range;

/// What stands in the place of what was taken out.
pub(crate) const ERASED: &str = "(erased)";
/// Characters from which on an identifier tells by itself.
const TELLING_CHARS: usize = 6;
/// Digits from which on a number is taken for a telephone number.
const PHONE_DIGITS: usize = 8;
/// Parts of field names that speak of people.
const PERSONAL: [&str; 14] = [
    "user",
    "customer",
    "client",
    "member",
    "contact",
    "person",
    "referr",
    "invit",
    "recipient",
    "identifier",
    "distinct",
    "anonymous",
    "alias",
    "owner",
];

/// What somebody is known by, ready to be sought.
pub(crate) struct Needles {
    telling: Vec<String>,
    automaton: Option<AhoCorasick>,
    whole: HashSet<String>,
    numbers: HashSet<String>,
    phones: Vec<String>,
}

impl Needles {
    /// Needles for `identifiers`.
    pub fn new(identifiers: &[Identifier]) -> Self {
        let mut needles = Self {
            telling: Vec::new(),
            automaton: None,
            whole: HashSet::new(),
            numbers: HashSet::new(),
            phones: Vec::new(),
        };
        for identifier in identifiers {
            needles.add(identifier);
        }
        if !needles.telling.is_empty() {
            let automaton = AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .build(spellings(&needles.telling));
            needles.automaton = Some(automaton.expect("a few hundred short texts fit"));
        }
        needles
    }

    fn add(&mut self, identifier: &Identifier) {
        let value = &*identifier.value;
        let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
        let digits: String = value.chars().filter(char::is_ascii_digit).collect();
        if identifier.kind == IdentifierKind::Phone && digits.len() >= PHONE_DIGITS {
            self.phones.push(digits);
            self.telling.push(value.to_owned());
        } else if is_number {
            self.numbers.insert(value.to_owned());
        } else if value.chars().count() >= TELLING_CHARS {
            self.telling.push(value.to_owned());
        } else {
            self.whole.insert(value.to_lowercase());
        }
    }

    /// The values that tell by themselves, as they may stand anywhere.
    pub fn telling(&self) -> &[String] {
        &self.telling
    }

    /// How many are too short, or plain numbers, to be sought everywhere.
    pub fn n_quiet(&self) -> usize {
        self.whole.len() + self.numbers.len()
    }

    /// The text without them; `None` where they are not in it.
    pub fn redact_plain(&self, text: &str) -> Option<String> {
        if self.whole.contains(&text.trim().to_lowercase()) {
            return Some(ERASED.to_owned());
        }
        cut(text, self.found(text))
    }

    /// JSON without them, everything else byte for byte as it was; `None` where they are not in
    /// it.
    pub fn redact_json(&self, text: &str) -> Option<String> {
        let is_worth_it = !self.whole.is_empty()
            || !self.numbers.is_empty()
            || !self.phones.is_empty()
            || self.automaton.as_ref().is_some_and(|automaton| automaton.is_match(text));
        if !is_worth_it {
            return None;
        }
        let mut walk = Walk { needles: self, text, at: 0, copied: 0, out: String::new(), key: "" };
        walk.go();
        walk.finish()
    }

    /// Where those that tell by themselves stand in bytes, as parts of words too.
    pub fn hits(&self, bytes: &[u8]) -> Vec<Range<usize>> {
        let Some(automaton) = &self.automaton else { return Vec::new() };
        automaton.find_overlapping_iter(bytes).map(|hit| hit.range()).collect()
    }

    /// Where they stand in a text.
    fn found(&self, text: &str) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        if let Some(automaton) = &self.automaton {
            let hits = automaton.find_overlapping_iter(text).map(|hit| hit.range());
            found.extend(hits.filter(|hit| is_word(text, hit)));
        }
        found.extend(self.phones_in(text));
        found.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
        let mut end = 0;
        found.retain(|range| {
            let is_behind = range.start >= end;
            end = end.max(range.end);
            is_behind
        });
        found
    }

    /// Telephone numbers, however they are broken up.
    fn phones_in(&self, text: &str) -> Vec<Range<usize>> {
        if self.phones.is_empty() {
            return Vec::new();
        }
        let runs = digit_runs(text);
        runs.into_iter().filter(|run| self.is_phone(&text[run.clone()])).collect()
    }

    fn is_phone(&self, text: &str) -> bool {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let national = digits.trim_start_matches('0');
        national.len() >= PHONE_DIGITS
            && self.phones.iter().any(|phone| phone.ends_with(national) || digits == *phone)
    }

    /// Whether the whole of a JSON value is one of them.
    fn is_whole(&self, value: &str, key: &str) -> bool {
        if self.whole.contains(&value.trim().to_lowercase()) {
            return true;
        }
        self.numbers.contains(value.trim()) && is_personal(key)
    }
}

/// How a value may be written inside JSON and out of it.
pub(super) fn spellings(values: &[String]) -> Vec<String> {
    let mut all = Vec::new();
    for value in values {
        all.push(value.clone());
        let quoted = serde_json::to_string(value).expect("a text is JSON");
        all.push(quoted[1..quoted.len() - 1].to_owned());
        let escaped = value.encode_utf16().fold(String::new(), |mut text, unit| {
            match u8::try_from(unit) {
                Ok(byte) if byte.is_ascii() => text.push(char::from(byte)),
                _ => text.push_str(&format!("\\u{unit:04x}")),
            }
            text
        });
        all.push(escaped);
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// Whether nothing that belongs to the same word stands beside it: `ann@x.org` is not in
/// `joann@x.org`.
fn is_word(text: &str, range: &Range<usize>) -> bool {
    let belongs = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '+');
    let before = text[..range.start].chars().next_back();
    let behind = text[range.end..].chars().next();
    // A dot may end a sentence; one with a letter behind it goes on with the domain.
    let goes_on = text[range.end..].starts_with('.')
        && text[range.end + 1..].chars().next().is_some_and(char::is_alphanumeric);
    !before.is_some_and(|c| belongs(c) || c == '.') && !behind.is_some_and(belongs) && !goes_on
}

fn is_personal(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    PERSONAL.iter().any(|part| key.contains(part))
}

/// Stretches of digits and what people put between them.
fn digit_runs(text: &str) -> Vec<Range<usize>> {
    let is_part = |byte: u8| byte.is_ascii_digit() || b" ()-./+".contains(&byte);
    let bytes = text.as_bytes();
    let mut runs = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() && bytes[at] != b'+' {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && is_part(bytes[at]) {
            at += 1;
        }
        let last = bytes[start..at].iter().rposition(u8::is_ascii_digit);
        if let Some(last) = last.filter(|last| last + 1 >= PHONE_DIGITS) {
            runs.push(start..start + last + 1);
        }
    }
    runs
}

fn cut(text: &str, ranges: Vec<Range<usize>>) -> Option<String> {
    if ranges.is_empty() {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for range in ranges {
        out.push_str(&text[copied..range.start]);
        out.push_str(ERASED);
        copied = range.end;
    }
    out.push_str(&text[copied..]);
    Some(out)
}

/// A way through JSON text that looks at strings and numbers and copies everything else.
struct Walk<'a> {
    needles: &'a Needles,
    text: &'a str,
    at: usize,
    copied: usize,
    out: String,
    /// The field whose value comes next, or that an array stands in.
    key: &'a str,
}

impl<'a> Walk<'a> {
    fn go(&mut self) {
        let bytes = self.text.as_bytes();
        while self.at < bytes.len() {
            match bytes[self.at] {
                b'"' => self.string(),
                b'-' | b'0'..=b'9' => self.number(),
                _ => self.at += 1,
            }
        }
    }

    fn string(&mut self) {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let mut end = start + 1;
        while end < bytes.len() && bytes[end] != b'"' {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        let end = (end + 1).min(bytes.len());
        self.at = end;
        let literal = &self.text[start..end];
        let is_key = self.text[end..].trim_start().starts_with(':');
        let Ok(value) = serde_json::from_str::<String>(literal) else { return };
        let other = if !is_key && self.needles.is_whole(&value, self.key) {
            Some(ERASED.to_owned())
        } else {
            cut(&value, self.needles.found(&value))
        };
        if is_key {
            self.key = literal.trim_matches('"');
        }
        if let Some(other) = other {
            self.put(start, end, &serde_json::to_string(&other).expect("a text is JSON"));
        }
    }

    fn number(&mut self) {
        let start = self.at;
        let rest = &self.text.as_bytes()[start..];
        let is_part = |byte: &u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
        let len = rest.iter().take_while(|byte| is_part(byte)).count();
        self.at = start + len;
        let digits = &self.text[start..self.at];
        let is_theirs = self.needles.is_whole(digits, self.key)
            || is_personal_number(self.key) && self.needles.is_phone(digits);
        if is_theirs {
            let (from, to) = (start, self.at);
            self.put(from, to, &serde_json::to_string(ERASED).expect("a text is JSON"));
        }
    }

    fn put(&mut self, start: usize, end: usize, other: &str) {
        self.out.push_str(&self.text[self.copied..start]);
        self.out.push_str(other);
        self.copied = end;
    }

    fn finish(mut self) -> Option<String> {
        if self.copied == 0 {
            return None;
        }
        self.out.push_str(&self.text[self.copied..]);
        Some(self.out)
    }
}

/// A telephone number may be sent as a number.
fn is_personal_number(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    ["phone", "mobile", "tel", "cell"].iter().any(|part| key.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needles() -> Needles {
        let identifier =
            |kind: IdentifierKind, value: &str| Identifier { kind, value: value.into() };
        Needles::new(&[
            identifier(IdentifierKind::Email, "ann@example.com"),
            identifier(IdentifierKind::Phone, "+49301234567"),
            identifier(IdentifierKind::UserId, "1007"),
            identifier(IdentifierKind::UserId, "u-7"),
            identifier(IdentifierKind::AnonymousId, "müsli-\"x\"-device"),
        ])
    }

    #[test]
    fn json_loses_them_and_nothing_else() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(needles().redact_json(text).as_deref(), expected, "{text}");
        };
        check(r#"{"a": 1.50, "b":"Ann@Example.com"}"#, Some(r#"{"a": 1.50, "b":"(erased)"}"#));
        check(r#"{"note":"for ann@example.com."}"#, Some(r#"{"note":"for (erased)."}"#));
        check(r#"{"to":"joann@example.com"}"#, None);
        check(r#"{"to":"ann@example.com.au"}"#, None);
        check(r#"{"ann@example.com":{"n":1}}"#, Some(r#"{"(erased)":{"n":1}}"#));
        check(r#"{"tel":"030 / 123 45-67"}"#, Some(r#"{"tel":"(erased)"}"#));
        check(r#"{"phone":301234567}"#, Some(r#"{"phone":"(erased)"}"#));
        check(r#"{"total":301234567}"#, None);
        check(r#"{"referred_by":1007}"#, Some(r#"{"referred_by":"(erased)"}"#));
        check(r#"{"order_id":"1007","total":1007}"#, None);
        check(r#"{"friends":["u-7","u-77"]}"#, Some(r#"{"friends":["(erased)","u-77"]}"#));
        check(r#"{"d":"M\u00fcsli-\"X\"-Device"}"#, Some(r#"{"d":"(erased)"}"#));
        check(r#"{"d":"another-\"x\"-device"}"#, None);
        check(r#"{"d":"m\u00fcsli-\"x\"-device"}"#, Some(r#"{"d":"(erased)"}"#));
        check(r#"{"d":"müsli-\"X\"-device"}"#, Some(r#"{"d":"(erased)"}"#));
    }

    #[test]
    fn plain_texts_too() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(needles().redact_plain(text).as_deref(), expected, "{text}");
        };
        check("U-7", Some("(erased)"));
        check("Viewed u-7", None);
        check("merged (ann@example.com, +49 30 1234567)", Some("merged ((erased), (erased))"));
        check("nobody", None);
    }
}
