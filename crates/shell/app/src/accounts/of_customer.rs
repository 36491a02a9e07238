//! Which accounts does a customer belong to, and as what?

use super::{Leavers, role_among};
use crate::customers::MembershipView;
use crate::engine::Engine;
use base::{AccountId, Error, IdentifierId};
use profile::Profile;

impl Engine {
    /// The accounts of a customer with this profile and these identifiers: those that events name
    /// and that they have not left, and those that somebody put them into by hand.
    pub(crate) async fn memberships(
        &self,
        profile: &Profile,
        ids: &[IdentifierId],
    ) -> Result<Vec<MembershipView>, Error> {
        let state = &self.shared.state;
        let statements = state.account_statements_of(ids).await?;
        let leavers = Leavers::of(&statements);
        let told = profile.accounts.iter().filter(|m| !leavers.has_left(&m.account_key, ids));
        let keys: Vec<&str> = told.clone().map(|m| m.account_key.as_str()).collect();
        let rows = state.accounts_by_key(&keys).await?;
        let role = |key: &str| role_among(statements.iter().filter(|row| row.account_key == key));
        let view = |(membership, row): (&profile::Membership, Option<state::AccountRow>)| {
            let row = row?;
            Some(MembershipView {
                role: role(&row.key),
                id: row.id,
                key: row.key,
                name: row.name.or_else(|| membership.name.clone()),
                since: membership.since,
                added_by: None,
            })
        };
        let mut views: Vec<MembershipView> = told.zip(rows).filter_map(view).collect();
        let verdicts = state.account_verdicts_of(ids).await?;
        let added = verdicts.into_iter().filter(|verdict| verdict.is_member);
        for verdict in added {
            if views.iter().any(|view| view.id == verdict.account) {
                continue;
            }
            let accounts: [AccountId; 1] = [verdict.account];
            let Some(row) = state.accounts(&accounts).await?.into_iter().flatten().next() else {
                continue;
            };
            views.push(MembershipView {
                role: role(&row.key),
                id: row.id,
                key: row.key,
                name: row.name,
                since: verdict.at,
                added_by: Some(verdict.by),
            });
        }
        Ok(views)
    }
}
