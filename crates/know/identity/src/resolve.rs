//! Which customers follow from a set of identifiers and links?

use crate::forest::Forest;
use crate::{Inert, LinkFact};
use base::{CustomerId, IdentifierId};
use lexicon::{Identifier, IdentifierKind, LinkRule};
use std::cmp::Ordering;
use std::collections::HashMap;

/// An identifier with its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node<'a> {
    /// Its number.
    pub id: IdentifierId,
    /// Its kind and value.
    pub identifier: &'a Identifier,
}

/// Who is one customer, and which links were not followed.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Resolution {
    /// The customers: each with the numbers of its identifiers, ascending; the clusters ascend by
    /// their first number, which is the number of the customer.
    pub clusters: Vec<Vec<IdentifierId>>,
    /// The links that were not followed, by their index in what was given, ascending.
    pub inert: Vec<(usize, Inert)>,
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

/// Resolves `nodes` by `links`, from scratch: a pure function of the two sets.
///
/// Links go from the strongest rule to the weakest, within a rule from the earliest to the latest,
/// at the same time by the text of their identifiers; a link is followed unless its ends are in
/// two clusters that both hold a user id and it is not [`LinkRule::Stated`]. Withdrawn links are
/// not followed. Links with an end that is not among `nodes` are left alone: they are neither
/// followed nor called inert.
#[must_use]
pub fn resolve(nodes: &[Node<'_>], links: &[LinkFact]) -> Resolution {
    let places: HashMap<IdentifierId, u32> = (0u32..).zip(nodes).map(|(i, n)| (n.id, i)).collect();
    let is_user = nodes.iter().map(|n| n.identifier.kind == IdentifierKind::UserId).collect();
    let mut forest = Forest::new(is_user);
    let mut inert = Vec::new();
    for (index, a, b) in in_order(nodes, links, &places) {
        if links[index].is_withdrawn() {
            inert.push((index, Inert::Withdrawn));
        } else if links[index].rule != LinkRule::Stated && forest.would_join_user_ids(a, b) {
            inert.push((index, Inert::TwoUserIds));
        } else {
            forest.join(a, b);
        }
    }
    inert.sort_unstable();
    Resolution { clusters: clusters(nodes, &mut forest), inert }
}

/// The links within `nodes`, as (index, place of one end, place of the other), strongest first.
fn in_order(
    nodes: &[Node<'_>],
    links: &[LinkFact],
    places: &HashMap<IdentifierId, u32>,
) -> Vec<(usize, u32, u32)> {
    let inside = links.iter().enumerate().filter_map(|(index, link)| {
        let (a, b) = (*places.get(&link.a)?, *places.get(&link.b)?);
        let first_by_text = nodes[a as usize].identifier <= nodes[b as usize].identifier;
        Some(if first_by_text { (index, a, b) } else { (index, b, a) })
    });
    let mut order: Vec<_> = inside.collect();
    let text = |place: u32| nodes[place as usize].identifier;
    order.sort_unstable_by(|&(i, a, b), &(j, c, d)| -> Ordering {
        let by_strength = links[i].rule.cmp(&links[j].rule);
        by_strength
            .then_with(|| links[i].occurred_at.cmp(&links[j].occurred_at))
            .then_with(|| text(a).cmp(text(c)))
            .then_with(|| text(b).cmp(text(d)))
    });
    order
}

fn clusters(nodes: &[Node<'_>], forest: &mut Forest) -> Vec<Vec<IdentifierId>> {
    let mut by_root: HashMap<u32, Vec<IdentifierId>> = HashMap::new();
    for (place, node) in (0u32..).zip(nodes) {
        by_root.entry(forest.find(place)).or_default().push(node.id);
    }
    let mut clusters: Vec<_> = by_root.into_values().collect();
    for cluster in &mut clusters {
        cluster.sort_unstable();
    }
    clusters.sort_unstable();
    clusters
}
