//! How alike are two short texts?
//!
//! Both metrics work on whole machine words, one bit per letter, and look at the first 64 bytes:
//! a linkage of a million records compares texts some hundred million times, and the libraries,
//! which take any sequence of anything, need four to eight times as long. They are the reference
//! in the tests.

use std::cell::RefCell;

const WORD: usize = 64;

thread_local! {
    /// Where each byte stands in the text at hand; all zero between two comparisons, since to clear
    /// the few rows that were used takes a fraction of the time of a fresh table.
    static PLACES: RefCell<[u64; 256]> = const { RefCell::new([0; 256]) };
}

/// What `look` makes of the places of each byte in `text`.
fn with_places<T>(text: &[u8], look: impl FnOnce(&[u64; 256]) -> T) -> T {
    PLACES.with_borrow_mut(|places| {
        for (at, letter) in text.iter().enumerate() {
            places[usize::from(*letter)] |= 1 << at;
        }
        let seen = look(places);
        text.iter().for_each(|letter| places[usize::from(*letter)] = 0);
        seen
    })
}

fn word(text: &[u8]) -> &[u8] {
    &text[..text.len().min(WORD)]
}

/// The Jaro–Winkler similarity, in [0, 1]; 1 is equality (Winkler 1990, prefix weight 0.1, prefix
/// at most 4 letters, no boost below a Jaro similarity of 0.7, as in Winkler's own programme).
#[must_use]
pub fn jaro_winkler(a: &str, b: &str) -> f64 {
    let (a, b) = (word(a.as_bytes()), word(b.as_bytes()));
    let jaro = jaro(a, b);
    if jaro <= 0.7 {
        return jaro;
    }
    let prefix = a.iter().zip(b).take(4).take_while(|(x, y)| x == y).count();
    jaro + prefix as f64 * 0.1 * (1.0 - jaro)
}

/// Which letters a text has, one bit each; some share a bit.
pub(crate) fn letters_of(text: &str) -> u32 {
    word(text.as_bytes()).iter().fold(0, |letters, letter| letters | 1 << (letter & 31))
}

/// Whether the Jaro–Winkler similarity can reach `least` (at least 0.7), as far as the letters tell:
/// one that only one text has has no partner.
pub(crate) fn could_be_similar(a: (&str, u32), b: (&str, u32), least: f64) -> bool {
    let (text_a, text_b) = (word(a.0.as_bytes()), word(b.0.as_bytes()));
    let partners = |own: usize, own_letters: u32, letters: u32| {
        own - (own_letters & !letters).count_ones() as usize
    };
    let n_matching = partners(text_a.len(), a.1, b.1).min(partners(text_b.len(), b.1, a.1)) as f64;
    let jaro = (n_matching / text_a.len() as f64 + n_matching / text_b.len() as f64 + 1.0) / 3.0;
    if jaro <= 0.7 {
        return false;
    }
    let prefix = text_a.iter().zip(text_b).take(4).take_while(|(x, y)| x == y).count();
    jaro + prefix as f64 * 0.1 * (1.0 - jaro) >= least
}

/// The Jaro similarity (Jaro 1989), its matching letters held as bits.
fn jaro(a: &[u8], b: &[u8]) -> f64 {
    if a.is_empty() || b.is_empty() {
        return f64::from(u8::from(a.len() == b.len()));
    }
    let window = (a.len().max(b.len()) / 2).saturating_sub(1);
    let (taken_a, taken_b) = matching_letters(a, b, window);
    let n_matching = taken_a.count_ones();
    if n_matching == 0 {
        return 0.0;
    }
    let matching = f64::from(n_matching);
    let half_transpositions = f64::from(n_out_of_order(a, b, taken_a, taken_b) / 2);
    (matching / a.len() as f64
        + matching / b.len() as f64
        + (matching - half_transpositions) / matching)
        / 3.0
}

