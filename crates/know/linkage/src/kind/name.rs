//! Are these two names the name of one person?

use super::nickname::share_group;
use super::{DateNotation, Definition, Level, Part, Prepared, is_one_slip, is_swap, level};
use crate::metric::{jaro_winkler, shared_words};
use crate::text::fold;

/// From this Jaro–Winkler similarity on two names are taken to be spellings of one (Winkler 1990
/// used 0.92 and 0.88 for census names); what it is worth is learned all the same.
const CLOSE: f64 = 0.92;
/// Down to this one they have something in common.
const SIMILAR: f64 = 0.80;

/// The level of given names that are the family names of the other record and the reverse. It
/// needs both names and is therefore decided where the record is at hand.
pub(crate) const SWAPPED: u8 = 6;

const GIVEN_LEVELS: [Level; 8] = [
    level("same", 0.82, 1.0),
    level("nickname", 0.03, 0.5),
    level("a letter off", 0.06, 0.5),
    level("part of the other", 0.02, 0.5),
    level("initial", 0.02, 0.0),
    level("similar", 0.02, 0.25),
    level("given and family name swapped", 0.01, 0.0),
    level("different", 0.02, 0.0),
];

pub(super) static GIVEN: Definition = Definition {
    levels: &GIVEN_LEVELS,
    normalise: plain_name,
    level: given_level,
    parts: &[Part::Whole, Part::Start(3), Part::Sound, Part::Start(1), Part::BothNames],
    at_home: 0.0,
};

const FAMILY_LEVELS: [Level; 5] = [
    level("same", 0.84, 1.0),
    level("a letter off", 0.07, 0.5),
    level("part of the other", 0.02, 0.5),
    level("similar", 0.02, 0.25),
    level("different", 0.05, 0.0),
];

pub(super) static FAMILY: Definition = Definition {
    levels: &FAMILY_LEVELS,
    normalise: plain_name,
    level: family_level,
    parts: &[Part::Whole, Part::Start(4), Part::Sound],
    at_home: 0.7,
};

const GENERATION_LEVELS: [Level; 2] = [level("same", 0.97, 1.0), level("different", 0.03, 0.0)];

pub(super) static GENERATION: Definition = Definition {
    levels: &GENERATION_LEVELS,
    normalise: |text, _, out| out.push_str(generation(&fold(text)).unwrap_or_default()),
    level: |_, _| 1,
    parts: &[],
    at_home: 0.0,
};

fn given_level(a: Prepared<'_>, b: Prepared<'_>) -> u8 {
    if is_part(a.text, b.text) {
        return 3;
    }
    if share_group(a.groups, b.groups) {
        return 1;
    }
    if a.text.len() == 1 || b.text.len() == 1 {
        return if a.text.as_bytes()[0] == b.text.as_bytes()[0] { 4 } else { 7 };
    }
    let similarity = a.similarity(b, SIMILAR);
    if similarity >= CLOSE || is_one_slip(a.text, b.text, 4) || is_swap(a.text, b.text) {
        return 2;
    }
    if similarity >= SIMILAR { 5 } else { 7 }
}

fn family_level(a: Prepared<'_>, b: Prepared<'_>) -> u8 {
    let similarity = a.similarity(b, SIMILAR);
    if similarity >= CLOSE || is_one_slip(a.text, b.text, 4) || is_swap(a.text, b.text) {
        return 1;
    }
    if is_part(a.text, b.text) {
        return 2;
    }
    if similarity >= SIMILAR { 3 } else { 4 }
}

/// Whether two names are one name spelled alike, for telling swapped names.
pub(crate) fn is_close(a: &str, b: &str) -> bool {
    a == b || jaro_winkler(a, b) >= CLOSE
}

/// Whether every word of the one is a word of the other, which has more.
fn is_part(a: &str, b: &str) -> bool {
    if !a.contains(' ') && !b.contains(' ') {
        return false;
    }
    let words = shared_words(a, b);
    words.n_shared == words.n_short && words.n_long > words.n_short
}

/// Appends the name without titles. A word that is all there is is a name, whatever it looks like:
/// written in Latin letters, the Arabic Omar is `mr`.
fn plain_name(text: &str, _: DateNotation, out: &mut String) {
    let folded = fold(text);
    let start = out.len();
    if !folded.contains(' ') && generation(&folded).is_none() {
        out.push_str(&folded);
        return;
    }
    for word in folded.split(' ') {
        if word.is_empty() || is_title(word) || generation(word).is_some() {
            continue;
        }
        if out.len() > start {
            out.push(' ');
        }
        out.push_str(word);
    }
}

fn is_title(word: &str) -> bool {
    matches!(
        word,
        "mr" | "mrs"
            | "ms"
            | "miss"
            | "dr"
            | "prof"
            | "professor"
            | "sir"
            | "herr"
            | "frau"
            | "mme"
            | "mlle"
            | "dipl"
            | "ing"
            | "phd"
            | "md"
    )
}

/// Which generation a word speaks of, in its normal form: `jr`, `sr`, `2`, `3`, `4`.
pub(crate) fn generation(word: &str) -> Option<&'static str> {
    match word {
        "jr" | "junior" | "jnr" => Some("jr"),
        "sr" | "senior" | "snr" => Some("sr"),
        "ii" | "2nd" => Some("2"),
        "iii" | "3rd" => Some("3"),
        "iv" | "4th" => Some("4"),
        _ => None,
    }
}

/// A whole name, taken apart; still to be normalised.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NameParts<'a> {
    pub(crate) given: &'a str,
    pub(crate) family: &'a str,
}

/// Takes a whole name apart: at its comma, else before its last word and the particles that
/// belong to it (`Ludwig van Beethoven`); a lone word is a family name.
pub(crate) fn full_name(text: &str) -> NameParts<'_> {
    let text = text.trim();
    if let Some((family, given)) = text.split_once(',') {
        let is_suffix = generation(&fold(given)).is_some();
        if !is_suffix {
            return NameParts { given, family };
        }
    }
    let mut cut = text.len();
    let mut has_family = false;
    for (at, word) in words_from_the_end(text) {
        let folded = fold(word);
        if has_family && !is_particle(&folded) {
            break;
        }
        has_family |= !folded.is_empty() && generation(&folded).is_none();
        cut = at;
    }
    NameParts { given: &text[..cut], family: &text[cut..] }
}

fn words_from_the_end(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.rsplit(char::is_whitespace)
        .filter(|word| !word.is_empty())
        .map(move |word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

fn is_particle(word: &str) -> bool {
    matches!(
        word,
        "van"
            | "von"
            | "de"
            | "der"
            | "den"
            | "da"
            | "di"
            | "del"
            | "della"
            | "dos"
            | "la"
            | "le"
            | "du"
            | "bin"
            | "ibn"
            | "al"
            | "el"
            | "ter"
            | "ten"
            | "zu"
            | "st"
            | "mac"
            | "o"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_names_come_apart() {
        for (text, given, family) in [
            ("Keeley Jones", "Keeley", "Jones"),
            ("Jones, Kaylee", "Kaylee", "Jones"),
            ("Ludwig van Beethoven", "Ludwig", "van Beethoven"),
            ("Robert Smith Jr.", "Robert", "Smith Jr."),
            ("Robert Smith, Jr", "Robert", "Smith, Jr"),
            ("Madonna", "", "Madonna"),
            ("", "", ""),
        ] {
            let parts = full_name(text);
            assert_eq!((parts.given.trim(), parts.family.trim()), (given, family), "{text}");
        }
    }
}
