//! What does a batch of events say about who is who?

use crate::claims::{Claim, Claims, Mention};
use crate::{IdentityRules, Inert, LinkFact, LinkKey};
use base::{CustomerId, IdentifierId, Position, Timestamp};
use lexicon::{Event, Identifier, LinkClaim, LinkRule};
use std::collections::HashMap;

/// An identifier's place among those that a batch mentions, in order of first mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slot(pub(crate) u32);

/// What the state knows of an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its number.
    pub id: IdentifierId,
    /// The customer whom it points to now.
    pub customer: CustomerId,
    /// Whether it was seen with too many people to point to any of them.
    pub is_shared: bool,
}

/// What the ledger knows of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// When the earliest evidence happened.
    pub occurred_at: Timestamp,
    /// Whether somebody has withdrawn it.
    pub is_withdrawn: bool,
}

/// What a batch of events says, before anything is looked up.
#[derive(Clone, Debug, Default)]
pub struct Arrivals {
    slots: HashMap<Identifier, Slot>,
    identifiers: Vec<Identifier>,
    /// When the earliest event that carries each happened, and when the first one reached us.
    seen: Vec<(Timestamp, Timestamp)>,
    claims: HashMap<(Slot, Slot, LinkRule), Heard>,
}

/// The earliest evidence that the batch has for one claim.
#[derive(Clone, Debug)]
struct Heard {
    occurred_at: Timestamp,
    evidence: Box<str>,
    source: base::SourceId,
    recorded_at: Timestamp,
    position: Position,
}

impl Arrivals {
    /// Nothing heard yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes what `event`, which lies at `position` in the log, says. The answer is the slot of
    /// the identifier that it came under. Events must be heard in the order of the log, because
    /// new identifiers are numbered in the order in which they are first heard of.
    pub fn hear(&mut self, event: &Event, position: Position) -> Slot {
        let came_under = self.mention(event.came_under(), event);
        for identifier in &event.identifiers[1..] {
            self.mention(identifier, event);
        }
        for claim in &event.links {
            self.claim(claim, event, position);
        }
        came_under
    }

    /// The distinct identifiers that were mentioned, by slot: look these up for
    /// [`Self::settle`].
    #[must_use]
    pub fn mentioned(&self) -> &[Identifier] {
        &self.identifiers
    }

    /// Gives every identifier its number. `known` answers [`Self::mentioned`] one by one; those
    /// that nobody knows are numbered from `next` on.
    ///
    /// # Panics
    /// If `known` has not one answer for each identifier.
    #[must_use]
    pub fn settle(self, known: Vec<Option<Known>>, next: IdentifierId) -> Settled {
        assert_eq!(known.len(), self.identifiers.len(), "every identifier mentioned has an answer");
        let mut next = next.0;
        let ids: Vec<IdentifierId> = known
            .iter()
            .map(|answer| {
                answer.map_or_else(
                    || {
                        next += 1;
                        IdentifierId(next - 1)
                    },
                    |known| known.id,
                )
            })
            .collect();
        let mut facts: Vec<LinkFact> =
            self.claims.into_iter().map(|(key, heard)| heard.into_fact(key, &ids)).collect();
        facts.sort_unstable_by_key(|fact| (fact.position, fact.key()));
        let by_id = ids.iter().zip(0u32..).map(|(&id, slot)| (id, Slot(slot))).collect();
        Settled {
            next: IdentifierId(next),
            identifiers: self.identifiers,
            seen: self.seen,
            known,
            ids,
            by_id,
            facts,
        }
    }

    fn mention(&mut self, identifier: &Identifier, event: &Event) -> Slot {
        if let Some(&slot) = self.slots.get(identifier) {
            let (first_seen, recorded_at) = &mut self.seen[slot.0 as usize];
            *first_seen = event.occurred_at.min(*first_seen);
            *recorded_at = event.received_at.min(*recorded_at);
            return slot;
        }
        let n = u32::try_from(self.identifiers.len()).expect("a batch is far smaller than 2³²");
        self.slots.insert(identifier.clone(), Slot(n));
        self.identifiers.push(identifier.clone());
        self.seen.push((event.occurred_at, event.received_at));
        Slot(n)
    }

    fn claim(&mut self, claim: &LinkClaim, event: &Event, position: Position) {
        let a = self.mention(&claim.a, event);
        let b = self.mention(&claim.b, event);
        if a == b {
            return;
        }
        let key = (a.min(b), a.max(b), claim.rule);
        let goes_before = self.claims.get(&key).is_none_or(|heard| {
            (event.occurred_at, &event.message_id) < (heard.occurred_at, &heard.evidence)
        });
        if goes_before {
            self.claims.insert(key, Heard::from_event(event, position));
        }
    }
}

impl Heard {
    fn from_event(event: &Event, position: Position) -> Self {
        Self {
            occurred_at: event.occurred_at,
            evidence: event.message_id.clone(),
            source: event.source,
            recorded_at: event.received_at,
            position,
        }
    }

