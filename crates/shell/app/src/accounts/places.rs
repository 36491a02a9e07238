//! What is somebody in an account, and are they still in it?

use base::{IdentifierId, SourceId, Timestamp};
use state::AccountStatementRow;
use std::collections::HashMap;

/// What somebody is in an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// The role, in the sender's words.
    pub name: String,
    /// When it was said last.
    pub at: Timestamp,
    /// Where.
    pub source: SourceId,
}

/// Who was said to have left which account, and who to have joined it, when last.
#[derive(Debug, Default)]
pub(crate) struct Leavers(HashMap<(String, IdentifierId), [Option<Timestamp>; 2]>);

impl Leavers {
    /// What these statements say.
    pub fn of(statements: &[AccountStatementRow]) -> Self {
        let mut leavers = Self::default();
        for row in statements {
            let place = match row.about.as_str() {
                "joined" => 0,
                "left" => 1,
                _ => continue,
            };
            let key = (row.account_key.clone(), row.identifier);
            let held = &mut leavers.0.entry(key).or_default()[place];
            *held = (*held).max(Some(row.at));
        }
        leavers
    }

    /// Whether a customer with these identifiers has left the account: what was said last of any
    /// of them counts, and at the same moment that they left.
    pub fn has_left(&self, account_key: &str, identifiers: &[IdentifierId]) -> bool {
        self.left_at(account_key, identifiers).is_some()
    }

    /// Since when a customer with these identifiers has left the account.
    pub fn left_at(&self, account_key: &str, identifiers: &[IdentifierId]) -> Option<Timestamp> {
        if self.0.is_empty() {
            return None;
        }
        let said = identifiers.iter().filter_map(|&id| self.0.get(&(account_key.to_owned(), id)));
        let [joined, left] =
            said.fold([None, None], |last, said| [last[0].max(said[0]), last[1].max(said[1])]);
        left.filter(|left| joined.is_none_or(|joined| joined <= *left))
    }
}

/// The role that counts among the statements of one customer about one account: the latest; at
/// the same moment the greater text.
pub(crate) fn role_among<'a>(
    statements: impl Iterator<Item = &'a AccountStatementRow>,
) -> Option<Role> {
    let roles = statements.filter(|row| row.about == "role");
    let last = roles.max_by(|a, b| (a.at, &a.value, a.source).cmp(&(b.at, &b.value, b.source)))?;
    Some(Role { name: last.value.clone(), at: last.at, source: last.source })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(identifier: u64, about: &str, value: &str, at: i64) -> AccountStatementRow {
        AccountStatementRow {
            account_key: "acme".to_owned(),
            identifier: IdentifierId(identifier),
            about: about.to_owned(),
            value: value.to_owned(),
            at: Timestamp(at),
            source: SourceId(1),
        }
    }

    #[test]
    fn the_last_word_of_all_identifiers_says_who_left() {
        let check = |statements: &[AccountStatementRow], ids: &[u64], expected: Option<i64>| {
            let ids: Vec<IdentifierId> = ids.iter().copied().map(IdentifierId).collect();
            let left = Leavers::of(statements).left_at("acme", &ids);
            assert_eq!(left, expected.map(Timestamp), "{statements:?}");
        };
        check(&[], &[1], None);
        check(&[said(1, "left", "", 5)], &[1], Some(5));
        check(&[said(1, "left", "", 5)], &[2], None);
        check(&[said(1, "left", "", 5), said(1, "joined", "", 5)], &[1], Some(5));
        check(&[said(1, "left", "", 5), said(2, "joined", "", 6)], &[1, 2], None);
        check(&[said(1, "left", "", 5), said(2, "joined", "", 6)], &[1], Some(5));
        assert!(!Leavers::of(&[said(1, "left", "", 5)]).has_left("other", &[IdentifierId(1)]));
    }

    #[test]
    fn the_latest_role_counts() {
        let all =
            [said(1, "role", "buyer", 5), said(2, "role", "owner", 6), said(1, "left", "", 9)];
        assert_eq!(role_among(all.iter()).map(|role| role.name).as_deref(), Some("owner"));
        assert_eq!(role_among(all[2..].iter()), None);
    }
}
