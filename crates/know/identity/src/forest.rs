//! Which of these are together by now?

/// Disjoint sets of the numbers below `n` (union by size, path halving; Tarjan and van Leeuwen
/// 1984), each of which knows whether it holds a user id.
pub(crate) struct Forest {
    parents: Vec<u32>,
    sizes: Vec<u32>,
    has_user_id: Vec<bool>,
}

impl Forest {
    /// Everybody alone; `has_user_id[i]` says whether `i` is a user id.
    pub(crate) fn new(has_user_id: Vec<bool>) -> Self {
        let n = u32::try_from(has_user_id.len()).expect("fewer than 2³² identifiers at a time");
        Self { parents: (0..n).collect(), sizes: vec![1; n as usize], has_user_id }
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

    /// Whether joining the two would bring together two sets that both hold a user id.
    pub(crate) fn would_join_user_ids(&mut self, a: u32, b: u32) -> bool {
        let (a, b) = (self.find(a), self.find(b));
        a != b && self.has_user_id[a as usize] && self.has_user_id[b as usize]
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
        self.has_user_id[a as usize] |= self.has_user_id[b as usize];
    }
}