    fn into_fact(self, (a, b, rule): (Slot, Slot, LinkRule), ids: &[IdentifierId]) -> LinkFact {
        let (a, b) = (ids[a.0 as usize], ids[b.0 as usize]);
        LinkFact {
            a: a.min(b),
            b: a.max(b),
            rule,
            occurred_at: self.occurred_at,
            evidence: self.evidence,
            source: self.source,
            recorded_at: self.recorded_at,
            position: self.position,
            inert: None,
            version: 0,
        }
    }
}

/// A batch whose identifiers all have their numbers.
#[derive(Clone, Debug)]
pub struct Settled {
    next: IdentifierId,
    identifiers: Vec<Identifier>,
    seen: Vec<(Timestamp, Timestamp)>,
    known: Vec<Option<Known>>,
    ids: Vec<IdentifierId>,
    by_id: HashMap<IdentifierId, Slot>,
    facts: Vec<LinkFact>,
}

impl Settled {
    /// The number of the identifier in `slot`.
    #[must_use]
    pub fn id(&self, slot: Slot) -> IdentifierId {
        self.ids[slot.0 as usize]
    }

    /// The numbers of all identifiers, in the order of [`Arrivals::mentioned`].
    #[must_use]
    pub fn ids(&self) -> &[IdentifierId] {
        &self.ids
    }

    /// The links that may be in the ledger already, because both ends were known before. Ask the
    /// ledger (or a cache of it) when the earliest evidence of each happened.
    #[must_use]
    pub fn questions(&self) -> Vec<LinkKey> {
        self.askable().map(LinkFact::key).collect()
    }

    /// Drops the claims that are no news, and judges by `rules` those that need no further look.
    /// `recorded` answers [`Self::questions`] one by one, `None` where the link is not in the
    /// ledger.
    ///
    /// # Panics
    /// If `recorded` has not one answer for each question.
    #[must_use]
    pub fn recall(mut self, recorded: &[Option<Recorded>], rules: &IdentityRules) -> Claims {
        assert_eq!(recorded.len(), self.askable().count(), "every question has an answer");
        let mut answers = recorded.iter();
        let mut claims = Vec::new();
        for fact in std::mem::take(&mut self.facts) {
            let both_known = self.end(fact.a).1.is_some() && self.end(fact.b).1.is_some();
            let recorded = if both_known { *answers.next().expect("as counted") } else { None };
            if recorded.is_none_or(|recorded| recorded.occurred_at >= fact.occurred_at) {
                claims.push(self.claim(fact, recorded, rules));
            }
        }
        let mentions = self.identifiers.into_iter().zip(self.seen).zip(self.ids).zip(self.known);
        let mention = |(((identifier, (first_seen, recorded_at)), id), known)| Mention {
            id,
            identifier,
            first_seen,
            recorded_at,
            known,
        };
        Claims::new(mentions.map(mention).collect(), claims, self.next)
    }

    /// A claim that is news, and who must be at hand to judge it.
    fn claim(
        &self,
        mut fact: LinkFact,
        recorded: Option<Recorded>,
        rules: &IdentityRules,
    ) -> Claim {
        let [(a, from_a), (b, from_b)] = [self.end(fact.a), self.end(fact.b)];
        let customers = [from_a, from_b].map(|known| known.map(|known| known.customer));
        // At the same moment the message ids decide, and only the ledger knows the other one.
        let is_tie = recorded.is_some_and(|r| r.occurred_at == fact.occurred_at);
        let is_shared = |known: Option<&Known>| known.is_some_and(|known| known.is_shared);
        fact.inert = if recorded.is_some_and(|recorded| recorded.is_withdrawn) {
            Some(Inert::Withdrawn)
        } else if let Some(refusal) = rules.refusal(a, b, fact.rule) {
            Some(refusal)
        } else if fact.rule != LinkRule::Stated && (is_shared(from_a) || is_shared(from_b)) {
            Some(Inert::Shared)
        } else {
            None
        };
        let timed = |end: &Identifier| rules.has_windows(&end.kind);
        let needs = match fact.inert {
            _ if is_tie => customers,
            Some(Inert::Withdrawn) => [None, None],
            // Nobody moves by it, but it may say that an identifier was linked earlier, or that one
            // was seen with somebody more.
            Some(inert) => {
                let is_counted = |end: &Identifier, other: &Identifier| {
                    inert == Inert::Shared && rules.counts(&end.kind, &other.kind)
                };
                let of = |end: &Identifier, other: &Identifier, known, customer| {
                    let matters = timed(end) || is_counted(end, other);
                    if matters && !is_shared(known) { customer } else { None }
                };
                [of(a, b, from_a, customers[0]), of(b, a, from_b, customers[1])]
            }
            None => {
                let is_together = recorded.is_some() && customers[0] == customers[1];
                if is_together && !timed(a) && !timed(b) { [None, None] } else { customers }
            }
        };
        Claim { fact, needs }
    }

    fn end(&self, id: IdentifierId) -> (&Identifier, Option<&Known>) {
        let slot = self.by_id[&id].0 as usize;
        (&self.identifiers[slot], self.known[slot].as_ref())
    }

    fn askable(&self) -> impl Iterator<Item = &LinkFact> {
        let is_known = |id: IdentifierId| self.known[self.by_id[&id].0 as usize].is_some();
        self.facts.iter().filter(move |fact| is_known(fact.a) && is_known(fact.b))
    }
}

#[cfg(test)]
mod tests;
