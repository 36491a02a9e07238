//! What do tables look like that follow the plans of this crate?

use crate::{
    Arrivals, Edit, EditError, IdentityPlan, IdentityRules, Inert, KindRules, Known, Limit,
    LinkFact, LinkKey, Member, Node, Oblivion, Outlook, Recorded, Snapshot, Trust, resolve,
};
use base::{CustomerId, IdentifierId, Position, SourceId, Timestamp};
use lexicon::{
    Blocked, BlockedValue, Event, EventKind, Identifier, IdentifierKind, Json, LinkClaim, LinkRule,
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A day in microseconds.
pub const DAY: i64 = 86_400_000_000;

/// `u1` is a user id, `a1` an anonymous id, `m1` an e-mail address, `p1` a telephone number.
pub fn identifier(text: &str) -> Identifier {
    let (kind, value) = match text.as_bytes()[0] {
        b'u' => (IdentifierKind::UserId, text.to_owned()),
        b'm' => (IdentifierKind::Email, format!("{text}@example.com")),
        b'p' => (IdentifierKind::Phone, format!("+493012345{}", &text[1..])),
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

/// A statement by a person that two identifiers are one customer.
pub fn join(a: IdentifierId, b: IdentifierId) -> Edit {
    Edit::Join(LinkFact {
        a: a.min(b),
        b: a.max(b),
        rule: LinkRule::Stated,
        occurred_at: Timestamp(1_000),
        evidence: "by hand".into(),
        source: SourceId(0),
        recorded_at: Timestamp(1_000),
        position: Position(1_000),
        inert: None,
        version: 0,
    })
}

/// What the state holds, as tables.
#[derive(Default)]
pub struct Tables {
    pub members: BTreeMap<IdentifierId, Member>,
    pub links: BTreeMap<LinkKey, LinkFact>,
    pub rules: IdentityRules,
    n_heard: u64,
    /// Numbers that were given; none is given twice.
    n_numbers: u64,
    pub n_loaded: usize,
}

impl Tables {
    pub fn under(rules: IdentityRules) -> Self {
        Self { rules, ..Self::default() }
    }

    pub fn take(&mut self, batch: &[Event]) -> IdentityPlan {
        let mut heard = Arrivals::new();
        for event in batch {
            self.n_heard += 1;
            heard.hear(event, Position(self.n_heard));
        }
        let known = heard.mentioned().iter().map(|i| self.known(i)).collect();
        let settled = heard.settle(known, self.next());
        let recorded: Vec<_> =
            settled.questions().iter().map(|key| Some(recorded(self.links.get(key)?))).collect();
        let claims = settled.recall(&recorded, &self.rules);
        let mut wanted: BTreeSet<CustomerId> = claims.needs().into_iter().collect();
        let plan = loop {
            match claims.plan(&self.load(&wanted), &self.rules) {
                Outlook::Settled(plan) => break plan,
                Outlook::Beyond(ids) => self.further(&mut wanted, &ids),
            }
        };
        self.n_loaded += self.load(&wanted).members.len();
        self.write(&plan);
        plan
    }

    /// Carries out edits with no more at hand than their contract asks for.
    pub fn edit(&mut self, edits: &[Edit]) -> Result<IdentityPlan, EditError> {
        let ends = edits.iter().flat_map(Edit::ends);
        let mut wanted: BTreeSet<CustomerId> =
            ends.filter_map(|id| Some(self.members.get(&id)?.customer)).collect();
        let next = self.next();
        let plan = loop {
            match self.load(&wanted).edit(edits, "Ann said so", next, &self.rules)? {
                Outlook::Settled(plan) => break plan,
                Outlook::Beyond(ids) => self.further(&mut wanted, &ids),
            }
        };
        self.write(&plan);
        Ok(plan)
    }

    /// Lets other rules hold from now on; one customer after another is judged, each with as many
    /// others as must be.
    pub fn agree(&mut self, rules: IdentityRules) {
        self.rules = rules;
        let next = self.next();
        let all: BTreeSet<CustomerId> = self.members.values().map(|m| m.customer).collect();
        let mut judged = BTreeSet::new();
        let mut changes = IdentityPlan::default();
        for customer in all {
            if judged.contains(&customer) {
                continue;
            }
            let mut wanted = BTreeSet::from([customer]);
            let plan = loop {
                match self.load(&wanted).judge("other rules", next, &self.rules) {
                    Outlook::Settled(plan) => break plan,
                    Outlook::Beyond(ids) => self.further(&mut wanted, &ids),
                }
            };
            judged.extend(wanted);
            changes.absorb(plan);
        }
        changes.next = next;
        self.write(&changes);
    }

    /// Forgets a customer, but for what somebody else has given by themselves.
    pub fn forget(&mut self, customer: CustomerId) {
        let theirs = |m: &&Member| m.customer == customer;
        let gone: BTreeSet<IdentifierId> =
            self.members.values().filter(theirs).map(|m| m.id).collect();
        let given = self.links.values().filter(|link| self.is_given(link, &gone));
        let given: Vec<LinkFact> = given.cloned().collect();
        let ends = self.links.values().flat_map(|link| [(link.a, link.b), (link.b, link.a)]);
        let far = ends.filter(|(ours, _)| gone.contains(ours)).map(|(_, far)| far);
        let mut wanted: BTreeSet<CustomerId> = far.map(|id| self.members[&id].customer).collect();
        wanted.insert(customer);
        let oblivion = Oblivion { gone, given };
        let plan = loop {
            let snapshot = self.load(&wanted);
            match snapshot.forget(&oblivion, "forgotten", self.next(), &self.rules) {
                Outlook::Settled(plan) => break plan,
                Outlook::Beyond(ids) => self.further(&mut wanted, &ids),
            }
        };
        self.members.retain(|id, _| !oblivion.gone.contains(id));
        self.links.retain(|&(a, b, _), _| ![a, b].iter().any(|id| oblivion.gone.contains(id)));
        self.write(&plan);
    }

    /// Whether a user gave an identifier of these that is no user's.
    fn is_given(&self, link: &LinkFact, gone: &BTreeSet<IdentifierId>) -> bool {
        let is_user = |id| self.members[&id].identifier.kind == IdentifierKind::UserId;
        let by = |user, other| {
            gone.contains(&other) && !gone.contains(&user) && is_user(user) && !is_user(other)
        };
        link.rule != LinkRule::Stated && (by(link.a, link.b) || by(link.b, link.a))
    }

    fn next(&self) -> IdentifierId {
        IdentifierId(self.n_numbers + 1)
    }

    fn further(&self, wanted: &mut BTreeSet<CustomerId>, ids: &[IdentifierId]) {
        let n_before = wanted.len();
        wanted.extend(ids.iter().map(|id| self.members[id].customer));
        assert!(wanted.len() > n_before, "nobody is asked for twice");
    }

    pub fn known(&self, identifier: &Identifier) -> Option<Known> {
        let member = self.members.values().find(|m| m.identifier == *identifier)?;
        Some(Known { id: member.id, customer: member.customer, is_shared: member.is_shared })
    }

    fn load(&self, customers: &BTreeSet<CustomerId>) -> Snapshot {
        let members: Vec<_> =
            self.members.values().filter(|m| customers.contains(&m.customer)).cloned().collect();
        let inside: BTreeSet<_> = members.iter().map(|m| m.id).collect();
        let touches = |l: &&LinkFact| inside.contains(&l.a) || inside.contains(&l.b);
        let links: Vec<LinkFact> = self.links.values().filter(touches).cloned().collect();
        let ends: BTreeSet<IdentifierId> = links.iter().flat_map(|l| [l.a, l.b]).collect();
        let outside = ends.difference(&inside).map(|id| self.members[id].clone()).collect();
        Snapshot { members, outside, links }
    }

    fn write(&mut self, plan: &IdentityPlan) {
        for new in &plan.new {
            let identifier = new.identifier.clone();
            let is_shared = new.is_shared;
            let member = Member { id: new.id, identifier, customer: new.customer, is_shared };
            assert_eq!(self.members.insert(new.id, member), None, "numbers are given once");
        }
        for moved in &plan.moves {
            let member = self.members.get_mut(&moved.identifier).expect("it was there");
            assert_eq!(member.customer, moved.from);
            assert!(!moved.cause.is_empty());
            member.customer = moved.to;
        }
        for &(id, is_shared) in &plan.shared {
            let member = self.members.get_mut(&id).expect("it was there");
            assert_ne!(member.is_shared, is_shared);
            member.is_shared = is_shared;
        }
        for link in &plan.links {
            assert_eq!(link.version, self.rules.version);
            self.links.insert(link.key(), link.clone());
        }
        assert!(plan.next >= self.next(), "numbers are given once");
        self.n_numbers = plan.next.0 - 1;
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

    /// The ledger by text: who, who, rule, time, evidence, verdict.
    pub fn ledger(&self) -> BTreeSet<(String, String, LinkRule, Timestamp, String, Option<Inert>)> {
        let text = |id: IdentifierId| self.members[&id].identifier.to_string();
        let rows = self.links.values().map(|l| {
            let (a, b) = (text(l.a), text(l.b));
            let (a, b) = if a < b { (a, b) } else { (b, a) };
            (a, b, l.rule, l.occurred_at, l.evidence.to_string(), l.inert)
        });
        rows.collect()
    }

    /// What follows from scratch must be what stands in the tables.
    pub fn check(&self) {
        let nodes: Vec<_> = self
            .members
            .values()
            .map(|m| Node { id: m.id, identifier: &m.identifier, is_shared: false })
            .collect();
        let links: Vec<_> = self.links.values().cloned().collect();
        let resolution = resolve(&nodes, &[], &links, &self.rules);
        let stored: HashMap<_, _> = self.members.values().map(|m| (m.id, m.customer)).collect();
        assert_eq!(resolution.customers(), stored, "customers");
        for (link, verdict) in links.iter().zip(&resolution.verdicts) {
            assert_eq!(link.inert, *verdict, "{link:?}");
        }
        let shared = self.members.values().filter(|m| m.is_shared).map(|m| m.id).collect();
        assert_eq!(resolution.shared, shared, "shared");
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

/// Few identifiers and few days, so that everything collides.
pub fn any_event() -> impl Strategy<Value = Event> {
    let name = prop_oneof![
        5 => (0..5u8).prop_map(|n| format!("u{n}")),
        6 => (0..6u8).prop_map(|n| format!("a{n}")),
        3 => (0..3u8).prop_map(|n| format!("m{n}")),
        1 => (0..2u8).prop_map(|n| format!("p{n}")),
    ];
    let rule = prop_oneof![
        1 => Just(LinkRule::Stated),
        6 => Just(LinkRule::SameEvent),
        2 => Just(LinkRule::Verified),
        3 => Just(LinkRule::Trait),
        2 => Just(LinkRule::Attached),
    ];
    let link = (name.clone(), name.clone(), rule);
    (0..30i64, any::<u16>(), name, proptest::collection::vec(link, 0..3)).prop_map(
        |(day, id, under, links)| {
            let links: Vec<_> =
                links.iter().map(|(a, b, rule)| (a.as_str(), b.as_str(), *rule)).collect();
            event(&format!("m{id}"), day * DAY, &under, &links)
        },
    )
}

/// Rules so narrow that everything runs into them.
pub fn any_rules() -> impl Strategy<Value = IdentityRules> {
    let few = || proptest::option::of(1..4u32);
    let kind = || {
        let trust = prop_oneof![3 => Just(Trust::Claimed), 1 => Just(Trust::Verified)];
        (few(), few(), few(), few(), few(), trust).prop_map(
            |(ever, month, week, users_max, visitors_max, trust)| KindRules {
                limit: Limit { ever, month, week },
                users_max,
                visitors_max,
                trust,
            },
        )
    };
    let blocked = prop_oneof![2 => Just(None), 1 => Just(Some("m0@*")), 1 => Just(Some("a0"))];
    let kinds =
        Just(vec![IdentifierKind::UserId, IdentifierKind::Email, IdentifierKind::AnonymousId]);
    (kinds.prop_shuffle(), [kind(), kind()], kind(), blocked).prop_map(
        |(kinds, own, others, blocked)| {
            let of = |kind: &IdentifierKind| match kind {
                IdentifierKind::UserId => KindRules::default(),
                IdentifierKind::Email => own[0],
                _ => own[1],
            };
            let blocked =
                blocked.map(|value: &str| BlockedValue { kind: None, pattern: value.into() });
            IdentityRules {
                version: 7,
                kinds: kinds.into_iter().map(|kind| (kind.clone(), of(&kind))).collect(),
                others,
                blocked: Blocked::new(false, blocked),
                country: None,
            }
        },
    )
}
