//! How do words that were said before they were entries of the log come into it?
//!
//! As the first of their kind, in parts, each the next one: a part that was written down twice (a
//! crash lay between) is passed over the second time, and whatever was said since stays.

use super::plan::place_anywhere;
use super::{RelateOrder, Word};
use crate::engine::Shared;
use crate::entry::LogEntry;
use crate::failure;
use base::{AccountId, Error};
use state::HandWord;
use std::collections::HashMap;

/// Who is named as having carried words over.
const RAPPORT: &str = "Rapport";
/// Words of one part.
const AT_ONCE: usize = 2_000;

/// Writes down what is said by hand and in no entry of the log.
///
/// # Errors
/// Whatever the tables or the log say.
pub(crate) async fn carry_over(shared: &Shared) -> Result<(), Error> {
    if shared.state.count_relation_edits().await? > 0 {
        return Ok(());
    }
    let said = shared.state.all_words_by_hand().await?;
    let accounts: Vec<AccountId> =
        said.iter().filter_map(|(place, _)| super::account_of(place)).collect();
    let rows = shared.state.accounts(&accounts).await?.into_iter().flatten();
    let keys: HashMap<AccountId, String> = rows.map(|row| (row.id, row.key)).collect();
    let word = |(place, word): (_, HandWord)| {
        Some(Word { place: place_anywhere(place, &keys)?, said: Some(word.into()) })
    };
    let words: Vec<Word> = said.into_iter().filter_map(word).collect();
    for (part, words) in (0..).zip(words.chunks(AT_ONCE)) {
        let (at, by) = (shared.now(), RAPPORT.to_owned());
        let carried = Some(part);
        let order = RelateOrder { at, by, undoes: None, carried, words: words.to_vec() };
        let payload = LogEntry::encode_relate(&order).into();
        shared.log.append(payload).await.map_err(failure::log)?;
    }
    Ok(())
}

impl RelateOrder {
    /// Whether it is a part of what was carried over, and not the next one after `n_said`.
    pub(crate) fn is_carried_again(&self, n_said: u64) -> bool {
        self.carried.is_some_and(|part| part != n_said)
    }
}
