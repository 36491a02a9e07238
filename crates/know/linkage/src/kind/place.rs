//! Is this the same house number, postcode, town or region?

use super::{DateNotation, Definition, Level, Part, Prepared, is_one_slip, level};
use crate::metric::shared_words;
use crate::text::{fold, fold_into};

const HOUSE_NUMBER_LEVELS: [Level; 4] = [
    level("same", 0.82, 1.0),
    level("same digits", 0.04, 0.5),
    level("a digit off", 0.06, 0.0),
    level("different", 0.08, 0.0),
];

pub(super) static HOUSE_NUMBER: Definition = Definition {
    levels: &HOUSE_NUMBER_LEVELS,
    normalise: push_compact,
    level: house_number_level,
    parts: &[Part::Whole],
    at_home: 0.9,
};

const POSTCODE_LEVELS: [Level; 4] = [
    level("same", 0.82, 1.0),
    level("a character off", 0.06, 0.25),
    level("same area", 0.03, 0.0),
    level("different", 0.09, 0.0),
];

pub(super) static POSTCODE: Definition = Definition {
    levels: &POSTCODE_LEVELS,
    normalise: push_postcode,
    level: postcode_level,
    parts: &[Part::Whole, Part::Start(3)],
    at_home: 0.9,
};

const TOWN_LEVELS: [Level; 5] = [
    level("same", 0.80, 1.0),
    level("a letter off", 0.06, 0.5),
    level("part of the other", 0.02, 0.25),
    level("similar", 0.02, 0.0),
    level("different", 0.10, 0.0),
];

pub(super) static TOWN: Definition = Definition {
    levels: &TOWN_LEVELS,
    normalise: |text, _, out| fold_into(text, out),
    level: town_level,
    parts: &[Part::Whole, Part::Start(4)],
    at_home: 0.9,
};

const REGION_LEVELS: [Level; 3] =
    [level("same", 0.90, 1.0), level("a letter off", 0.03, 0.0), level("different", 0.07, 0.0)];

pub(super) static REGION: Definition = Definition {
    levels: &REGION_LEVELS,
    normalise: |text, _, out| fold_into(text, out),
    level: |a, b| if is_one_slip(a.text, b.text, 3) { 1 } else { 2 },
    parts: &[Part::Whole],
    at_home: 0.95,
};

fn house_number_level(a: Prepared<'_>, b: Prepared<'_>) -> u8 {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (n_a, n_b) = (digits(a.text), digits(b.text));
    if n_a > 0 && a.text[..n_a] == b.text[..n_b] {
        return 1;
    }
    if is_one_slip(a.text, b.text, 2) { 2 } else { 3 }
}

fn postcode_level(a: Prepared<'_>, b: Prepared<'_>) -> u8 {
    if is_one_slip(a.text, b.text, 4) {
        return 1;
    }
    // The outward half of a code names the area: `SW1A` of `SW1A 1AA`, `80` of `80331`.
    let half = a.text.len().max(b.text.len()).div_ceil(2);
    let same = a.text.bytes().zip(b.text.bytes()).take_while(|(x, y)| x == y).count();
    if same >= half { 2 } else { 3 }
}

fn town_level(a: Prepared<'_>, b: Prepared<'_>) -> u8 {
    let similarity = a.similarity(b, 0.82);
    if similarity >= 0.92 || is_one_slip(a.text, b.text, 4) {
        return 1;
    }
    let has_spaces = a.text.contains(' ') || b.text.contains(' ');
    if has_spaces {
        let words = shared_words(a.text, b.text);
        if words.n_shared == words.n_short && words.n_long > words.n_short {
            return 2;
        }
    }
    if similarity >= 0.82 { 3 } else { 4 }
}

/// Appends letters and digits without spaces.
fn push_compact(text: &str, _: DateNotation, out: &mut String) {
    out.extend(fold(text).chars().filter(|letter| *letter != ' ').take(24));
}

/// Appends the code without spaces; the four digits after a five-digit code of the United States
/// name a side of a street and are often missing or zero.
fn push_postcode(text: &str, notation: DateNotation, out: &mut String) {
    let start = out.len();
    push_compact(text, notation, out);
    let code = &out.as_bytes()[start..];
    if code.len() == 9 && code.iter().all(u8::is_ascii_digit) {
        out.truncate(start + 5);
    }
}
