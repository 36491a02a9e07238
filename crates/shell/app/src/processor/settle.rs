//! Whom is each event of the batch put down to?

use super::Processor;
use super::intake::Intake;
use base::{CustomerId, Error, IdentifierId, Position, Timestamp};
use identity::{Arrivals, IdentityPlan, Inert, LinkFact, Member, Recorded, Settled, Slot};
use lexicon::Identifier;
use state::{IdentifierRow, LinkRow};

/// The answer for a batch.
pub struct Settlement {
    /// What changes about who is who.
    pub plan: IdentityPlan,
    /// Every identifier that the batch mentions, with its number.
    pub mentioned: Vec<(Identifier, IdentifierId)>,
    /// For each event taken: its identifier and its customer.
    pub owners: Vec<Owner>,
    /// Identifiers that moved, by name, for the cache.
    pub moved: Vec<(Identifier, IdentifierId, CustomerId)>,
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
        let settled = heard.settle(known, self.next_identifier);
        let ids: Vec<IdentifierId> = slots.iter().map(|&slot| settled.id(slot)).collect();
        let recorded = self.recall(&settled).await?;
        let mentioned = settled.ids().to_vec();
        let claims = settled.recall(&recorded);
        let snapshot = self.shared.snapshot(&claims.needs()).await?;
        let moved_names: Vec<Member> = snapshot.members.clone();
        let plan = claims.plan(snapshot);
        let owners = ids.into_iter().map(|identifier| Owner {
            identifier,
            customer: plan.customer_of(identifier).expect("the plan knows whom the batch mentions"),
        });
        Ok(Settlement {
            owners: owners.collect(),
            moved: moved(moved_names, &plan),
            about: Vec::new(),
            mentioned: names.into_iter().zip(mentioned).collect(),
            plan,
        })
    }

    async fn look_up(&self, names: &[Identifier]) -> Result<Vec<Option<identity::Known>>, Error> {
        let mut known: Vec<_> = names.iter().map(|name| self.known.identifier(name)).collect();
        let missing: Vec<usize> = (0..names.len()).filter(|&i| known[i].is_none()).collect();
        let wanted: Vec<Identifier> = missing.iter().map(|&i| names[i].clone()).collect();
        let rows = self.shared.state.identifiers(&wanted).await?;
        for (index, row) in missing.into_iter().zip(rows) {
            known[index] = row.map(|r| identity::Known { id: r.id, customer: r.customer });
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
        for (name, id) in &settled.mentioned {
            if let Some(customer) = settled.plan.customer_of(*id) {
                self.known.put_identifier(name, *id, customer);
            }
        }
        for (name, id, customer) in &settled.moved {
            self.known.put_identifier(name, *id, *customer);
        }
        for fact in &settled.plan.links {
            let is_withdrawn = fact.is_withdrawn();
            let recorded = Recorded { occurred_at: fact.occurred_at, is_withdrawn };
            self.known.put_link(fact.key(), recorded);
        }
        self.next_identifier = settled.plan.next;
    }
}

/// The members who point to somebody else now.
pub fn moved(
    members: Vec<Member>,
    plan: &IdentityPlan,
) -> Vec<(Identifier, IdentifierId, CustomerId)> {
    let moved = members.into_iter().filter_map(|member| {
        let now = plan.customer_of(member.id)?;
        (now != member.customer).then_some((member.identifier, member.id, now))
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
