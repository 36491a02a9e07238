//! Which records are one person, when pairs contradict each other?
//!
//! Connected components chain: A like B, B like C, and A and C are father and son. Here records
//! are clustered by correlation clustering (Bansal, Blum and Chawla 2004) on weighted, partly
//! silent evidence (Demaine et al. 2006), by greedy additive edge contraction (Keuper et al.
//! 2015): the two clusters with the greatest sum of evidence between them are joined, and so on
//! while the greatest sum is above zero. Between two records
//!
//! - a pair whose probability is at least `link_at` speaks for joining, by how far its weight is
//!   above the threshold, but by at most [`FOR_MAX`] bits;
//! - a pair whose columns speak against it (their sum, the prior left out, is below zero) speaks
//!   against joining, by that sum, down to [`AGAINST_MAX`];
//! - all others are silent: that two records have little in common to be compared by is no
//!   evidence of two persons.
//!
//! Two records of a source that has no duplicates are never joined, directly or by way of others,
//! nor are two that are known to be two persons.
//! Components of the pairs that speak for joining are clustered one by one; one of more than
//! [`COMPONENT_MAX`] records is first cut at rising thresholds, since evidence between all its
//! records would be too much to look at.

use crate::score::{Memo, Scorer};
use crate::stop::Stop;
use crate::table::{RecordIdx, SourceIdx, Table};
use std::collections::{BTreeMap, BinaryHeap, HashMap, HashSet};

/// The most that a pair can speak for joining, in bits: a thousand to one. More would let one
/// strong pair outvote several records that contradict.
pub const FOR_MAX: f32 = 10.0;
/// The most that a pair can speak against, in bits.
pub const AGAINST_MAX: f32 = -10.0;
/// Records of a component that are compared each with each.
pub const COMPONENT_MAX: usize = 400;
/// By so many bits the threshold rises until a component falls into parts that are small enough.
const RISE: f32 = 2.0;

/// A pair that speaks for joining: its records, and its weight above the threshold, in bits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Link {
    pub(crate) a: u32,
    pub(crate) b: u32,
    pub(crate) above: f32,
}

/// Clusters the records of a table.
pub(crate) struct Clustering<'a> {
    pub(crate) scorer: &'a Scorer<'a>,
    pub(crate) table: &'a Table,
    /// Sources that have no duplicates.
    pub(crate) unique_sources: &'a [SourceIdx],
    /// Pairs that are two persons, the smaller number first.
    pub(crate) apart: &'a HashSet<(u32, u32)>,
    /// Who may end it: then records stay alone.
    pub(crate) stop: &'a Stop,
}

impl Clustering<'_> {
    /// For each record the smallest record of its cluster, and how many components were cut.
    pub(crate) fn clusters(&self, links: &[Link]) -> (Vec<u32>, usize) {
        let mut cluster_of: Vec<u32> = (0..self.table.n_records() as u32).collect();
        let mut n_cut = 0;
        let mut memo = Memo::new();
        let mut waiting = components(links.to_vec());
        while let Some(component) = waiting.pop() {
            if self.stop.is_stopped() {
                break;
            }
            let records = records_of(&component);
            if records.len() > COMPONENT_MAX {
                n_cut += 1;
                waiting.extend(cut(component));
                continue;
            }
            for cluster in self.contract(&records, &component, &mut memo) {
                for &record in &cluster {
                    cluster_of[record as usize] = cluster[0];
                }
            }
        }
        (cluster_of, n_cut)
    }

    /// The clusters of two and more among the records of a component, each in ascending order.
    fn contract(&self, records: &[u32], links: &[Link], memo: &mut Memo) -> Vec<Vec<u32>> {
        if let ([a, b], true) = (records, links.len() == 1) {
            let is_allowed = !self.is_forbidden(*a, *b);
            return if is_allowed { vec![vec![*a, *b]] } else { Vec::new() };
        }
        let place: HashMap<u32, usize> =
            records.iter().enumerate().map(|(at, record)| (*record, at)).collect();
        let mut graph = Graph::new(records.len());
        for link in links {
            let evidence = link.above.clamp(1e-6, FOR_MAX);
            graph.set(place[&link.a], place[&link.b], evidence);
        }
        for (at, &a) in records.iter().enumerate() {
            for (to, &b) in records.iter().enumerate().skip(at + 1) {
                if self.is_forbidden(a, b) {
                    graph.set(at, to, f32::NEG_INFINITY);
                } else if !graph.has(at, to) {
                    let against = self.against(a, b, memo);
                    if against < 0.0 {
                        graph.set(at, to, against);
                    }
                }
            }
        }
        graph.contract();
        graph.groups().into_iter().map(|g| g.iter().map(|&at| records[at]).collect()).collect()
    }

    /// What speaks against a pair, in bits.
    fn against(&self, a: u32, b: u32, memo: &mut Memo) -> f32 {
        let (a, b) = (self.table.row(a), self.table.row(b));
        let weight = self
            .scorer
            .weight_above(&a, &b, f32::NEG_INFINITY, Some(memo))
            .expect("every weight is above −∞");
        (weight - self.scorer.prior()).clamp(AGAINST_MAX, 0.0)
    }

    fn is_forbidden(&self, a: u32, b: u32) -> bool {
        if self.apart.contains(&(a.min(b), a.max(b))) {
            return true;
        }
        let source = self.table.source(RecordIdx(a));
        source == self.table.source(RecordIdx(b)) && self.unique_sources.contains(&source)
    }
}

