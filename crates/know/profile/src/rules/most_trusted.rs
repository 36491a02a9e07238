//! What if some sources know better than others?
//!
//! **most_trusted**: of the sources that said anything about the trait, the one that stands first
//! in the list of trusted sources; its latest word counts, also that the trait was taken away.
//! Sources that are not in the list come after all that are, and count as equals among each other:
//! there the latest word counts.

use super::Candidate;
use base::SourceId;
use std::cmp::Reverse;

pub(super) const SLUG: &str = "most_trusted";
pub(super) const WORDS: &str =
    "What the most trusted source says counts, also where others said something later.";

pub(super) fn pick<'a>(
    said: impl Iterator<Item = Candidate<'a>>,
    trusted: &[SourceId],
) -> Option<Candidate<'a>> {
    let place = |candidate: &Candidate<'_>| {
        let source = candidate.said.source();
        trusted.iter().position(|&trusted| trusted == source).unwrap_or(trusted.len())
    };
    said.max_by_key(|candidate| (Reverse(place(candidate)), candidate.rank()))
}
