//! What do tables look like that follow the plans of this crate?

use crate::{
    Arrivals, Edit, EditError, IdentityPlan, Known, LinkFact, LinkKey, Member, Node, Recorded,
    Snapshot, resolve,
};
use base::{CustomerId, IdentifierId, Position, SourceId, Timestamp};
use lexicon::{Event, EventKind, Identifier, IdentifierKind, Json, LinkClaim, LinkRule};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// `u1` is a user id, `a1` an anonymous id, `m1` an e-mail address.
pub fn identifier(text: &str) -> Identifier {
    let (kind, value) = match text.as_bytes()[0] {
        b'u' => (IdentifierKind::UserId, text.to_owned()),
        b'm' => (IdentifierKind::Email, format!("{text}@example.com")),
        _ => (IdentifierKind::AnonymousId, text.to_owned()),
    };
    Identifier::new(kind, &value).expect("a good value")
}

/// An event under the first identifier, with links as (a, b, rule).
pub fn event(id: &str, at: i64, under: &str, links: &[(&str, &str, LinkRule)]) -> Event {
    let claim = |&(a, b, rule): &(&str, &str, LinkRule)| LinkClaim {
        a: identifier(a),
        b: identifier(b),
        rule,
    };
    Event {
        message_id: id.into(),
        kind: EventKind::Track,
        name: "Tested".into(),
        identifiers: vec![identifier(under)],
        links: links.iter().map(claim).collect(),
        occurred_at: Timestamp(at),
        received_at: Timestamp(at + 1),
        source: SourceId(1),
        properties: Json::empty(),
        traits: Json::empty(),
        traits_once: Json::empty(),
        traits_unset: Vec::new(),
        account_key: None,
        context: Json::empty(),
    }
}

/// An event that carries an anonymous id and a user id.
pub fn login(at: i64, anonymous: &str, user: &str) -> Event {
    let id = format!("login-{at}-{anonymous}-{user}");
    event(&id, at, user, &[(anonymous, user, LinkRule::SameEvent)])
}

/// What the state holds, as tables.
#[derive(Default)]
pub struct Tables {
    pub members: BTreeMap<IdentifierId, Member>,
    pub links: BTreeMap<LinkKey, LinkFact>,
    n_heard: u64,
    pub n_loaded: usize,
}

impl Tables {
    pub fn take(&mut self, batch: &[Event]) -> IdentityPlan {
        let mut heard = Arrivals::new();
        for event in batch {
            self.n_heard += 1;
            heard.hear(event, Position(self.n_heard));
        }
        let known = heard.mentioned().iter().map(|i| self.known(i)).collect();
        let settled = heard.settle(known, IdentifierId(self.members.len() as u64 + 1));
        let recorded: Vec<_> =
            settled.questions().iter().map(|key| Some(recorded(self.links.get(key)?))).collect();
        let claims = settled.recall(&recorded);
        let snapshot = self.load(&claims.needs());
        let plan = claims.plan(snapshot);
        self.write(&plan);
        plan
    }

    /// Carries out edits with no more at hand than their contract asks for.
    pub fn edit(&mut self, edits: &[Edit]) -> Result<IdentityPlan, EditError> {
        let mut wanted: BTreeSet<IdentifierId> = edits.iter().flat_map(Edit::ends).collect();
        let mut snapshot = Snapshot::default();
        for _ in 0..=edits.len() {
            let owners: BTreeSet<CustomerId> =
                wanted.iter().filter_map(|id| Some(self.members.get(id)?.customer)).collect();
            snapshot = self.load_whole(&owners.into_iter().collect::<Vec<_>>());
            wanted.extend(snapshot.members.iter().map(|m| m.id));
            wanted.extend(snapshot.beyond());
        }
        let next = IdentifierId(self.members.len() as u64 + 1);
        let plan = snapshot.edit(edits, "Ann said so", next)?;
        self.write(&plan);
        Ok(plan)
    }

    pub fn known(&self, identifier: &Identifier) -> Option<Known> {
        let member = self.members.values().find(|m| m.identifier == *identifier)?;
        Some(Known { id: member.id, customer: member.customer })
    }

    /// Only links with both ends in the customers: the least that the contract asks for.
    fn load(&mut self, customers: &[CustomerId]) -> Snapshot {
        let members: Vec<_> =
            self.members.values().filter(|m| customers.contains(&m.customer)).cloned().collect();
        self.n_loaded += members.len();
        let inside: BTreeSet<_> = members.iter().map(|m| m.id).collect();
        let links = self.links.values().filter(|l| inside.contains(&l.a) && inside.contains(&l.b));
        Snapshot { links: links.cloned().collect(), members }
    }

