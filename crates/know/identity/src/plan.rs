//! What must be written so that the customers are right again?

use crate::{LinkFact, Member};
use base::{CustomerId, IdentifierId, Timestamp};
use lexicon::Identifier;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// An identifier that nobody has seen before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewIdentifier {
    /// Its number.
    pub id: IdentifierId,
    /// Its kind and value.
    pub identifier: Identifier,
    /// The customer whom it points to.
    pub customer: CustomerId,
    /// When the earliest event of this batch that carries it happened.
    pub first_seen: Timestamp,
    /// When the first event that carries it reached us.
    pub recorded_at: Timestamp,
    /// Whether this batch alone shows it with too many people to point to any of them.
    pub is_shared: bool,
}

/// An identifier that points to another customer than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// The identifier.
    pub identifier: IdentifierId,
    /// The customer whom it pointed to.
    pub from: CustomerId,
    /// The customer whom it points to now.
    pub to: CustomerId,
    /// Why, in words.
    pub cause: String,
}

/// A customer who turned out to be another one: `absorbed` is gone and its number points nowhere
/// (until an unmerge finds it again).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Merge {
    /// The customer who goes on, with the older number.
    pub kept: CustomerId,
    /// The customer whose number is no longer in use.
    pub absorbed: CustomerId,
}

/// Part of a customer who turned out to be somebody else: these identifiers did not go where
/// the founding identifier of `from` is now.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Split {
    /// The customer whom they pointed to.
    pub from: CustomerId,
    /// The customer whom they point to now.
    pub to: CustomerId,
    /// The identifiers, ascending.
    pub identifiers: Vec<IdentifierId>,
}

/// What a batch changes; everything that is to be written is here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IdentityPlan {
    /// Identifiers to add, ascending by number.
    pub new: Vec<NewIdentifier>,
    /// Ledger rows to write as they stand, over the row of the same key where there is one.
    pub links: Vec<LinkFact>,
    /// Identifiers known before that point to another customer now, ascending. Their fragments
    /// move with them.
    pub moves: Vec<Move>,
    /// Customers who are gone, ascending.
    pub merges: Vec<Merge>,
    /// Parts of customers that went another way than their founder, ascending.
    pub splits: Vec<Split>,
    /// Identifiers known before that are shared now and were not, or the other way round.
    pub shared: Vec<(IdentifierId, bool)>,
    /// The number that the next new identifier gets.
    pub next: IdentifierId,
    customers: HashMap<IdentifierId, CustomerId>,
}

impl IdentityPlan {
    pub(crate) fn quiet(
        new: Vec<NewIdentifier>,
        customers: HashMap<IdentifierId, CustomerId>,
        next: IdentifierId,
    ) -> Self {
        Self { new, customers, next, ..Self::default() }
    }

    /// Takes in what `other`, made from the same tables, changes. What both change, they change
    /// alike.
    pub fn absorb(&mut self, other: Self) {
        self.links.extend(other.links);
        self.moves.extend(other.moves);
        self.merges.extend(other.merges);
        self.splits.extend(other.splits);
        self.shared.extend(other.shared);
        self.customers.extend(other.customers);
        self.links.sort_unstable_by_key(LinkFact::key);
        self.links.dedup_by_key(|link| link.key());
        self.moves.sort_unstable_by_key(|moved| moved.identifier);
        self.moves.dedup_by_key(|moved| moved.identifier);
        self.merges.sort_unstable();
        self.merges.dedup();
        self.splits.sort_unstable();
        self.splits.dedup();
        self.shared.sort_unstable();
        self.shared.dedup();
    }

    /// The customer whom an identifier that the batch mentions, or a moved one, points to now.
    #[must_use]
    pub fn customer_of(&self, identifier: IdentifierId) -> Option<CustomerId> {
        self.customers.get(&identifier).copied()
    }

    /// The customers who gain or lose an identifier that was known before, ascending: their
    /// profiles must be at hand.
    #[must_use]
    pub fn touched(&self) -> Vec<CustomerId> {
        let both = self.moves.iter().flat_map(|m| [m.from, m.to]);
        both.collect::<BTreeSet<_>>().into_iter().collect()
    }
}

/// What a plan answers to.
#[derive(Clone, Copy)]
pub(crate) enum Why<'a> {
    /// These claims of a batch, which are followed.
    Claims(&'a [LinkFact]),
    /// A person's decision or a change of the rules, in words.
    Decision(&'a str),
}

/// Adds to `plan` who points to whom `now`, compared with the `members` before.
pub(crate) fn changes(
    plan: &mut IdentityPlan,
    members: &[Member],
    now: &HashMap<IdentifierId, CustomerId>,
    why: Why<'_>,
) {
    for new in &mut plan.new {
        new.customer = now[&new.id];
    }
    let mut moved: Vec<&Member> = members.iter().filter(|m| now[&m.id] != m.customer).collect();
    moved.sort_unstable_by_key(|m| m.id);
    let (causes, else_cause) = match why {
        Why::Claims(followed) => {
            (causes(plan, members, now, followed), "the links were resolved again")
        }
        Why::Decision(words) => (HashMap::new(), words),
    };
    let cause = |to| causes.get(&to).cloned().unwrap_or_else(|| else_cause.to_owned());
    let one_move = |member: &&Member| {
        let to = now[&member.id];
        Move { identifier: member.id, from: member.customer, to, cause: cause(to) }
    };
    plan.moves = moved.iter().map(one_move).collect();
    plan.merges = merges(&moved, now);
    plan.splits = splits(&moved, now);
    plan.customers.extend(now);
}

/// For each customer the strongest and earliest claim of the batch that holds it together.
fn causes(
    plan: &IdentityPlan,
    members: &[Member],
    now: &HashMap<IdentifierId, CustomerId>,
    followed: &[LinkFact],
) -> HashMap<CustomerId, String> {
    let old = members.iter().map(|m| (m.id, &m.identifier));
    let new = plan.new.iter().map(|n| (n.id, &n.identifier));
    let names: HashMap<IdentifierId, &Identifier> = old.chain(new).collect();
    let mut by_strength: Vec<&LinkFact> = followed.iter().collect();
    by_strength.sort_unstable_by_key(|f| (f.rule, f.occurred_at, &f.evidence));
    let mut causes = HashMap::new();
    for fact in by_strength {
        let (a, b) = (names[&fact.a], names[&fact.b]);
        let words = || format!("{} and {}: {}", a.min(b), a.max(b), fact.rule.words());
        causes.entry(now[&fact.a]).or_insert_with(words);
    }
    causes
}

/// Whoever lost the founding identifier is gone: it lives under an older number now.
fn merges(moved: &[&Member], now: &HashMap<IdentifierId, CustomerId>) -> Vec<Merge> {
    let founders = moved.iter().filter(|m| CustomerId::founded_by(m.id) == m.customer);
    let mut merges: Vec<_> =
        founders.map(|m| Merge { kept: now[&m.id], absorbed: m.customer }).collect();
    merges.sort_unstable();
    merges
}

fn splits(moved: &[&Member], now: &HashMap<IdentifierId, CustomerId>) -> Vec<Split> {
    let mut parts: BTreeMap<(CustomerId, CustomerId), Vec<IdentifierId>> = BTreeMap::new();
    for member in moved {
        let founder = IdentifierId(member.customer.0);
        if now[&founder] != now[&member.id] {
            parts.entry((member.customer, now[&member.id])).or_default().push(member.id);
        }
    }
    let split = |((from, to), identifiers)| Split { from, to, identifiers };
    parts.into_iter().map(split).collect()
}
