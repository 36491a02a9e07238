//! What did people say by hand of who belongs where, and what was said there before?

use crate::batch::Batch;
use crate::bulk::Rows;
use crate::{Row, State, StateError, Value};
use base::{AccountId, IdentifierId, Position, Timestamp};
use std::collections::BTreeMap;

/// What a word is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HandPlace {
    /// Whether an account claims a domain.
    Domain {
        /// The account.
        account: AccountId,
        /// The domain.
        domain: String,
    },
    /// Whether somebody belongs to an account.
    Member {
        /// The account.
        account: AccountId,
        /// One identifier of theirs.
        identifier: IdentifierId,
    },
    /// Whether somebody is taken out of a household.
    Household {
        /// The household.
        household: String,
        /// One identifier of theirs.
        identifier: IdentifierId,
    },
}

/// What was said.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HandWord {
    /// Whether it is so; always, but where it is about a member.
    pub is_so: bool,
    /// When it was said.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
}

/// What is said of a place, what was said before, and what is said now; `None` where nothing is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandChange {
    /// What it is about.
    pub place: HandPlace,
    /// What was said.
    pub before: Option<HandWord>,
    /// What is said.
    pub after: Option<HandWord>,
}

/// That somebody said something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelationEditRow {
    /// Its place in the log.
    pub id: Position,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
    /// Why it could not be carried out; `None` where it was.
    pub refusal: Option<String>,
    /// The one that this one takes back.
    pub undoes: Option<Position>,
    /// The one that took this one back.
    pub undone_by: Option<Position>,
}

/// One is undone by one that was carried out.
const SELECT: &str = "SELECT id, edited_at, edited_by, refusal, undoes, \
                      (SELECT MIN(later.id) FROM relation_edits AS later \
                       WHERE later.undoes = relation_edits.id AND later.refusal IS NULL) \
                      FROM relation_edits";
const WORDS_OF: Rows = Rows {
    head: "SELECT edit, about, account, name, identifier, before_is_so, before_at, before_by, \
           after_is_so, after_at, after_by FROM relation_edit_words WHERE edit IN (",
    n_columns: 1,
    tail: ") ORDER BY edit, ordinal",
};
const PUT_WORDS: Rows = Rows {
    head: "INSERT INTO relation_edit_words (edit, ordinal, about, account, name, identifier, \
           before_is_so, before_at, before_by, after_is_so, after_at, after_by) VALUES",
    n_columns: 12,
    tail: "",
};

