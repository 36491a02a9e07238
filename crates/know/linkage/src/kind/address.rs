//! Is this the same street, or the same whole address?

use super::{DateNotation, Definition, Level, Part, Prepared, is_one_slip, level};
use crate::metric::shared_words;
use crate::text::fold;

const STREET_LEVELS: [Level; 5] = [
    level("same", 0.75, 1.0),
    level("a letter off", 0.09, 0.5),
    level("similar", 0.05, 0.25),
    level("something in common", 0.03, 0.0),
    level("different", 0.08, 0.0),
];

pub(super) static STREET: Definition = Definition {
    levels: &STREET_LEVELS,
    normalise: push_street,
    level: street_level,
    parts: &[Part::Whole, Part::Start(5)],
    at_home: 0.9,
};

const ADDRESS_LEVELS: [Level; 5] = [
    level("same", 0.55, 1.0),
    level("same words", 0.15, 0.75),
    level("part of the other", 0.10, 0.5),
    level("something in common", 0.08, 0.0),
    level("different", 0.12, 0.0),
];

pub(super) static ADDRESS: Definition = Definition {
    levels: &ADDRESS_LEVELS,
    normalise: push_street,
    level: address_level,
    parts: &[Part::Whole, Part::Start(8)],
    at_home: 0.9,
};

fn street_level(a: Prepared<'_>, b: Prepared<'_>) -> u8 {
    let similarity = a.similarity(b, 0.82);
    if similarity >= 0.95 || is_one_slip(a.text, b.text, 5) {
        return 1;
    }
    let words = shared_words(a.text, b.text);
    if words.jaccard() >= 1.0 {
        return 1;
    }
    if similarity >= 0.89 || (words.n_short >= 2 && words.overlap() >= 0.75) {
        return 2;
    }
    if similarity >= 0.82 || (words.n_short >= 2 && words.overlap() >= 0.5) { 3 } else { 4 }
}

/// Numbers tell neighbours apart, so a number that has no counterpart rules out the upper levels.
fn address_level(a: Prepared<'_>, b: Prepared<'_>) -> u8 {
    let words = shared_words(a.text, b.text);
    let numbers = shared_numbers(a.text, b.text);
    if numbers != Some(false) {
        if words.jaccard() >= 0.8 || a.similarity(b, 0.97) >= 0.97 {
            return 1;
        }
        if words.overlap() >= 0.7 && words.n_short >= 2 {
            return 2;
        }
    }
    if words.overlap() >= 0.5 && words.n_shared >= 2 { 3 } else { 4 }
}

/// Whether the house numbers agree (the first number of one is a number of the other); `None`
/// where one side has none.
fn shared_numbers(a: &str, b: &str) -> Option<bool> {
    let numbers = |text| str::split(text, ' ').filter(|word| word.as_bytes()[0].is_ascii_digit());
    let (first_a, first_b) = (numbers(a).next()?, numbers(b).next()?);
    Some(numbers(b).any(|word| word == first_a) || numbers(a).any(|word| word == first_b))
}

fn push_street(text: &str, _: DateNotation, out: &mut String) {
    let folded = fold(text);
    let start = out.len();
    for word in folded.split(' ').filter(|word| !word.is_empty()) {
        if out.len() > start {
            out.push(' ');
        }
        push_word(word, out);
    }
}

/// Words that are written in full or short, in their short form; German streets carry theirs as
/// an ending.
fn push_word(word: &str, out: &mut String) {
    let short = match word {
        "street" | "saint" => "st",
        "road" => "rd",
        "avenue" | "ave" => "av",
        "lane" => "ln",
        "drive" => "dr",
        "place" => "pl",
        "court" => "ct",
        "crescent" | "cres" => "cr",
        "circuit" => "cct",
        "boulevard" => "blvd",
        "highway" => "hwy",
        "parade" => "pde",
        "terrace" => "tce",
        "square" => "sq",
        "close" => "cl",
        "north" => "n",
        "south" => "s",
        "east" => "e",
        "west" => "w",
        "apartment" | "appt" => "apt",
        "suite" => "ste",
        "strasse" => "str",
        _ => "",
    };
    match word.strip_suffix("strasse") {
        _ if !short.is_empty() => out.push_str(short),
        Some(stem) => {
            out.push_str(stem);
            out.push_str("str");
        }
        None => out.push_str(word),
    }
}