    /// Every link that touches the customers.
    fn load_whole(&self, customers: &[CustomerId]) -> Snapshot {
        let members: Vec<_> =
            self.members.values().filter(|m| customers.contains(&m.customer)).cloned().collect();
        let inside: BTreeSet<_> = members.iter().map(|m| m.id).collect();
        let links = self.links.values().filter(|l| inside.contains(&l.a) || inside.contains(&l.b));
        Snapshot { links: links.cloned().collect(), members }
    }

    fn write(&mut self, plan: &IdentityPlan) {
        for new in &plan.new {
            let identifier = new.identifier.clone();
            let member = Member { id: new.id, identifier, customer: new.customer };
            assert_eq!(self.members.insert(new.id, member), None, "numbers are given once");
        }
        for moved in &plan.moves {
            let member = self.members.get_mut(&moved.identifier).expect("it was there");
            assert_eq!(member.customer, moved.from);
            assert!(!moved.cause.is_empty());
            member.customer = moved.to;
        }
        for link in &plan.links {
            self.links.insert(link.key(), link.clone());
        }
        assert_eq!(plan.next.0, self.members.len() as u64 + 1);
        let alive: BTreeSet<_> = self.members.values().map(|m| m.customer).collect();
        for merge in &plan.merges {
            assert!(!alive.contains(&merge.absorbed), "the absorbed are gone");
            assert!(alive.contains(&merge.kept), "the kept are there");
        }
    }

    /// The customers as sets of identifiers by text.
    pub fn partition(&self) -> BTreeSet<BTreeSet<String>> {
        let mut customers: BTreeMap<CustomerId, BTreeSet<String>> = BTreeMap::new();
        for member in self.members.values() {
            customers.entry(member.customer).or_default().insert(member.identifier.to_string());
        }
        customers.into_values().collect()
    }

    /// The ledger by text: who, who, rule, time, evidence, followed.
    pub fn ledger(&self) -> BTreeSet<(String, String, LinkRule, Timestamp, String, bool)> {
        let text = |id: IdentifierId| self.members[&id].identifier.to_string();
        let rows = self.links.values().map(|l| {
            let (a, b) = (text(l.a), text(l.b));
            let (a, b) = if a < b { (a, b) } else { (b, a) };
            (a, b, l.rule, l.occurred_at, l.evidence.to_string(), l.is_active())
        });
        rows.collect()
    }

    /// What follows from scratch must be what stands in the tables.
    pub fn check(&self) {
        let nodes: Vec<_> =
            self.members.values().map(|m| Node { id: m.id, identifier: &m.identifier }).collect();
        let links: Vec<_> = self.links.values().cloned().collect();
        let resolution = resolve(&nodes, &links);
        let stored: HashMap<_, _> = self.members.values().map(|m| (m.id, m.customer)).collect();
        assert_eq!(resolution.customers(), stored, "customers");
        let inert: BTreeSet<usize> = resolution.inert.iter().map(|&(index, _)| index).collect();
        for (index, link) in links.iter().enumerate() {
            assert_eq!(link.is_active(), !inert.contains(&index), "{link:?}");
        }
    }
}

pub fn after(batches: &[&[Event]]) -> Tables {
    let mut tables = Tables::default();
    for batch in batches {
        tables.take(batch);
        tables.check();
    }
    tables
}

pub fn customers(tables: &Tables) -> String {
    let sets = tables.partition();
    let words = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>().join(" ");
    sets.iter().map(words).collect::<Vec<_>>().join(" | ")
}

pub fn recorded(link: &LinkFact) -> Recorded {
    Recorded { occurred_at: link.occurred_at, is_withdrawn: link.is_withdrawn() }
}

/// Few identifiers and few moments, so that everything collides.
pub fn any_event() -> impl Strategy<Value = Event> {
    let name = prop_oneof![
        (0..5u8).prop_map(|n| format!("u{n}")),
        (0..6u8).prop_map(|n| format!("a{n}")),
        (0..2u8).prop_map(|n| format!("m{n}")),
    ];
    let rule = prop_oneof![
        1 => Just(LinkRule::Stated),
        6 => Just(LinkRule::SameEvent),
        3 => Just(LinkRule::Trait),
        2 => Just(LinkRule::Attached),
    ];
    let link = (name.clone(), name.clone(), rule);
    (0..30i64, any::<u16>(), name, proptest::collection::vec(link, 0..3)).prop_map(
        |(at, id, under, links)| {
            let links: Vec<_> =
                links.iter().map(|(a, b, rule)| (a.as_str(), b.as_str(), *rule)).collect();
            event(&format!("m{id}"), at, &under, &links)
        },
    )
}
