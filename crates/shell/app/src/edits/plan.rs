//! What would a decision change, as things are now?

use super::EditOrder;
use crate::engine::Shared;
use base::{CustomerId, Error, ErrorKind, IdentifierId, Position};
use identity::{Edit, EditError, IdentityPlan, Inert, LinkFact, Member, Snapshot};
use state::LinkRow;
use std::collections::BTreeSet;

/// Identifiers that one decision may bring into play. A browser in a shop that thousands signed in
/// on is linked to all of them.
const IDENTIFIERS_MAX: usize = 100_000;

/// What a decision changes.
pub struct PlannedEdit {
    /// What is to be written.
    pub plan: IdentityPlan,
    /// Everybody who was looked at, as they were.
    pub members: Vec<Member>,
    /// The customers whom the decision names.
    pub about: Vec<CustomerId>,
}

impl PlannedEdit {
    /// A decision that changes nothing.
    pub fn nothing() -> Self {
        Self { plan: IdentityPlan::default(), members: Vec::new(), about: Vec::new() }
    }
}

impl Shared {
    /// Plans the changes of `order`, which lies at `position` in the log.
    ///
    /// # Errors
    /// `NotFound` and `Conflict` where the ledger does not allow it, `Limited` where it would
    /// bring too many identifiers into play; otherwise whatever the state says.
    pub(crate) async fn plan_edit(
        &self,
        order: &EditOrder,
        position: Position,
    ) -> Result<PlannedEdit, Error> {
        let edits = order.edits(position);
        let named: BTreeSet<IdentifierId> = edits.iter().flat_map(Edit::ends).collect();
        let snapshot = self.around(named.clone(), edits.len()).await?;
        let members = snapshot.members.clone();
        let about = members.iter().filter(|m| named.contains(&m.id)).map(|m| m.customer).collect();
        let plan = snapshot.edit(&edits, &order.words(), IdentifierId::default());
        Ok(PlannedEdit { plan: plan.map_err(refusal)?, members, about })
    }

    /// The customers of these identifiers, and those as many inert links away as there are edits.
    async fn around(
        &self,
        mut wanted: BTreeSet<IdentifierId>,
        n_edits: usize,
    ) -> Result<Snapshot, Error> {
        let mut snapshot = Snapshot::default();
        for _ in 0..=n_edits {
            let ids: Vec<IdentifierId> = wanted.iter().copied().collect();
            let rows = self.state.identifiers_by_id(&ids).await?;
            let owners: BTreeSet<CustomerId> =
                rows.into_iter().flatten().map(|row| row.customer).collect();
            snapshot = self.snapshot(&owners.into_iter().collect::<Vec<_>>()).await?;
            let beyond = snapshot.beyond();
            if beyond.is_empty() {
                break;
            }
            wanted.extend(beyond);
            if wanted.len() + snapshot.members.len() > IDENTIFIERS_MAX {
                let message = "the decision would bring too many identifiers into play";
                return Err(Error::new(ErrorKind::Limited, message));
            }
        }
        Ok(snapshot)
    }

    /// These customers as identity looks at them.
    pub(crate) async fn snapshot(&self, customers: &[CustomerId]) -> Result<Snapshot, Error> {
        if customers.is_empty() {
            return Ok(Snapshot::default());
        }
        let clusters = self.state.clusters(customers).await?;
        let members = clusters.identifiers.into_iter().map(|row| Member {
            id: row.id,
            identifier: row.identifier,
            customer: row.customer,
        });
        let links = clusters.links.into_iter().map(fact_of).collect::<Result<_, _>>()?;
        Ok(Snapshot { members: members.collect(), links })
    }
}

fn fact_of(row: LinkRow) -> Result<LinkFact, Error> {
    let inert = row.inert.as_deref().map(|slug| {
        let unknown = || Error::new(ErrorKind::Corrupt, format!("a link is inert for '{slug}'"));
        Inert::from_slug(slug).ok_or_else(unknown)
    });
    Ok(LinkFact {
        a: row.a,
        b: row.b,
        rule: row.rule,
        occurred_at: row.occurred_at,
        evidence: row.evidence.into(),
        source: row.source,
        recorded_at: row.recorded_at,
        position: row.position,
        inert: inert.transpose()?,
    })
}

fn refusal(error: EditError) -> Error {
    let kind = match error {
        EditError::NoSuchIdentifier { .. } | EditError::NoSuchLink { .. } => ErrorKind::NotFound,
        EditError::NothingToDo { .. } => ErrorKind::Conflict,
    };
    Error::new(kind, error.to_string())
}