/// Which letters of either text have a partner within the window, the first free one each.
fn matching_letters(a: &[u8], b: &[u8], window: usize) -> (u64, u64) {
    with_places(b, |places| {
        let (mut taken_a, mut taken_b) = (0u64, 0u64);
        for (i, letter) in a.iter().enumerate() {
            let from = u64::MAX << i.saturating_sub(window).min(WORD - 1);
            let to = u64::MAX >> (WORD - 1 - (i + window).min(WORD - 1));
            let open = places[usize::from(*letter)] & from & to & !taken_b;
            taken_a |= u64::from(open != 0) << i;
            taken_b |= open & open.wrapping_neg();
        }
        (taken_a, taken_b)
    })
}

fn n_out_of_order(a: &[u8], b: &[u8], mut taken_a: u64, mut taken_b: u64) -> u32 {
    let mut n = 0;
    while taken_a != 0 {
        let (i, j) = (taken_a.trailing_zeros() as usize, taken_b.trailing_zeros() as usize);
        n += u32::from(a[i] != b[j]);
        taken_a &= taken_a - 1;
        taken_b &= taken_b - 1;
    }
    n
}

/// The Damerau–Levenshtein distance in its restricted form (optimal string alignment): letters
/// left out, put in, replaced, or two neighbours swapped, no part edited twice.
///
/// Bit-parallel by Hyyrö 2003 ("A bit-vector algorithm for computing Levenshtein and Damerau
/// edit distances").
#[must_use]
pub fn damerau_levenshtein(a: &str, b: &str) -> usize {
    let (a, b) = (word(a.as_bytes()), word(b.as_bytes()));
    if a.is_empty() {
        return b.len();
    }
    with_places(a, |places| edits(places, a.len(), b))
}

/// The distance of `b` from a text of `n_letters` letters that stand in these places.
fn edits(places: &[u64; 256], n_letters: usize, b: &[u8]) -> usize {
    let (mut up, mut down, mut diagonal, mut before) = (u64::MAX, 0u64, 0u64, 0u64);
    let last = 1u64 << (n_letters - 1);
    let mut distance = n_letters;
    for letter in b {
        let here = places[usize::from(*letter)];
        let swapped = ((!diagonal & here) << 1) & before;
        diagonal = (((here & up).wrapping_add(up)) ^ up) | here | down | swapped;
        let mut right = down | !(diagonal | up);
        let mut left = diagonal & up;
        distance += usize::from(right & last != 0);
        distance -= usize::from(left & last != 0);
        right = (right << 1) | 1;
        left <<= 1;
        up = left | !(diagonal | right);
        down = right & diagonal;
        before = here;
    }
    distance
}

/// Whether [`damerau_levenshtein`] is 0 or 1, told by what is left between the common beginning
/// and the common end.
#[must_use]
pub fn is_within_one_edit(a: &str, b: &str) -> bool {
    let (a, b) = (word(a.as_bytes()), word(b.as_bytes()));
    if a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[head..], &b[head..]);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    match (&a[..a.len() - tail], &b[..b.len() - tail]) {
        ([] | [_], [] | [_]) => true,
        ([x, y], [v, w]) => x == w && y == v,
        _ => false,
    }
}

/// Which share of the words of the shorter text is in the other one, and which of the longer?
///
/// Words count as the same when they are equal, or begin one another (`st` and `street` do not,
/// `univ` and `universal` do, from three letters on).
///
/// The first 24 words of a text are looked at.
#[must_use]
pub fn shared_words(a: &str, b: &str) -> Words {
    let (mut words_a, mut words_b) = ([&[][..]; WORDS], [&[][..]; WORDS]);
    let (n_a, n_b) = (split_words(a, &mut words_a), split_words(b, &mut words_b));
    let (words_a, words_b) = (&words_a[..n_a], &words_b[..n_b]);
    let (short, long) = if n_a <= n_b { (words_a, words_b) } else { (words_b, words_a) };
    let mut taken = 0u32;
    for one in short {
        let is_open = |at: &usize| taken & (1 << at) == 0;
        let found = (0..long.len()).filter(is_open).find(|&at| is_same_word(one, long[at]));
        if let Some(at) = found {
            taken |= 1 << at;
        }
    }
    Words { n_shared: taken.count_ones() as usize, n_short: short.len(), n_long: long.len() }
}

const WORDS: usize = 24;

