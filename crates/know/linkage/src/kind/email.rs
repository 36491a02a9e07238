//! Is this the same mailbox, or the same person at another provider?

use super::{DateNotation, Definition, Level, Part, Prepared, is_one_slip, level};
use crate::metric::{is_within_one_edit, jaro_winkler};
use crate::text::VALUE_BYTES_MAX;

const LEVELS: [Level; 5] = [
    level("same", 0.75, 1.0),
    level("a letter off", 0.08, 0.5),
    level("same name, other provider", 0.04, 0.5),
    level("similar", 0.03, 0.25),
    level("different", 0.10, 0.0),
];

pub(super) static EMAIL: Definition = Definition {
    levels: &LEVELS,
    normalise: push_address,
    level: email_level,
    parts: &[Part::Whole, Part::LocalPart, Part::Start(5)],
    at_home: 0.15,
};

fn email_level(a: Prepared<'_>, b: Prepared<'_>) -> u8 {
    if is_one_slip(a.text, b.text, 6) {
        return 1;
    }
    let (Some((name_a, _)), Some((name_b, _))) = (a.text.split_once('@'), b.text.split_once('@'))
    else {
        return 4;
    };
    if name_a == name_b && name_a.len() >= 4 {
        return 2;
    }
    let is_similar = name_a.len().min(name_b.len()) >= 5
        && (is_within_one_edit(name_a, name_b) || jaro_winkler(name_a, name_b) >= 0.93)
        && has_similar_digits(name_a, name_b);
    if is_similar { 3 } else { 4 }
}

/// Names with another number (`anna.meyer12`, `anna.meyer78`) are how providers keep namesakes
/// apart, so that they are no slip.
fn has_similar_digits(a: &str, b: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    is_within_one_edit(&digits(a), &digits(b))
}

/// Appends the address in lower case, without a name in front and without a `+tag`.
fn push_address(text: &str, _: DateNotation, out: &mut String) {
    let address = match (text.rfind('<'), text.rfind('>')) {
        (Some(open), Some(close)) if open < close => &text[open + 1..close],
        _ => text,
    };
    let Some((name, domain)) = address.trim().split_once('@') else { return };
    let name = name.split('+').next().unwrap_or_default();
    if name.is_empty() || domain.is_empty() || name.len() + domain.len() >= VALUE_BYTES_MAX {
        return;
    }
    out.extend(name.chars().flat_map(char::to_lowercase));
    out.push('@');
    out.extend(domain.chars().flat_map(char::to_lowercase));
}
