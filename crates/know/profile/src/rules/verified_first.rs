//! What if a value that was checked is worth more than one that was only said?
//!
//! **verified_first**: of the verified statements the latest; only where none is verified, the
//! latest of all. Verified is what a source says that is listed as verified (a till, a CRM that is
//! kept by hand), and an e-mail address or telephone number that the customer confirmed
//! (`Email Confirmed`, `Phone Confirmed`). That a source which is not verified takes the trait
//! away does not take a verified value away.

use super::Candidate;

pub(super) const SLUG: &str = "verified_first";
pub(super) const WORDS: &str = "What is verified counts, also where something else was said later; without, what was said last.";

pub(super) fn pick<'a>(
    said: impl Iterator<Item = Candidate<'a>>,
    is_verified: impl Fn(&Candidate<'a>) -> bool,
) -> Option<Candidate<'a>> {
    said.max_by_key(|candidate| (is_verified(candidate), candidate.rank()))
}
