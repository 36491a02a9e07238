//! Which customers follow from a set of identifiers and links?

use crate::forest::{Count, Forest, Tree};
use crate::{IdentityRules, Inert, Limit, LinkFact};
use base::{CustomerId, IdentifierId, Timestamp};
use lexicon::{Identifier, IdentifierKind, LinkRule};
use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap, HashSet};

/// An identifier with its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node<'a> {
    /// Its number.
    pub id: IdentifierId,
    /// Its kind and value.
    pub identifier: &'a Identifier,
    /// Whether the tables call it shared. Matters for nodes of which not every link is at hand.
    pub is_shared: bool,
}

/// Who is one customer, and which links were not followed.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Resolution {
    /// The customers: each with the numbers of its identifiers, ascending; the clusters ascend by
    /// their first number, which is the number of the customer.
    pub clusters: Vec<Vec<IdentifierId>>,
    /// Why each link, in the order in which they were given, is not followed.
    pub verdicts: Vec<Option<Inert>>,
    /// The identifiers that too many people were seen with.
    pub shared: BTreeSet<IdentifierId>,
    /// The links that lead outside and could be followed, if it were for their ends alone: by
    /// their place among the links.
    pub(crate) waiting: Vec<usize>,
}

impl Resolution {
    /// The customer of every identifier.
    #[must_use]
    pub fn customers(&self) -> HashMap<IdentifierId, CustomerId> {
        let each = self.clusters.iter().flat_map(|cluster| {
            let customer = CustomerId::founded_by(cluster[0]);
            cluster.iter().map(move |&id| (id, customer))
        });
        each.collect()
    }
}