impl State {
    /// What is said of these places, in their order; `None` where nothing is.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn words_by_hand(
        &self,
        places: &[HandPlace],
    ) -> Result<Vec<Option<HandWord>>, StateError> {
        let mut said: BTreeMap<HandPlace, HandWord> = BTreeMap::new();
        let (mut members, mut homes) = (Vec::new(), Vec::new());
        let mut accounts = Vec::new();
        for place in places {
            match place {
                HandPlace::Domain { account, .. } => accounts.push(*account),
                HandPlace::Member { identifier, .. } => members.push(*identifier),
                HandPlace::Household { identifier, .. } => homes.push(*identifier),
            }
        }
        for account in crate::identity::sorted(&accounts) {
            said.extend(self.account_domains(account).await?.into_iter().filter_map(of_domain));
        }
        said.extend(self.account_verdicts_of(&members).await?.into_iter().map(of_verdict));
        said.extend(self.household_removals(&homes).await?.into_iter().map(of_removal));
        Ok(places.iter().map(|place| said.get(place).cloned()).collect())
    }

    /// Everything that is said by hand, by place.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn all_words_by_hand(&self) -> Result<Vec<(HandPlace, HandWord)>, StateError> {
        let sql = "SELECT 'domain', account, domain, 0, 1, claimed_at, claimed_by \
                   FROM account_domains WHERE origin = 'hand' \
                   UNION ALL SELECT 'member', account, '', identifier, is_member, decided_at, \
                   decided_by FROM account_verdicts \
                   UNION ALL SELECT 'household', 0, household, identifier, 1, removed_at, \
                   removed_by FROM household_removals";
        let mut words = Vec::new();
        for row in self.db().rows(sql, vec![]).await? {
            let place = place(&row, 0)?;
            words.extend(word(&row, 4)?.map(|word| (place, word)));
        }
        words.sort();
        Ok(words)
    }

    /// How many times anybody has said anything.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn count_relation_edits(&self) -> Result<u64, StateError> {
        let row = self.db().row("SELECT COUNT(*) FROM relation_edits", vec![]).await?;
        Ok(row.map_or(Ok(0), |row| row.int(0))?.cast_unsigned())
    }

    /// That somebody said something, with what it changed.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn relation_edit(
        &self,
        id: Position,
    ) -> Result<Option<(RelationEditRow, Vec<HandChange>)>, StateError> {
        let row = self.db().row(format!("{SELECT} WHERE id = $1"), vec![id.into()]).await?;
        let rows = self.with_words(row.iter().map(edit_row).collect::<Result<_, _>>()?).await?;
        Ok(rows.into_iter().next())
    }

    /// What was said before `before`, newest first, with what it changed.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn relation_edits(
        &self,
        before: Option<Position>,
        n_max: usize,
    ) -> Result<Vec<(RelationEditRow, Vec<HandChange>)>, StateError> {
        let sql = format!("{SELECT} WHERE id < $1 ORDER BY id DESC LIMIT $2");
        let before = before.map_or(i64::MAX, Position::to_sql);
        let rows = self.db().rows(sql, vec![before.into(), (n_max as i64).into()]).await?;
        self.with_words(rows.iter().map(edit_row).collect::<Result<_, _>>()?).await
    }

    async fn with_words(
        &self,
        edits: Vec<RelationEditRow>,
    ) -> Result<Vec<(RelationEditRow, Vec<HandChange>)>, StateError> {
        let ids: Vec<Position> = edits.iter().map(|edit| edit.id).collect();
        let mut words: BTreeMap<Position, Vec<HandChange>> = BTreeMap::new();
        for row in WORDS_OF.read(self.db(), &ids, |&id, values| values.push(id.into())).await? {
            let (place, before, after) = (place(&row, 1)?, word(&row, 5)?, word(&row, 8)?);
            let change = HandChange { place, before, after };
            words.entry(Position::from_sql(row.int(0)?)).or_default().push(change);
        }
        let own = |edit: RelationEditRow| {
            let words = words.remove(&edit.id).unwrap_or_default();
            (edit, words)
        };
        Ok(edits.into_iter().map(own).collect())
    }
}

impl Batch {
    /// Lets what is said by hand hold from now on, and records who said it.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_relation_edit(
        &mut self,
        edit: &RelationEditRow,
        changes: &[HandChange],
    ) -> Result<(), StateError> {
        let sql = "INSERT INTO relation_edits (id, edited_at, edited_by, refusal, undoes) \
                   VALUES ($1, $2, $3, $4, $5)";
        let mut values = vec![edit.id.into(), edit.at.into(), edit.by.as_str().into()];
        values.push(edit.refusal.as_deref().into());
        values.push(edit.undoes.map(Position::to_sql).into());
        self.tx().execute(sql, values).await?;
        let numbered: Vec<(i64, &HandChange)> = (0..).zip(changes).collect();
        PUT_WORDS
            .write(self.tx(), &numbered, |(ordinal, change), values| {
                values.extend([edit.id.into(), (*ordinal).into()]);
                push_place(values, &change.place);
                push_word(values, change.before.as_ref());
                push_word(values, change.after.as_ref());
            })
            .await?;
        for change in changes {
            self.put_word_by_hand(change).await?;
        }
        Ok(())
    }

    async fn put_word_by_hand(&mut self, change: &HandChange) -> Result<(), StateError> {
        let (drop, put) = statements(&change.place);
        let mut values = Vec::new();
        push_key(&mut values, &change.place);
        self.tx().execute(drop, values).await?;
        if let Some(word) = &change.after {
            let mut values = Vec::new();
            push_key(&mut values, &change.place);
            values.extend([word.at.into(), word.by.as_str().into()]);
            if matches!(change.place, HandPlace::Member { .. }) {
                values.push(word.is_so.into());
            }
            self.tx().execute(put, values).await?;
        }
        Ok(())
    }
}