/// The evidence between the clusters of a component.
struct Graph {
    edges: Vec<BTreeMap<usize, f32>>,
    members: Vec<Vec<usize>>,
}

#[derive(PartialEq)]
struct Offer {
    sum: f32,
    a: usize,
    b: usize,
}

impl Eq for Offer {}

impl Ord for Offer {
    /// The greatest sum first; of equal ones the smallest records, so that order is settled.
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.sum.total_cmp(&other.sum).then_with(|| (other.a, other.b).cmp(&(self.a, self.b)))
    }
}

impl PartialOrd for Offer {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Graph {
    fn new(n: usize) -> Self {
        Self { edges: vec![BTreeMap::new(); n], members: (0..n).map(|at| vec![at]).collect() }
    }

    fn set(&mut self, a: usize, b: usize, evidence: f32) {
        self.edges[a].insert(b, evidence);
        self.edges[b].insert(a, evidence);
    }

    fn has(&self, a: usize, b: usize) -> bool {
        self.edges[a].contains_key(&b)
    }

    /// Joins while any sum is above zero.
    fn contract(&mut self) {
        let mut offers = BinaryHeap::new();
        for (a, edges) in self.edges.iter().enumerate() {
            let better = edges.iter().filter(|(b, sum)| a < **b && **sum > 0.0);
            offers.extend(better.map(|(&b, &sum)| Offer { sum, a, b }));
        }
        while let Some(Offer { sum, a, b }) = offers.pop() {
            if self.edges[a].get(&b) != Some(&sum) {
                continue; // one of the two was joined meanwhile, or the sum has changed
            }
            let (a, b) = if self.edges[a].len() >= self.edges[b].len() { (a, b) } else { (b, a) };
            for (other, sum) in self.join(a, b) {
                if sum > 0.0 {
                    offers.push(Offer { sum, a: a.min(other), b: a.max(other) });
                }
            }
        }
    }

    /// Joins `b` into `a`; returns the sums that have changed.
    fn join(&mut self, a: usize, b: usize) -> Vec<(usize, f32)> {
        let moved = std::mem::take(&mut self.edges[b]);
        let members = std::mem::take(&mut self.members[b]);
        self.members[a].extend(members);
        self.edges[a].remove(&b);
        let mut changed = Vec::new();
        for (other, evidence) in moved {
            self.edges[other].remove(&b);
            if other == a {
                continue;
            }
            let sum = self.edges[a].get(&other).copied().unwrap_or(0.0) + evidence;
            self.set(a, other, sum);
            changed.push((other, sum));
        }
        changed
    }

