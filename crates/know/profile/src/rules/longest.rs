//! What if the fullest value is the best one?
//!
//! **longest**: of the values that were said since the trait was last taken away, the one with the
//! most characters (of its text; other values as JSON); of equally long ones the latest. For names
//! and addresses that some forms cut short. It looks at the values that are kept: see
//! `values_per_trait_max`.

use super::Candidate;

pub(super) const SLUG: &str = "longest";
pub(super) const WORDS: &str = "The longest value counts, of those said since it was taken away.";

pub(super) fn pick<'a>(said: impl Iterator<Item = Candidate<'a>> + Clone) -> Option<Candidate<'a>> {
    let gone = said.clone().filter(|candidate| candidate.said.value.is_none());
    let gone = gone.max_by(|a, b| a.rank().cmp(&b.rank()));
    let standing = said.filter(|candidate| {
        candidate.said.value.is_some() && gone.is_none_or(|gone| candidate.rank() > gone.rank())
    });
    standing.max_by_key(|candidate| (n_chars(candidate), candidate.rank())).or(gone)
}

/// A text's quotes are the same two for all texts, and count for none.
fn n_chars(candidate: &Candidate<'_>) -> usize {
    let text = candidate.said.value.as_deref().unwrap_or_default();
    text.chars().count() - if text.starts_with('"') { 2.min(text.chars().count()) } else { 0 }
}
