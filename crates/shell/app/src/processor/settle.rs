//! Whom is each event of the batch put down to?

use super::Processor;
use super::intake::Intake;
use base::{CustomerId, Error, IdentifierId, Position, Timestamp};
use identity::{
    Arrivals, Claims, IdentityPlan, IdentityRules, Inert, Known, LinkFact, Member, Outlook,
    Recorded, Settled, Slot, Snapshot,
};
use lexicon::Identifier;
use state::{IdentifierRow, LinkRow};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The answer for a batch.
pub struct Settlement {
    /// What changes about who is who.
    pub plan: IdentityPlan,
    /// Every identifier that the batch mentions, as it is after it.
    pub mentioned: Vec<(Identifier, Known)>,
    /// For each event taken: its identifier and its customer.
    pub owners: Vec<Owner>,
    /// Identifiers that moved or came to be shared, by name, for the cache.
    pub moved: Vec<(Identifier, Known)>,
    /// The customers whom a decision is about.
    pub about: Vec<CustomerId>,
}

/// Whom an event is put down to.
#[derive(Clone, Copy, Debug)]
pub struct Owner {
    /// The identifier that it came under.
    pub identifier: IdentifierId,
    /// The customer whom that points to after this batch.
    pub customer: CustomerId,
}

impl Processor {
    /// Resolves the identifiers of the batch and plans what changes.
    pub(super) async fn settle(&mut self, intake: &Intake) -> Result<Settlement, Error> {
        let mut heard = Arrivals::new();
        let slots: Vec<Slot> =
            intake.taken.iter().map(|t| heard.hear(&t.event, t.seq.position)).collect();
        let names: Vec<Identifier> = heard.mentioned().to_vec();
        let known = self.look_up(&names).await?;
        let was_shared: Vec<bool> =
            known.iter().map(|known| known.is_some_and(|known| known.is_shared)).collect();
        let settled = heard.settle(known, self.next_identifier);
        let ids: Vec<IdentifierId> = slots.iter().map(|&slot| settled.id(slot)).collect();
        let recorded = self.recall(&settled).await?;
        let mentioned = settled.ids().to_vec();
        let rules = Arc::clone(&self.shared.rules.now().rules);
        let claims = settled.recall(&recorded, &rules);
        let (snapshot, plan) = self.plan(&claims, &rules).await?;
        let mentioned = names.into_iter().zip(mentioned).zip(was_shared);
        let mentioned =
            mentioned.map(|((name, id), was_shared)| (name, known_by(&plan, id, was_shared)));
        let owners = ids.into_iter().map(|identifier| Owner {
            identifier,
            customer: plan.customer_of(identifier).expect("the plan knows whom the batch mentions"),
        });
        Ok(Settlement {
            owners: owners.collect(),
            moved: moved(snapshot.members, &plan),
            about: Vec::new(),
            mentioned: mentioned.collect(),
            plan,
        })
    }

    /// What changes, and whom it was made from: those whom the claims need, and rarely others.
    async fn plan(
        &self,
        claims: &Claims,
        rules: &IdentityRules,
    ) -> Result<(Snapshot, IdentityPlan), Error> {
        let mut customers = claims.needs();
        loop {
            let snapshot = self.shared.snapshot(&customers).await?;
            match claims.plan(&snapshot, rules) {
                Outlook::Settled(plan) => return Ok((snapshot, plan)),
                Outlook::Beyond(ids) => {
                    let mut wanted: BTreeSet<CustomerId> = customers.into_iter().collect();
                    self.shared.further(&mut wanted, &ids).await?;
                    customers = wanted.into_iter().collect();
                }
            }
        }
    }

    async fn look_up(&self, names: &[Identifier]) -> Result<Vec<Option<Known>>, Error> {
        let mut known: Vec<_> = names.iter().map(|name| self.known.identifier(name)).collect();
        let missing: Vec<usize> = (0..names.len()).filter(|&i| known[i].is_none()).collect();
        let wanted: Vec<Identifier> = missing.iter().map(|&i| names[i].clone()).collect();
        let rows = self.shared.state.identifiers(&wanted).await?;
        for (index, row) in missing.into_iter().zip(rows) {
            known[index] = row.map(|row| Known {
                id: row.id,
                customer: row.customer,
                is_shared: row.is_shared,
            });
        }
        Ok(known)
    }