    fn groups(mut self) -> Vec<Vec<usize>> {
        self.members.retain(|members| members.len() > 1);
        self.members.iter_mut().for_each(|members| members.sort_unstable());
        self.members
    }
}

fn records_of(links: &[Link]) -> Vec<u32> {
    let mut records: Vec<u32> = links.iter().flat_map(|link| [link.a, link.b]).collect();
    records.sort_unstable();
    records.dedup();
    records
}

/// The weaker links are left out until there is more than one part, or less of one.
fn cut(component: Vec<Link>) -> Vec<Vec<Link>> {
    let weakest = component.iter().map(|link| link.above).fold(f32::INFINITY, f32::min);
    let strongest = component.iter().map(|link| link.above).fold(0.0, f32::max);
    if strongest - weakest < 1e-3 {
        // All links are equally strong, and there are far too many: a shared value that everybody
        // has. It says nothing, so nobody is joined by it.
        return Vec::new();
    }
    let rise = RISE.min((strongest - weakest) / 2.0);
    let kept = component.into_iter().filter(|link| link.above > weakest + rise);
    components(kept.collect())
}

/// The connected components of `links`, in a settled order.
fn components(links: Vec<Link>) -> Vec<Vec<Link>> {
    let records = records_of(&links);
    let place: HashMap<u32, u32> = records.iter().copied().zip(0u32..).collect();
    let mut parents: Vec<u32> = (0..records.len() as u32).collect();
    let find = |parents: &mut Vec<u32>, mut x: u32| {
        while parents[x as usize] != x {
            parents[x as usize] = parents[parents[x as usize] as usize];
            x = parents[x as usize];
        }
        x
    };
    for link in &links {
        let (a, b) = (find(&mut parents, place[&link.a]), find(&mut parents, place[&link.b]));
        parents[a.max(b) as usize] = a.min(b);
    }
    let mut keyed: Vec<(u32, Link)> =
        links.into_iter().map(|link| (find(&mut parents, place[&link.a]), link)).collect();
    keyed.sort_by_key(|(root, _)| *root);
    keyed
        .chunk_by(|x, y| x.0 == y.0)
        .map(|part| part.iter().map(|(_, link)| *link).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(n: usize, edges: &[(usize, usize, f32)], expected: &[&[usize]]) {
        let mut graph = Graph::new(n);
        for &(a, b, evidence) in edges {
            graph.set(a, b, evidence);
        }
        graph.contract();
        let mut groups = graph.groups();
        groups.sort();
        assert_eq!(groups, expected.iter().map(|g| g.to_vec()).collect::<Vec<_>>(), "{edges:?}");
    }

    #[test]
    fn chains_break_at_the_contradiction() {
        check(3, &[(0, 1, 8.0), (1, 2, 7.0)], &[&[0, 1, 2]]);
        check(3, &[(0, 1, 8.0), (1, 2, 7.0), (0, 2, -9.0)], &[&[0, 1]]);
        check(3, &[(0, 1, 8.0), (1, 2, 7.0), (0, 2, -3.0)], &[&[0, 1, 2]]);
        check(3, &[(0, 1, 8.0), (1, 2, 9.0), (0, 2, f32::NEG_INFINITY)], &[&[1, 2]]);
        let two = [(0, 1, 9.0), (2, 3, 9.0), (1, 2, 4.0), (0, 2, -3.0), (1, 3, -3.0)];
        check(4, &two, &[&[0, 1], &[2, 3]]);
    }

    #[test]
    fn components_are_found_and_cut() {
        let link = |a, b, above| Link { a, b, above };
        let parts = components(vec![link(5, 6, 1.0), link(1, 2, 1.0), link(2, 3, 6.0)]);
        assert_eq!(parts.len(), 2);
        assert_eq!(records_of(&parts[0]), [1, 2, 3]);
        let parts = cut(vec![link(1, 2, 1.0), link(2, 3, 6.0)]);
        assert_eq!(parts, [vec![link(2, 3, 6.0)]]);
        assert!(cut(vec![link(1, 2, 1.0), link(2, 3, 1.0)]).is_empty());
    }
}
