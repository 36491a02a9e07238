//! What would words by hand change, as things are now?

use super::{RelateOrder, Said, Word, WordPlace, account_of, identifier_of};
use crate::engine::Shared;
use base::{AccountId, Error, ErrorKind, IdentifierId, Position};
use state::{HandChange, HandPlace, HandWord, RelationEditRow};
use std::collections::{BTreeSet, HashMap};

/// Domains that one account may claim by hand.
const DOMAINS_MAX: usize = 50;

/// What words change.
#[derive(Debug, Default)]
pub(crate) struct PlannedWords {
    /// Each place that they are about, whether anything changes there or not.
    pub changes: Vec<HandChange>,
}

impl PlannedWords {
    /// Whether anything is said that was not said before.
    pub fn is_news(&self) -> bool {
        self.changes.iter().any(|change| change.before != change.after)
    }
}

impl RelateOrder {
    /// The row of these words, which lie at `position` in the log.
    pub(crate) fn row(&self, position: Position, refusal: Option<String>) -> RelationEditRow {
        RelationEditRow {
            id: position,
            at: self.at,
            by: self.by.clone(),
            refusal,
            undoes: self.undoes,
            undone_by: None,
        }
    }
}

impl Shared {
    /// Plans what `order` changes. Places of identifiers that nobody has any more are passed over.
    ///
    /// # Errors
    /// `NotFound` where nothing is left to speak of, or where something is to be said no more that
    /// nobody says; `Limited` for too many domains; `Conflict` for what cannot be taken back.
    pub(crate) async fn plan_words(&self, order: &RelateOrder) -> Result<PlannedWords, Error> {
        let words = self.with_places(&order.words).await?;
        let places: Vec<HandPlace> = words.iter().map(|(place, _)| place.clone()).collect();
        let before = self.state.words_by_hand(&places).await?;
        if let Some(id) = order.undoes {
            self.check_back(id, &places, &before).await?;
        }
        if words.is_empty() || words.iter().zip(&before).all(|(w, b)| w.1.is_none() && b.is_none())
        {
            let message = "nothing was said by hand there, or it is about nobody any more";
            return Err(Error::new(ErrorKind::NotFound, message));
        }
        let changes: Vec<HandChange> = words
            .into_iter()
            .zip(before)
            .map(|((place, said), before)| {
                let after = after(&place, before.as_ref(), said);
                HandChange { place, before, after }
            })
            .collect();
        self.check_domains(&changes).await?;
        Ok(PlannedWords { changes })
    }

    /// The words by the numbers that accounts have here, of those that are there.
    async fn with_places(
        &self,
        words: &[Word],
    ) -> Result<Vec<(HandPlace, Option<HandWord>)>, Error> {
        let (mut keys, mut ids) = (BTreeSet::new(), BTreeSet::new());
        for word in words {
            match &word.place {
                WordPlace::Domain { account, .. } => drop(keys.insert(account.as_str())),
                WordPlace::Member { account, identifier } => {
                    keys.insert(account.as_str());
                    ids.insert(*identifier);
                }
                WordPlace::Household { identifier, .. } => drop(ids.insert(*identifier)),
            }
        }
        let keys: Vec<&str> = keys.into_iter().collect();
        let rows = self.state.accounts_by_key(&keys).await?.into_iter().flatten();
        let accounts: HashMap<String, AccountId> = rows.map(|row| (row.key, row.id)).collect();
        let ids: Vec<IdentifierId> = ids.into_iter().collect();
        let rows = self.state.identifiers_by_id(&ids).await?.into_iter().flatten();
        let there: BTreeSet<IdentifierId> = rows.map(|row| row.id).collect();
        let placed = words.iter().filter_map(|word| {
            let place = place_here(&word.place, &accounts)?;
            let is_there = identifier_of(&place).is_none_or(|id| there.contains(&id));
            is_there.then(|| (place, word.said.clone().map(HandWord::from)))
        });
        Ok(placed.collect())
    }