/// The words of a text, and how many there are, at least one.
fn split_words<'a>(text: &'a str, words: &mut [&'a [u8]; WORDS]) -> usize {
    let mut n = 0;
    for word in text.as_bytes().split(|byte| *byte == b' ').take(WORDS) {
        words[n] = word;
        n += 1;
    }
    n
}

fn is_same_word(a: &[u8], b: &[u8]) -> bool {
    a == b || (a.len().min(b.len()) >= 3 && (a.starts_with(b) || b.starts_with(a)))
}

/// What two texts share, in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// Words in both.
    pub n_shared: usize,
    /// Words of the text with fewer.
    pub n_short: usize,
    /// Words of the text with more.
    pub n_long: usize,
}

impl Words {
    /// The Jaccard similarity, in [0, 1].
    #[must_use]
    pub fn jaccard(self) -> f64 {
        self.n_shared as f64 / (self.n_short + self.n_long - self.n_shared) as f64
    }

    /// The overlap coefficient: the share of the shorter text's words, in [0, 1].
    #[must_use]
    pub fn overlap(self) -> f64 {
        self.n_shared as f64 / self.n_short as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn published_values() {
        // Winkler 1990, table 1, to three digits.
        for (a, b, expected) in [
            ("shackleford", "shackelford", 0.982),
            ("dunningham", "cunnigham", 0.896),
            ("nichleson", "nichulson", 0.956),
            ("jones", "johnson", 0.832),
            ("massey", "massie", 0.933),
            ("abroms", "abrams", 0.922),
            ("dwayne", "duane", 0.840),
        ] {
            assert!((jaro_winkler(a, b) - expected).abs() < 6e-4, "{a} {b} {}", jaro_winkler(a, b));
        }
        assert_eq!(damerau_levenshtein("ca", "abc"), 3);
        assert_eq!(damerau_levenshtein("smith", "simth"), 1);
        assert_eq!(damerau_levenshtein("", "abc"), 3);
        assert_eq!(damerau_levenshtein("abc", ""), 3);
        assert_eq!(shared_words("old vythiri", "vythiri").overlap(), 1.0);
        assert_eq!(shared_words("a b", "b c").jaccard(), 1.0 / 3.0);
    }

    proptest! {
        #[test]
        fn bytes_beyond_ascii_are_told_apart(a in "[aáàâb]{0,10}", b in "[aáàâb]{0,10}") {
            let (a, b) = (a.as_bytes(), b.as_bytes());
            let as_chars = |text: &[u8]| text.iter().map(|byte| char::from(*byte)).collect::<String>();
            prop_assert!((jaro(a, b) - strsim::jaro(&as_chars(a), &as_chars(b))).abs() < 1e-12);
        }

        #[test]
        fn letters_rule_out_what_is_not_alike(a in "[a-h0-3 ]{1,12}", b in "[a-h0-3 ]{1,12}") {
            let (letters_a, letters_b) = (letters_of(&a), letters_of(&b));
            let similarity = jaro_winkler(&a, &b);
            for least in [0.8, 0.92] {
                let could = could_be_similar((&a, letters_a), (&b, letters_b), least);
                prop_assert!(could || similarity < least, "{} {}: {}", a, b, similarity);
            }
            let n_only = (letters_a & !letters_b).count_ones() as usize;
            prop_assert!(damerau_levenshtein(&a, &b) >= n_only);
        }

        #[test]
        fn the_library_agrees(a in "[a-d]{0,20}", b in "[a-d]{0,20}", c in "[ab]{0,4}", d in "[ab]{0,4}") {
            prop_assert_eq!(is_within_one_edit(&c, &d), strsim::osa_distance(&c, &d) <= 1);
            prop_assert_eq!(damerau_levenshtein(&a, &b), strsim::osa_distance(&a, &b));
            prop_assert!((jaro(a.as_bytes(), b.as_bytes()) - strsim::jaro(&a, &b)).abs() < 1e-12);
            prop_assert_eq!(damerau_levenshtein(&a, &b), damerau_levenshtein(&b, &a));
            prop_assert_eq!(is_within_one_edit(&a, &b), damerau_levenshtein(&a, &b) <= 1);
        }
    }
}
