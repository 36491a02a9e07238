//! Is this the same phone, whatever the notation?

use super::{DateNotation, Definition, Level, Part, Prepared, is_one_slip, level};

const LEVELS: [Level; 4] = [
    level("same", 0.80, 1.0),
    level("same local number", 0.03, 0.5),
    level("a digit off", 0.07, 0.5),
    level("different", 0.10, 0.0),
];

/// Digits from the end that tell phones apart: country and trunk prefixes come before them.
const DIGITS: usize = 9;

pub(super) static PHONE: Definition = Definition {
    levels: &LEVELS,
    normalise: push_digits,
    level: phone_level,
    parts: &[Part::Whole, Part::End(7), Part::End(6), Part::Start(6)],
    at_home: 0.4,
};

fn phone_level(a: Prepared<'_>, b: Prepared<'_>) -> u8 {
    let n = a.text.len().min(b.text.len()).min(7);
    if n >= 6 && a.text[a.text.len() - n..] == b.text[b.text.len() - n..] {
        return 1;
    }
    if is_one_slip(a.text, b.text, 6) { 2 } else { 3 }
}

/// Appends the last nine digits; nothing where there are fewer than five or all are the same.
fn push_digits(text: &str, _: DateNotation, out: &mut String) {
    let mut digits = [0u8; 32];
    let mut n = 0;
    for digit in text.bytes().filter(u8::is_ascii_digit).take(digits.len()) {
        digits[n] = digit;
        n += 1;
    }
    let kept = &digits[n.saturating_sub(DIGITS)..n];
    if kept.len() < 5 || kept.iter().all(|digit| *digit == kept[0]) {
        return;
    }
    let significant = kept.iter().skip_while(|digit| kept.len() < DIGITS && **digit == b'0');
    out.extend(significant.map(|digit| char::from(*digit)));
}