    /// What takes these changes back.
    pub(super) async fn words_back(&self, changes: Vec<HandChange>) -> Result<Vec<Word>, Error> {
        let accounts: Vec<AccountId> =
            changes.iter().filter_map(|change| account_of(&change.place)).collect();
        let rows = self.state.accounts(&accounts).await?.into_iter().flatten();
        let keys: HashMap<AccountId, String> = rows.map(|row| (row.id, row.key)).collect();
        let changed = changes.into_iter().filter(|change| change.before != change.after);
        let word = |change: HandChange| {
            Some(Word {
                place: place_anywhere(change.place, &keys)?,
                said: change.before.map(Said::from),
            })
        };
        let words: Vec<Word> = changed.filter_map(word).collect();
        if words.is_empty() {
            return Err(Error::new(ErrorKind::Conflict, "it changed nothing"));
        }
        Ok(words)
    }

    /// Whether `id` can be taken back, where `now` is said of `places`.
    async fn check_back(
        &self,
        id: Position,
        places: &[HandPlace],
        now: &[Option<HandWord>],
    ) -> Result<(), Error> {
        let conflict = |message: &str| Err(Error::new(ErrorKind::Conflict, message));
        let Some((row, changes)) = self.state.relation_edit(id).await? else {
            return conflict("nothing was said by hand there");
        };
        if row.refusal.is_some() || row.undone_by.is_some() {
            return conflict("it was not carried out, or was taken back already");
        }
        let said: HashMap<&HandPlace, &Option<HandWord>> =
            changes.iter().map(|change| (&change.place, &change.after)).collect();
        if places.iter().zip(now).any(|(place, now)| said.get(place) != Some(&now)) {
            return conflict("something else was said since");
        }
        Ok(())
    }

    async fn check_domains(&self, changes: &[HandChange]) -> Result<(), Error> {
        for change in changes {
            let HandPlace::Domain { account, .. } = &change.place else { continue };
            if change.before.is_none() && change.after.is_some() {
                let claimed = self.state.account_domains(*account).await?;
                let n_by_hand = claimed.iter().filter(|row| row.origin == "hand").count();
                if n_by_hand >= DOMAINS_MAX {
                    let message = format!("an account may claim at most {DOMAINS_MAX} domains");
                    return Err(Error::new(ErrorKind::Limited, message));
                }
            }
        }
        Ok(())
    }
}

/// What is said after a word: who claims a domain, or was taken out of a household, is so since it
/// was said first.
fn after(place: &HandPlace, before: Option<&HandWord>, said: Option<HandWord>) -> Option<HandWord> {
    let is_member = matches!(place, HandPlace::Member { .. });
    match (before, said) {
        (Some(before), Some(said)) if !is_member || before.is_so == said.is_so => {
            Some(before.clone())
        }
        (_, said) => said,
    }
}

fn place_here(place: &WordPlace, accounts: &HashMap<String, AccountId>) -> Option<HandPlace> {
    Some(match place {
        WordPlace::Domain { account, domain } => {
            HandPlace::Domain { account: *accounts.get(account)?, domain: domain.clone() }
        }
        WordPlace::Member { account, identifier } => {
            HandPlace::Member { account: *accounts.get(account)?, identifier: *identifier }
        }
        WordPlace::Household { household, identifier } => {
            HandPlace::Household { household: household.clone(), identifier: *identifier }
        }
    })
}

/// The place by the key of its account.
pub(super) fn place_anywhere(
    place: HandPlace,
    keys: &HashMap<AccountId, String>,
) -> Option<WordPlace> {
    Some(match place {
        HandPlace::Domain { account, domain } => {
            WordPlace::Domain { account: keys.get(&account)?.clone(), domain }
        }
        HandPlace::Member { account, identifier } => {
            WordPlace::Member { account: keys.get(&account)?.clone(), identifier }
        }
        HandPlace::Household { household, identifier } => {
            WordPlace::Household { household, identifier }
        }
    })
}

impl From<Said> for HandWord {
    fn from(said: Said) -> Self {
        Self { is_so: said.is_so, at: said.at, by: said.by }
    }
}

impl From<HandWord> for Said {
    fn from(word: HandWord) -> Self {
        Self { is_so: word.is_so, at: word.at, by: word.by }
    }
}