/// Resolves `inside` by `links`, from scratch: a pure function of the sets and the rules.
///
/// 1. A link is judged by its ends: withdrawn, blocked, not verified.
/// 2. Identifiers are judged by the other links that they have: one seen with too many user ids or
///    too many anonymous ids is shared, and its automatic links are not followed.
/// 3. What is left goes from the strongest rule to the weakest, within a rule from the kind with
///    the highest priority to the lowest, within a kind from the earliest to the latest, at the
///    same time by the text of the identifiers. A link is followed unless its ends are in two
///    clusters that both hold a user id, or would hold too many of a kind together. Nothing stops
///    what was [stated](LinkRule::Stated).
///
/// `links` must hold every link that touches `inside`, and `outside` the far ends of those that
/// lead out of it. Links that lead outside are not followed; they keep the verdict that stands,
/// unless 1 or 2 say otherwise.
#[must_use]
pub fn resolve(
    inside: &[Node<'_>],
    outside: &[Node<'_>],
    links: &[LinkFact],
    rules: &IdentityRules,
) -> Resolution {
    let places = Places::of(inside, outside);
    let mut verdicts: Vec<Option<Inert>> =
        links.iter().map(|link| places.by_its_ends(link, rules)).collect();
    let shared = places.shared(links, &verdicts, rules);
    let mut waiting = Vec::new();
    let mut eligible = Vec::new();
    for (index, link) in links.iter().enumerate() {
        let Some((a, b)) = places.ends(link) else {
            verdicts[index] = link.inert;
            continue;
        };
        if verdicts[index].is_some() {
            continue;
        }
        let is_shared = |place: usize| shared.contains(&places.nodes[place].id);
        if link.rule != LinkRule::Stated && (is_shared(a) || is_shared(b)) {
            verdicts[index] = Some(Inert::Shared);
        } else if places.is_inside(a) && places.is_inside(b) {
            eligible.push((index, a, b));
        } else {
            verdicts[index] = link.inert;
            waiting.push(index);
        }
    }
    places.in_order(&mut eligible, links, rules);
    let clusters = places.follow(&eligible, links, rules, (&shared, &mut verdicts));
    let shared = shared.into_iter().filter(|id| places.is_inside(places.by_id[id]));
    Resolution { clusters, verdicts, shared: shared.collect(), waiting }
}

/// When each identifier of a kind for which that matters was first linked by automatic links that
/// nobody has withdrawn. `nodes` are those that are not shared: what is shared counts for nobody.
pub(crate) fn first_linked<'n>(
    nodes: impl Iterator<Item = Node<'n>>,
    links: &[LinkFact],
    rules: &IdentityRules,
) -> HashMap<IdentifierId, Timestamp> {
    let timed: HashSet<IdentifierId> =
        nodes.filter(|n| rules.has_windows(&n.identifier.kind)).map(|n| n.id).collect();
    let mut times: HashMap<IdentifierId, Timestamp> = HashMap::new();
    if timed.is_empty() {
        return times;
    }
    let counts = |link: &&LinkFact| link.rule != LinkRule::Stated && !link.is_withdrawn();
    for link in links.iter().filter(counts) {
        for id in [link.a, link.b].into_iter().filter(|id| timed.contains(id)) {
            let time = times.entry(id).or_insert(link.occurred_at);
            *time = link.occurred_at.min(*time);
        }
    }
    times
}

/// The identifiers at hand, by number.
struct Places<'n, 'a> {
    /// Those inside, then those outside.
    nodes: Vec<&'n Node<'a>>,
    n_inside: usize,
    by_id: HashMap<IdentifierId, usize>,
}

impl<'n, 'a> Places<'n, 'a> {
    fn of(inside: &'n [Node<'a>], outside: &'n [Node<'a>]) -> Self {
        let nodes: Vec<&Node<'_>> = inside.iter().chain(outside).collect();
        // Whoever is inside and outside is inside.
        let by_id = nodes.iter().enumerate().rev().map(|(place, node)| (node.id, place)).collect();
        Self { n_inside: inside.len(), nodes, by_id }
    }

    fn is_inside(&self, place: usize) -> bool {
        place < self.n_inside
    }

    /// The places of the ends of a link, the one that goes first by its text first.
    fn ends(&self, link: &LinkFact) -> Option<(usize, usize)> {
        let (a, b) = (*self.by_id.get(&link.a)?, *self.by_id.get(&link.b)?);
        let first_by_text = self.nodes[a].identifier <= self.nodes[b].identifier;
        Some(if first_by_text { (a, b) } else { (b, a) })
    }

    fn by_its_ends(&self, link: &LinkFact, rules: &IdentityRules) -> Option<Inert> {
        if link.is_withdrawn() {
            return Some(Inert::Withdrawn);
        }
        let (a, b) = self.ends(link)?;
        rules.refusal(self.nodes[a].identifier, self.nodes[b].identifier, link.rule)
    }

    /// The identifiers that were seen with too many others; of those outside, what the tables say.
    fn shared(
        &self,
        links: &[LinkFact],
        verdicts: &[Option<Inert>],
        rules: &IdentityRules,
    ) -> HashSet<IdentifierId> {
        let mut seen = HashSet::new();
        let mut n_seen: HashMap<usize, (u32, u32)> = HashMap::new();
        for (link, verdict) in links.iter().zip(verdicts) {
            let Some((a, b)) = self.ends(link) else { continue };
            if verdict.is_some() || link.rule == LinkRule::Stated {
                continue;
            }
            for (hub, other) in [(a, b), (b, a)] {
                let kind = &self.nodes[other].identifier.kind;
                if !rules.counts(&self.nodes[hub].identifier.kind, kind)
                    || !self.is_inside(hub)
                    || !seen.insert((hub, other))
                {
                    continue;
                }
                let (n_users, n_visitors) = n_seen.entry(hub).or_default();
                *(if *kind == IdentifierKind::UserId { n_users } else { n_visitors }) += 1;
            }
        }
        let is_shared = |&(place, (n_users, n_visitors)): &(usize, (u32, u32))| {
            let own = rules.of(&self.nodes[place].identifier.kind);
            own.users_max.is_some_and(|n_max| n_users > n_max)
                || own.visitors_max.is_some_and(|n_max| n_visitors > n_max)
        };
        let inside = n_seen.into_iter().filter(is_shared).map(|(place, _)| self.nodes[place].id);
        let outside = self.nodes[self.n_inside..].iter().filter(|node| node.is_shared);
        let outside = outside.map(|node| node.id).filter(|id| !self.is_inside(self.by_id[id]));
        inside.chain(outside).collect()
    }

    /// Puts links, given as (index, place of one end, place of the other), the strongest first.
    fn in_order(
        &self,
        eligible: &mut [(usize, usize, usize)],
        links: &[LinkFact],
        rules: &IdentityRules,
    ) {
        let text = |place: usize| self.nodes[place].identifier;
        let rank = |place: usize| rules.rank(&text(place).kind);
        eligible.sort_unstable_by(|&(i, a, b), &(j, c, d)| -> Ordering {
            let by_strength = links[i].rule.cmp(&links[j].rule);
            by_strength
                .then_with(|| rank(a).max(rank(b)).cmp(&rank(c).max(rank(d))))
                .then_with(|| links[i].occurred_at.cmp(&links[j].occurred_at))
                .then_with(|| text(a).cmp(text(c)))
                .then_with(|| text(b).cmp(text(d)))
        });
    }

    /// Follows links in their order, and says who is together then.
    fn follow(
        &self,
        in_order: &[(usize, usize, usize)],
        links: &[LinkFact],
        rules: &IdentityRules,
        (shared, verdicts): (&HashSet<IdentifierId>, &mut [Option<Inert>]),
    ) -> Vec<Vec<IdentifierId>> {
        let (trees, limits) = self.trees(links, rules, shared);
        let mut forest = Forest::new(trees, &limits);
        let place = |place: usize| u32::try_from(place).expect("there are fewer nodes than that");
        let mut refused = Vec::new();
        for &(index, a, b) in in_order {
            let (a, b) = (place(a), place(b));
            let is_stated = links[index].rule == LinkRule::Stated;
            if is_stated || !(forest.would_join_user_ids(a, b) || forest.would_be_too_many(a, b)) {
                forest.join(a, b);
            } else {
                refused.push((index, a, b));
            }
        }
        // The reason is read off the customers as they are in the end: one that depended on the
        // moment of the refusal could become another one when nobody looks.
        for (index, a, b) in refused {
            let two = forest.has_user_id(a) && forest.has_user_id(b);
            verdicts[index] = Some(if two { Inert::TwoUserIds } else { Inert::Limit });
        }
        self.clusters(&mut forest)
    }

    /// What each node inside holds by itself, and the limits of the kinds by their number here.
    fn trees(
        &self,
        links: &[LinkFact],
        rules: &IdentityRules,
        shared: &HashSet<IdentifierId>,
    ) -> (Vec<Tree>, Vec<Limit>) {
        let inside = &self.nodes[..self.n_inside];
        let of_one = inside.iter().map(|node| **node).filter(|node| !shared.contains(&node.id));
        let times = first_linked(of_one, links, rules);
        let mut kinds: Vec<&IdentifierKind> = Vec::new();
        let mut limits = Vec::new();
        let mut counts = |node: &Node<'a>| {
            let kind = &node.identifier.kind;
            let limit = rules.of(kind).limit;
            if !limit.is_set() || *kind == IdentifierKind::UserId {
                return Vec::new();
            }
            let number = kinds.iter().position(|known| *known == kind).unwrap_or_else(|| {
                kinds.push(&node.identifier.kind);
                limits.push(limit);
                limits.len() - 1
            });
            let first_linked = times.get(&node.id).map(|time| time.0).into_iter().collect();
            vec![Count { kind: number, n: 1, first_linked }]
        };
        let tree = |node: &&Node<'a>| Tree {
            has_user_id: node.identifier.kind == IdentifierKind::UserId,
            counts: counts(node),
        };
        let trees = inside.iter().map(tree).collect();
        (trees, limits)
    }

    fn clusters(&self, forest: &mut Forest<'_>) -> Vec<Vec<IdentifierId>> {
        let mut by_root: HashMap<u32, Vec<IdentifierId>> = HashMap::new();
        for (place, node) in (0u32..).zip(&self.nodes[..self.n_inside]) {
            by_root.entry(forest.find(place)).or_default().push(node.id);
        }
        let mut clusters: Vec<_> = by_root.into_values().collect();
        for cluster in &mut clusters {
            cluster.sort_unstable();
        }
        clusters.sort_unstable();
        clusters
    }
}