    /// What the ledger knows of the links that it may have already.
    async fn recall(&mut self, settled: &Settled) -> Result<Vec<Option<Recorded>>, Error> {
        let questions = settled.questions();
        let mut recorded: Vec<_> = questions.iter().map(|q| self.known.link(q)).collect();
        let missing: Vec<usize> = (0..questions.len()).filter(|&i| recorded[i].is_none()).collect();
        let wanted: Vec<_> = missing.iter().map(|&i| questions[i]).collect();
        let found = self.shared.state.links_known(&wanted).await?;
        for (index, link) in missing.into_iter().zip(found) {
            let Some(link) = link else { continue };
            let is_withdrawn = link.inert.as_deref() == Some(Inert::Withdrawn.slug());
            let found = Recorded { occurred_at: link.occurred_at, is_withdrawn };
            recorded[index] = Some(found);
            self.known.put_link(questions[index], found);
        }
        Ok(recorded)
    }

    /// Remembers what the batch found out, once it is committed.
    pub(super) fn remember(&mut self, settled: &Settlement) {
        for (name, known) in settled.mentioned.iter().chain(&settled.moved) {
            self.known.put_identifier(name, *known);
        }
        for fact in &settled.plan.links {
            let is_withdrawn = fact.is_withdrawn();
            let recorded = Recorded { occurred_at: fact.occurred_at, is_withdrawn };
            self.known.put_link(fact.key(), recorded);
        }
        self.next_identifier = settled.plan.next;
    }
}

impl Settlement {
    /// What follows from a plan about nobody in particular.
    pub fn of_plan(plan: IdentityPlan) -> Self {
        let (mentioned, owners, moved) = (Vec::new(), Vec::new(), Vec::new());
        Self { plan, mentioned, owners, moved, about: Vec::new() }
    }
}

/// An identifier as it is after `plan`, and was shared or not before.
fn known_by(plan: &IdentityPlan, id: IdentifierId, was_shared: bool) -> Known {
    let customer = plan.customer_of(id).expect("the plan knows whom the batch mentions");
    let turned = plan.shared.iter().find(|(turned, _)| *turned == id).map(|(_, now)| *now);
    let new = || plan.new.binary_search_by_key(&id, |new| new.id).ok();
    let is_shared = turned.unwrap_or_else(|| new().map_or(was_shared, |i| plan.new[i].is_shared));
    Known { id, customer, is_shared }
}

/// The members who point to somebody else now, or are shared and were not, or the other way round.
pub fn moved(members: Vec<Member>, plan: &IdentityPlan) -> Vec<(Identifier, Known)> {
    let moved = members.into_iter().filter_map(|member| {
        let Member { id, identifier, customer, is_shared } = member;
        let now = plan.customer_of(id)?;
        let turned = plan.shared.iter().any(|(turned, _)| *turned == id);
        let known = Known { id, customer: now, is_shared: is_shared != turned };
        (now != customer || turned).then_some((identifier, known))
    });
    moved.collect()
}

/// The rows to write for identifiers that nobody had seen.
pub fn identifier_rows(plan: &IdentityPlan) -> Vec<IdentifierRow> {
    let row = |new: &identity::NewIdentifier| IdentifierRow {
        id: new.id,
        identifier: new.identifier.clone(),
        customer: new.customer,
        first_seen: new.first_seen,
        recorded_at: new.recorded_at,
        is_shared: new.is_shared,
    };
    plan.new.iter().map(row).collect()
}

/// The rows to write in the ledger.
pub fn link_rows(plan: &IdentityPlan) -> Vec<LinkRow> {
    let row = |fact: &LinkFact| LinkRow {
        a: fact.a,
        b: fact.b,
        rule: fact.rule,
        evidence: fact.evidence.to_string(),
        source: fact.source,
        occurred_at: fact.occurred_at,
        recorded_at: fact.recorded_at,
        position: fact.position,
        inert: fact.inert.map(|inert| inert.slug().to_owned()),
        version: fact.version,
    };
    plan.links.iter().map(row).collect()
}

/// The rows to write about identifiers that point to somebody else now.
pub fn change_rows(
    plan: &IdentityPlan,
    at: Timestamp,
    position: Position,
) -> Vec<state::IdentityChange> {
    let row = |m: &identity::Move| state::IdentityChange {
        identifier: m.identifier,
        from: m.from,
        to: m.to,
        at,
        position,
        cause: m.cause.clone(),
    };
    plan.moves.iter().map(row).collect()
}
