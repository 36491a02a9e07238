//! Is this the same date, written or mistyped otherwise?

use super::{DateNotation, Definition, Level, Part, Prepared, level};
use crate::metric::is_within_one_edit;

const LEVELS: [Level; 7] = [
    level("same", 0.88, 1.0),
    level("day and month swapped", 0.02, 0.5),
    level("a digit off", 0.04, 0.5),
    level("one part differs", 0.02, 0.25),
    level("two digits off", 0.01, 0.0),
    level("same year", 0.01, 0.0),
    level("different", 0.02, 0.0),
];

pub(super) static DATE: Definition = Definition {
    levels: &LEVELS,
    normalise: push_date,
    level: |a, b| date_level(a, b),
    parts: &[Part::Whole, Part::YearMonth, Part::DayMonth, Part::Start(4)],
    at_home: 0.0,
};

fn date_level(one: Prepared<'_>, other: Prepared<'_>) -> u8 {
    let (a, b) = (one.text, other.text);
    if a.len() != 8 || b.len() != 8 {
        return if is_within_one_edit(a, b) { 2 } else { 6 };
    }
    let same_year = a[..4] == b[..4];
    if same_year && a[4..6] == b[6..] && a[6..] == b[4..6] {
        return 1;
    }
    if is_within_one_edit(a, b) {
        return 2;
    }
    let n_parts = u8::from(same_year) + u8::from(a[4..6] == b[4..6]) + u8::from(a[6..] == b[6..]);
    match n_parts {
        2.. => 3,
        _ if one.distance(other) == 2 => 4,
        _ if same_year => 5,
        _ => 6,
    }
}

/// Appends the date as eight digits, year first; digits that are no date stay as they are, since
/// a mistyped date is evidence too.
fn push_date(text: &str, notation: DateNotation, out: &mut String) {
    let mut parts = [0u32; 3];
    let mut widths = [0usize; 3];
    let mut n = 0;
    let mut named_month = None;
    for piece in text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|p| !p.is_empty()) {
        if let Ok(number) = piece.parse::<u32>() {
            if n == 3 {
                break;
            }
            parts[n] = number;
            widths[n] = piece.len();
            n += 1;
        } else if piece.bytes().all(|b| b.is_ascii_alphabetic()) {
            named_month = named_month.or_else(|| month_number(piece));
        } else {
            // `1971-06-24T00:00:00Z`: what follows is the time of day.
            let digits: String = piece.chars().take_while(char::is_ascii_digit).collect();
            if let (true, Ok(number)) = (n < 3, digits.parse::<u32>()) {
                parts[n] = number;
                widths[n] = digits.len();
                n += 1;
            }
            break;
        }
    }
    let date = match (n, named_month) {
        (1, None) if widths[0] == 8 => return push_compact(parts[0], notation, out),
        (2.., Some(month)) => day_of(&parts, &widths, month, notation),
        (3, None) => numeric(&parts, &widths, notation),
        _ => None,
    };
    match date {
        Some((year, month, day)) => push_eight(year, month, day, out),
        None => out.extend(text.chars().filter(char::is_ascii_digit).take(16)),
    }
}

/// Eight digits in a row: the year leads, unless only the other end can be one.
fn push_compact(digits: u32, notation: DateNotation, out: &mut String) {
    let (lead, tail) = (digits / 10_000, digits % 10_000);
    let looks_like_year = |year: u32| (1850..=2150).contains(&year);
    if !looks_like_year(lead) && looks_like_year(tail) {
        let (first, second) = (lead / 100, lead % 100);
        let (day, month) = day_and_month(first, second, notation);
        push_eight(tail, month, day, out);
    } else {
        push_eight(lead, tail / 100, tail % 100, out);
    }
}

fn numeric(
    parts: &[u32; 3],
    widths: &[usize; 3],
    notation: DateNotation,
) -> Option<(u32, u32, u32)> {
    if widths[0] == 4 {
        return Some((parts[0], parts[1], parts[2]));
    }
    let year = full_year(parts[2], widths[2], notation)?;
    let (day, month) = day_and_month(parts[0], parts[1], notation);
    Some((year, month, day))
}

fn day_of(
    parts: &[u32; 3],
    widths: &[usize; 3],
    month: u32,
    notation: DateNotation,
) -> Option<(u32, u32, u32)> {
    if widths[0] == 4 {
        return Some((parts[0], month, parts[1]));
    }
    Some((full_year(parts[1], widths[1], notation)?, month, parts[0]))
}

fn day_and_month(first: u32, second: u32, notation: DateNotation) -> (u32, u32) {
    let day_first = if first > 12 {
        true
    } else if second > 12 {
        false
    } else {
        notation.day_first
    };
    if day_first { (first, second) } else { (second, first) }
}

fn full_year(year: u32, width: usize, notation: DateNotation) -> Option<u32> {
    match width {
        4 => Some(year),
        1 | 2 if year <= u32::from(notation.pivot_year) => Some(2000 + year),
        1 | 2 => Some(1900 + year),
        _ => None,
    }
}

fn push_eight(year: u32, month: u32, day: u32, out: &mut String) {
    use std::fmt::Write;
    if year == 0 || year > 9999 || month > 99 || day > 99 || (month == 0 && day == 0) {
        return;
    }
    write!(out, "{year:04}{month:02}{day:02}").expect("writing to a string succeeds");
}

fn month_number(word: &str) -> Option<u32> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let head = word.get(..3)?;
    let at = MONTHS.iter().position(|month| month.eq_ignore_ascii_case(head))?;
    u32::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_any_notation() {
        let month_first = DateNotation { day_first: false, pivot_year: 29 };
        for (text, expected) in [
            ("19560409", "19560409"),
            ("1956-04-09", "19560409"),
            ("1956-04-09T00:00:00Z", "19560409"),
            ("4/9/56", "19560409"),
            ("20/8/1991", "19910820"),
            ("Mar 1 1970", "19700301"),
            ("24-May-11", "20110524"),
            ("09041956", "19560904"),
            ("19561309", "19561309"),
            ("", ""),
            ("unknown", ""),
            ("0000-00-00", ""),
        ] {
            let mut out = String::new();
            push_date(text, month_first, &mut out);
            assert_eq!(out, expected, "{text}");
        }
    }
}
