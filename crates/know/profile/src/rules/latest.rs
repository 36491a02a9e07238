//! What if the latest word counts?
//!
//! **latest**: the value that was said last, whoever said it; if the trait was taken away last, it
//! has none. The usual rule: people move, change plans, and correct themselves.

use super::Candidate;

pub(super) const SLUG: &str = "latest";
pub(super) const WORDS: &str = "What was said last counts, whoever said it.";

pub(super) fn pick<'a>(said: impl Iterator<Item = Candidate<'a>>) -> Option<Candidate<'a>> {
    said.max_by(|a, b| a.rank().cmp(&b.rank()))
}