/// How a word goes, and how it comes: two values for the place, then when, by whom, and whether.
fn statements(place: &HandPlace) -> (&'static str, &'static str) {
    match place {
        HandPlace::Domain { .. } => (
            "DELETE FROM account_domains WHERE account = $1 AND domain = $2 AND origin = 'hand'",
            "INSERT INTO account_domains (account, domain, claimed_at, claimed_by, origin) \
             VALUES ($1, $2, $3, $4, 'hand')",
        ),
        HandPlace::Member { .. } => (
            "DELETE FROM account_verdicts WHERE account = $1 AND identifier = $2",
            "INSERT INTO account_verdicts (account, identifier, decided_at, decided_by, \
             is_member) VALUES ($1, $2, $3, $4, $5)",
        ),
        HandPlace::Household { .. } => (
            "DELETE FROM household_removals WHERE household = $1 AND identifier = $2",
            "INSERT INTO household_removals (household, identifier, removed_at, removed_by) \
             VALUES ($1, $2, $3, $4)",
        ),
    }
}

fn push_key<'a>(values: &mut Vec<Value<'a>>, place: &'a HandPlace) {
    match place {
        HandPlace::Domain { account, domain } => {
            values.extend([(*account).into(), domain.as_str().into()]);
        }
        HandPlace::Member { account, identifier } => {
            values.extend([(*account).into(), (*identifier).into()]);
        }
        HandPlace::Household { household, identifier } => {
            values.extend([household.as_str().into(), (*identifier).into()]);
        }
    }
}

/// What it is about, the account, the name and the identifier, as [`place`] reads them.
fn push_place<'a>(values: &mut Vec<Value<'a>>, place: &'a HandPlace) {
    let (none, nobody) = (AccountId::default(), IdentifierId::default());
    let (about, account, name, identifier) = match place {
        HandPlace::Domain { account, domain } => ("domain", *account, domain.as_str(), nobody),
        HandPlace::Member { account, identifier } => ("member", *account, "", *identifier),
        HandPlace::Household { household, identifier } => {
            ("household", none, household.as_str(), *identifier)
        }
    };
    values.extend([about.into(), account.into(), name.into(), identifier.into()]);
}

fn push_word<'a>(values: &mut Vec<Value<'a>>, word: Option<&'a HandWord>) {
    values.push(word.map(|word| i64::from(word.is_so)).into());
    values.push(word.map(|word| word.at).into());
    values.push(word.map(|word| word.by.as_str()).into());
}

fn place(row: &Row, idx: usize) -> Result<HandPlace, StateError> {
    let account = AccountId::from_sql(row.int(idx + 1)?);
    let name = row.text(idx + 2)?;
    let identifier = IdentifierId::from_sql(row.int(idx + 3)?);
    Ok(match row.text(idx)?.as_str() {
        "domain" => HandPlace::Domain { account, domain: name },
        "member" => HandPlace::Member { account, identifier },
        _ => HandPlace::Household { household: name, identifier },
    })
}

fn word(row: &Row, idx: usize) -> Result<Option<HandWord>, StateError> {
    let Some(is_so) = row.int_opt(idx)? else { return Ok(None) };
    let at = row.time_opt(idx + 1)?.unwrap_or_default();
    let by = row.text_opt(idx + 2)?.unwrap_or_default();
    Ok(Some(HandWord { is_so: is_so != 0, at, by }))
}

fn of_domain(row: super::AccountDomainRow) -> Option<(HandPlace, HandWord)> {
    let place = HandPlace::Domain { account: row.account, domain: row.domain };
    let word = HandWord { is_so: true, at: row.at, by: row.by.unwrap_or_default() };
    (row.origin == "hand").then_some((place, word))
}

fn of_verdict(row: super::AccountVerdictRow) -> (HandPlace, HandWord) {
    let place = HandPlace::Member { account: row.account, identifier: row.identifier };
    (place, HandWord { is_so: row.is_member, at: row.at, by: row.by })
}

fn of_removal(row: super::RemovalRow) -> (HandPlace, HandWord) {
    let place = HandPlace::Household { household: row.household, identifier: row.identifier };
    (place, HandWord { is_so: true, at: row.at, by: row.by })
}

fn edit_row(row: &Row) -> Result<RelationEditRow, StateError> {
    let position = |at: Option<i64>| at.map(Position::from_sql);
    Ok(RelationEditRow {
        id: Position::from_sql(row.int(0)?),
        at: row.time(1)?,
        by: row.text(2)?,
        refusal: row.text_opt(3)?,
        undoes: position(row.int_opt(4)?),
        undone_by: position(row.int_opt(5)?),
    })
}
