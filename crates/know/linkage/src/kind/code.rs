//! Is this the same number of a document, or the same word of a small list?

use super::{DateNotation, Definition, Level, Part, Prepared, is_one_slip, level};
use crate::text::fold;

const IDENTIFIER_LEVELS: [Level; 4] = [
    level("same", 0.88, 1.0),
    level("a character off", 0.06, 0.25),
    level("two characters off", 0.02, 0.0),
    level("different", 0.04, 0.0),
];

pub(super) static IDENTIFIER: Definition = Definition {
    levels: &IDENTIFIER_LEVELS,
    normalise: push_code,
    level: identifier_level,
    parts: &[Part::Whole, Part::Start(4), Part::End(4)],
    at_home: 0.0,
};

const CATEGORY_LEVELS: [Level; 2] = [level("same", 0.96, 1.0), level("different", 0.04, 0.0)];

pub(super) static CATEGORY: Definition = Definition {
    levels: &CATEGORY_LEVELS,
    normalise: push_code,
    level: |_, _| 1,
    parts: &[Part::Whole],
    at_home: 0.0,
};

fn identifier_level(a: Prepared<'_>, b: Prepared<'_>) -> u8 {
    if is_one_slip(a.text, b.text, 5) {
        return 1;
    }
    let is_long = a.text.len().min(b.text.len()) >= 6;
    if is_long && a.distance(b) == 2 { 2 } else { 3 }
}

/// Appends letters and digits; nothing for a run of one digit, which stands for no number.
fn push_code(text: &str, _: DateNotation, out: &mut String) {
    let code: String = fold(text).chars().filter(|letter| *letter != ' ').take(64).collect();
    let is_filler = code.len() > 3 && code.bytes().all(|byte| byte == code.as_bytes()[0]);
    if !is_filler {
        out.push_str(&code);
    }
}
