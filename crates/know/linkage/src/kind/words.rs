//! Are these the same words: the name of an organisation, or free text?

use super::{DateNotation, Definition, Level, Part, Prepared, is_one_slip, level};
use crate::metric::shared_words;
use crate::text::{fold, fold_into};

const ORGANISATION_LEVELS: [Level; 5] = [
    level("same", 0.70, 1.0),
    level("a letter off", 0.08, 0.5),
    level("part of the other", 0.07, 0.25),
    level("similar", 0.05, 0.0),
    level("different", 0.10, 0.0),
];

pub(super) static ORGANISATION: Definition = Definition {
    levels: &ORGANISATION_LEVELS,
    normalise: push_organisation,
    level: organisation_level,
    parts: &[Part::Whole, Part::Start(5)],
    at_home: 0.2,
};

const TEXT_LEVELS: [Level; 4] = [
    level("same", 0.50, 1.0),
    level("nearly the same words", 0.20, 0.5),
    level("half of the words", 0.10, 0.0),
    level("different", 0.20, 0.0),
];

pub(super) static TEXT: Definition = Definition {
    levels: &TEXT_LEVELS,
    normalise: |text, _, out| fold_into(text, out),
    level: text_level,
    parts: &[Part::Whole],
    at_home: 0.1,
};

fn organisation_level(a: Prepared<'_>, b: Prepared<'_>) -> u8 {
    let similarity = a.similarity(b, 0.88);
    if similarity >= 0.95 || is_one_slip(a.text, b.text, 5) {
        return 1;
    }
    let words = shared_words(a.text, b.text);
    if words.n_shared == words.n_short {
        return 2;
    }
    if similarity >= 0.88 || words.jaccard() >= 0.5 { 3 } else { 4 }
}

fn text_level(a: Prepared<'_>, b: Prepared<'_>) -> u8 {
    let jaccard = shared_words(a.text, b.text).jaccard();
    if jaccard >= 0.8 {
        1
    } else if jaccard >= 0.5 {
        2
    } else {
        3
    }
}

/// Appends the name without its legal form; the form alone is kept where nothing else is there.
fn push_organisation(text: &str, _: DateNotation, out: &mut String) {
    let folded = fold(text);
    let start = out.len();
    for word in folded.split(' ').filter(|word| !is_legal_form(word)) {
        if out.len() > start {
            out.push(' ');
        }
        out.push_str(word);
    }
    if out.len() == start {
        out.push_str(&folded);
    }
}

fn is_legal_form(word: &str) -> bool {
    matches!(
        word,
        "gmbh"
            | "ag"
            | "kg"
            | "ohg"
            | "ug"
            | "inc"
            | "incorporated"
            | "ltd"
            | "limited"
            | "llc"
            | "llp"
            | "plc"
            | "corp"
            | "corporation"
            | "co"
            | "company"
            | "sa"
            | "sas"
            | "sarl"
            | "srl"
            | "spa"
            | "bv"
            | "nv"
            | "oy"
            | "ab"
            | "as"
            | "pty"
            | "the"
    )
}
