//! Which customers are behind a number?

use crate::breakdown::{Breakdown, By, Group};
use base::CustomerId;
use std::sync::Arc;
use timeline::{ABSENT, Ask, Condition, Rows, Texts, Window};

/// Customers of one list at most.
pub const LISTED_MAX: usize = 10_000;

/// The customers behind a point of an answer: how many they are, and the first of them by id.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Behind {
    /// How many they are.
    pub n: u64,
    /// The first of them, ascending, as many as were asked for.
    pub first: Vec<CustomerId>,
}

impl Behind {
    /// One more, who is not among them yet; `limit` are listed at most.
    pub fn add(&mut self, customer: CustomerId, limit: usize) {
        self.n += 1;
        let is_last = self.first.last().is_none_or(|last| *last < customer);
        if is_last && self.first.len() >= limit {
            return;
        }
        let place = match is_last {
            true => self.first.len(),
            false => self.first.partition_point(|listed| *listed < customer),
        };
        self.first.insert(place, customer);
        self.first.truncate(limit);
    }

    /// Both together; nobody is in both.
    pub fn merge(&mut self, other: Self, limit: usize) {
        let n = self.n + other.n;
        for customer in other.first {
            self.add(customer, limit);
        }
        self.n = n;
    }
}

/// The customers with an event that counts, in a window, of one group: what is behind a point of
/// every insight that counts events.
#[derive(Clone, Debug)]
pub struct WithEvent {
    ask: Ask,
    /// The group by trait, and the values that are not "other".
    group: Option<(Group, Vec<Arc<str>>)>,
    limit: usize,
}

impl WithEvent {
    /// Those with an event for which `condition` holds in `window`; `limit` are listed at most.
    #[must_use]
    pub fn new(condition: Condition, window: Window, limit: usize) -> Self {
        let mut ask = Ask::every(window);
        if condition != Condition::default() {
            ask.conditions.push(condition);
        }
        Self { ask, group: None, limit: limit.min(LISTED_MAX) }
    }

    /// Of these, those of a group of an answer; `shown` are the values of the answer with a group
    /// of their own.
    #[must_use]
    pub fn of_group(mut self, breakdown: &Breakdown, group: &Group, shown: &[Arc<str>]) -> Self {
        match &breakdown.by {
            By::Trait(name) => {
                self.ask.traits.push(name.clone());
                self.group = Some((group.clone(), shown.to_vec()));
            }
            By::Label(_) => {
                let tests = breakdown.tests(group, shown);
                if self.ask.conditions.is_empty() && !tests.is_empty() {
                    self.ask.conditions.push(Condition::default());
                }
                self.ask.conditions.iter_mut().for_each(|c| c.tests.extend(tests.clone()));
            }
        }
        self
    }

    /// The customers, of what the fold came to.
    #[must_use]
    pub fn answer(&self, total: Vec<Behind>, texts: &[Texts]) -> Behind {
        let mut all = Behind::default();
        for (code, behind) in (0..).zip(total) {
            let takes = self.group.as_ref().is_none_or(|(group, shown)| {
                let text = if code == ABSENT { None } else { texts[0].text(code) };
                group.takes(text.map(|text| &**text), shown)
            });
            if takes {
                all.merge(behind, self.limit);
            }
        }
        all
    }
}

impl timeline::Fold for WithEvent {
    type State = Option<u32>;
    /// The customers by the code of their trait; all under 0 where no trait is asked for.
    type Total = Vec<Behind>;

    fn ask(&self) -> &Ask {
        &self.ask
    }

    fn start(&self) -> Option<u32> {
        None
    }

    fn step(&self, state: &mut Option<u32>, rows: Rows<'_>) {
        let counts = self.ask.conditions.is_empty() || rows.marks().iter().any(|marks| *marks != 0);
        if counts {
            *state = Some(if self.group.is_some() { rows.trait_(0) } else { ABSENT });
        }
    }

    fn finish(&self, state: Option<u32>, customer: CustomerId, total: &mut Vec<Behind>) {
        let Some(code) = state else { return };
        let code = code as usize;
        if total.len() <= code {
            total.resize_with(code + 1, Behind::default);
        }
        total[code].add(customer, self.limit);
    }

    fn total(&self) -> Vec<Behind> {
        Vec::new()
    }

    fn merge(&self, into: &mut Vec<Behind>, other: Vec<Behind>) {
        if into.len() < other.len() {
            into.resize_with(other.len(), Behind::default);
        }
        for (into, other) in into.iter_mut().zip(other) {
            into.merge(other, self.limit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_first_by_id_in_whatever_order(
            ids in prop::collection::hash_set(0..500_u64, 0..60),
            split in 0..60_usize,
            limit in 0..12_usize,
        ) {
            let ids: Vec<u64> = ids.into_iter().collect();
            let list = |ids: &[u64]| {
                let mut behind = Behind::default();
                ids.iter().for_each(|id| behind.add(CustomerId(*id), limit));
                behind
            };
            let mut sorted = ids.clone();
            sorted.sort_unstable();
            sorted.truncate(limit);
            let first = sorted.into_iter().map(CustomerId).collect();
            let expected = Behind { n: ids.len() as u64, first };
            prop_assert_eq!(&list(&ids), &expected);
            let (left, right) = ids.split_at(split.min(ids.len()));
            let mut merged = list(right);
            merged.merge(list(left), limit);
            prop_assert_eq!(&merged, &expected);
        }
    }
}
