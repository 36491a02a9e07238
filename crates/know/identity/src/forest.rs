//! Which of these are together by now, and may these two come together as well?

use crate::Limit;

/// What counts about one identifier when customers are put together.
pub(crate) struct Tree {
    /// Whether it is a user id.
    pub(crate) has_user_id: bool,
    /// How many of a kind that has a limit are in it, and when each was first linked (microseconds,
    /// ascending; nothing for one that only statements link).
    pub(crate) counts: Vec<Count>,
}

/// Identifiers of one kind in one customer.
pub(crate) struct Count {
    /// Which kind, by the number that it has here.
    pub(crate) kind: usize,
    pub(crate) n: u32,
    pub(crate) first_linked: Vec<i64>,
}

/// Disjoint sets of the numbers below `n` (union by size, path halving; Tarjan and van Leeuwen
/// 1984), each of which knows what it holds.
pub(crate) struct Forest<'l> {
    parents: Vec<u32>,
    sizes: Vec<u32>,
    trees: Vec<Tree>,
    /// The limit of each kind, by number.
    limits: &'l [Limit],
}

impl<'l> Forest<'l> {
    /// Everybody alone.
    pub(crate) fn new(trees: Vec<Tree>, limits: &'l [Limit]) -> Self {
        let n = u32::try_from(trees.len()).expect("fewer than 2³² identifiers at a time");
        Self { parents: (0..n).collect(), sizes: vec![1; n as usize], trees, limits }
    }

    /// The representative of the set of `x`.
    pub(crate) fn find(&mut self, mut x: u32) -> u32 {
        while self.parents[x as usize] != x {
            let above = self.parents[self.parents[x as usize] as usize];
            self.parents[x as usize] = above;
            x = above;
        }
        x
    }

    /// Whether the set of `x` holds a user id.
    pub(crate) fn has_user_id(&mut self, x: u32) -> bool {
        let root = self.find(x);
        self.trees[root as usize].has_user_id
    }

    /// Whether joining the two would bring together two sets that both hold a user id.
    pub(crate) fn would_join_user_ids(&mut self, a: u32, b: u32) -> bool {
        self.find(a) != self.find(b) && self.has_user_id(a) && self.has_user_id(b)
    }

    /// Whether joining the two would bring together more of a kind than one customer may have.
    ///
    /// Only kinds that both sides hold can be too many: one that was too large before (statements
    /// know no limit) stays open for everything else. So a larger set is refused wherever a
    /// smaller one is, which is what lets the touched customers be enough.
    pub(crate) fn would_be_too_many(&mut self, a: u32, b: u32) -> bool {
        let (a, b) = (self.find(a), self.find(b));
        if a == b {
            return false;
        }
        let (a, b) = (&self.trees[a as usize], &self.trees[b as usize]);
        a.counts.iter().any(|one| {
            let other = b.counts.iter().find(|other| other.kind == one.kind);
            other.is_some_and(|other| too_many(one, other, self.limits[one.kind]))
        })
    }

    /// Joins the sets of `a` and `b`.
    pub(crate) fn join(&mut self, a: u32, b: u32) {
        let (mut a, mut b) = (self.find(a), self.find(b));
        if a == b {
            return;
        }
        if self.sizes[a as usize] < self.sizes[b as usize] {
            (a, b) = (b, a);
        }
        self.parents[b as usize] = a;
        self.sizes[a as usize] += self.sizes[b as usize];
        let counts = std::mem::take(&mut self.trees[b as usize].counts);
        let had_user_id = self.trees[b as usize].has_user_id;
        let tree = &mut self.trees[a as usize];
        tree.has_user_id |= had_user_id;
        for count in counts {
            tree.add(count);
        }
    }
}

impl Tree {
    fn add(&mut self, count: Count) {
        let Some(own) = self.counts.iter_mut().find(|own| own.kind == count.kind) else {
            self.counts.push(count);
            return;
        };
        own.n += count.n;
        own.first_linked.extend(count.first_linked);
        own.first_linked.sort_unstable();
    }
}

fn too_many(a: &Count, b: &Count, limit: Limit) -> bool {
    limit.ever.is_some_and(|n_max| a.n + b.n > n_max)
        || limit.windows().any(|(span, n_max)| crowded(a, b, span.0, n_max))
}

/// Whether some window of `span` microseconds holds more than `n_max` of both, some of each.
fn crowded(a: &Count, b: &Count, span: i64, n_max: u32) -> bool {
    let of_a = a.first_linked.iter().map(|&at| (at, true));
    let mut all: Vec<(i64, bool)> =
        of_a.chain(b.first_linked.iter().map(|&at| (at, false))).collect();
    all.sort_unstable();
    let (mut begin, mut n_of_a) = (0, 0);
    for (end, &(at, is_of_a)) in all.iter().enumerate() {
        n_of_a += usize::from(is_of_a);
        while all[begin].0 <= at.saturating_sub(span) {
            n_of_a -= usize::from(all[begin].1);
            begin += 1;
        }
        let n = end + 1 - begin;
        if n > n_max as usize && n_of_a > 0 && n_of_a < n {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_crowded_by_both_sides() {
        let count = |times: &[i64]| Count {
            kind: 0,
            n: u32::try_from(times.len()).unwrap(),
            first_linked: times.to_vec(),
        };
        let check = |a: &[i64], b: &[i64], expected: bool| {
            assert_eq!(crowded(&count(a), &count(b), 10, 2), expected, "{a:?} {b:?}");
            assert_eq!(crowded(&count(b), &count(a), 10, 2), expected, "{b:?} {a:?}");
        };
        check(&[0, 20], &[10, 30], false);
        check(&[0, 9], &[5], true);
        check(&[0, 9], &[10], false);
        check(&[0, 5], &[9], true);
        // Crowded before the two met, and apart from where they meet.
        check(&[0, 1, 2], &[100], false);
        check(&[], &[1, 2, 3], false);
    }
}
