//! What would a decision change, as things are now?

use super::EditOrder;
use crate::engine::Shared;
use crate::privacy::Whom;
use base::{CustomerId, Error, ErrorKind, IdentifierId, Position};
use identity::{
    Edit, EditError, IdentityPlan, Inert, LinkFact, Member, Oblivion, Outlook, Snapshot,
};
use lexicon::LinkRule;
use state::{IdentifierRow, LinkRow};
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

/// Identifiers that one decision may bring into play. A browser in a shop that thousands signed in
/// on is linked to all of them.
const IDENTIFIERS_MAX: usize = 100_000;
/// Why identifiers move when somebody is erased. It tells nothing of whom.
const WITHOUT: &str = "an erasure";

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
        let rules = Arc::clone(&self.rules.now().rules);
        let mut wanted = BTreeSet::new();
        self.further(&mut wanted, &named.iter().copied().collect::<Vec<_>>()).await?;
        let (members, plan) = loop {
            let customers: Vec<CustomerId> = wanted.iter().copied().collect();
            let snapshot = self.snapshot(&customers).await?;
            if snapshot.members.len() > IDENTIFIERS_MAX {
                let message = "the decision would bring too many identifiers into play";
                return Err(Error::new(ErrorKind::Limited, message));
            }
            let news = edits.iter().filter(|edit| !is_alike(edit) || is_news(edit, &snapshot));
            let news: Vec<Edit> = news.cloned().collect();
            let outlook = snapshot.edit(&news, &order.words(), IdentifierId::default(), &rules);
            match outlook.map_err(refusal)? {
                Outlook::Settled(plan) => break (snapshot.members, plan),
                Outlook::Beyond(ids) => self.further(&mut wanted, &ids).await?,
            }
        };
        let about = members.iter().filter(|m| named.contains(&m.id)).map(|m| m.customer).collect();
        Ok(PlannedEdit { plan, members, about })
    }

    /// Plans what changes for others when `whom` is no more: what was shared with them may be shared
    /// by few enough now, and what others have given as well is theirs, under numbers from `next` on.
    pub(crate) async fn plan_without(
        &self,
        whom: &Whom,
        next: IdentifierId,
    ) -> Result<PlannedEdit, Error> {
        let rules = Arc::clone(&self.rules.now().rules);
        let gone: BTreeSet<IdentifierId> = whom.ids.iter().copied().collect();
        let links = self.state.links_touching(&whom.ids).await?;
        let ends = links.iter().flat_map(|link| [link.a, link.b]);
        let all: BTreeSet<IdentifierId> = ends.chain(whom.ids.iter().copied()).collect();
        let given = whom.given.iter().cloned().map(fact_of).collect::<Result<_, _>>()?;
        let oblivion = Oblivion { gone, given };
        let mut wanted = BTreeSet::new();
        self.further(&mut wanted, &all.into_iter().collect::<Vec<_>>()).await?;
        loop {
            let customers: Vec<CustomerId> = wanted.iter().copied().collect();
            let mut snapshot = self.snapshot(&customers).await?;
            match snapshot.forget(&oblivion, WITHOUT, next, &rules) {
                Outlook::Settled(plan) => {
                    snapshot.members.retain(|member| !oblivion.gone.contains(&member.id));
                    return Ok(PlannedEdit { plan, members: snapshot.members, about: Vec::new() });
                }
                Outlook::Beyond(ids) => self.further(&mut wanted, &ids).await?,
            }
        }
    }

    /// These customers as identity looks at them.
    pub(crate) async fn snapshot(&self, customers: &[CustomerId]) -> Result<Snapshot, Error> {
        if customers.is_empty() {
            return Ok(Snapshot::default());
        }
        let clusters = self.state.clusters(customers).await?;
        let inside: HashSet<IdentifierId> = clusters.identifiers.iter().map(|row| row.id).collect();
        let ends = clusters.links.iter().flat_map(|link| [link.a, link.b]);
        let far: BTreeSet<IdentifierId> = ends.filter(|end| !inside.contains(end)).collect();
        let outside = if far.is_empty() {
            Vec::new()
        } else {
            let far: Vec<IdentifierId> = far.into_iter().collect();
            let rows = self.state.identifiers_by_id(&far).await?;
            rows.into_iter().flatten().map(member).collect()
        };
        Ok(Snapshot {
            members: clusters.identifiers.into_iter().map(member).collect(),
            outside,
            links: clusters.links.into_iter().map(fact_of).collect::<Result<_, _>>()?,
        })
    }
}

fn member(row: IdentifierRow) -> Member {
    let IdentifierRow { id, identifier, customer, is_shared, .. } = row;
    Member { id, identifier, customer, is_shared }
}

/// Whether the edit is a link that nobody has stated.
fn is_alike(edit: &Edit) -> bool {
    matches!(edit, Edit::Join(fact) if fact.rule == LinkRule::Linkage)
}

/// Whether both ends of a link are there, and the link is not: neither followed nor withdrawn.
/// What a person took back does not come back because it is found again.
fn is_news(edit: &Edit, snapshot: &Snapshot) -> bool {
    let Edit::Join(fact) = edit else { return true };
    let is_there = |id| snapshot.members.iter().any(|member| member.id == id);
    let is_known = snapshot.links.iter().any(|link| link.key() == fact.key());
    is_there(fact.a) && is_there(fact.b) && !is_known
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
        version: row.version,
    })
}

fn refusal(error: EditError) -> Error {
    let kind = match error {
        EditError::NoSuchIdentifier { .. } | EditError::NoSuchLink { .. } => ErrorKind::NotFound,
        EditError::NothingToDo { .. } => ErrorKind::Conflict,
    };
    Error::new(kind, error.to_string())
}
