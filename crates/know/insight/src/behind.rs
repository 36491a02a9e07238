//! Which customers are behind a number?

use crate::breakdown::{Breakdown, By, Group};
use crate::kept::seen_whole;
use crate::listed::Listed;
use crate::visits::{Arrivals, Kinds};
use base::CustomerId;
use std::sync::Arc;
use timeline::{ABSENT, Ask, Condition, Fact, Fold, Rows, Texts, Window};

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
    /// The group by trait or channel, and the values that are not "other".
    group: Option<(Group, Vec<Arc<str>>)>,
    arrivals: Option<Arrivals>,
    limit: usize,
}

/// The customers by the code of their trait, or by the kinds of visits in which the events stand;
/// all under one code where neither is asked for.
#[derive(Default)]
pub struct WithEventTotal {
    listed: Listed,
    kinds: Kinds,
    /// The kinds of all rows of a customer, and of those that count.
    of_rows: Vec<u32>,
    of_counted: Vec<u32>,
}

impl WithEvent {
    /// Those with an event for which `condition` holds in `window`; `limit` are listed at most.
    #[must_use]
    pub fn new(condition: Condition, window: Window, limit: usize) -> Self {
        let mut ask = Ask::every(window);
        if condition != Condition::default() {
            ask.conditions.push(condition);
        }
        Self { ask, group: None, arrivals: None, limit: limit.min(LISTED_MAX) }
    }

    /// Of these, those of a group of an answer; `shown` are the values of the answer with a group
    /// of their own.
    #[must_use]
    pub fn of_group(mut self, breakdown: &Breakdown, group: &Group, shown: &[Arc<str>]) -> Self {
        match &breakdown.by {
            By::Trait(name) => {
                self.ask.traits.push(Fact::Trait(name.clone()));
                self.group = Some((group.clone(), shown.to_vec()));
            }
            By::Channel { .. } => {
                self.arrivals = breakdown.ask_arrivals(&mut self.ask);
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
    pub fn answer(&self, total: WithEventTotal, texts: &[Texts]) -> Behind {
        let all = (Group::All, Vec::new());
        let (group, shown) = self.group.as_ref().unwrap_or(&all);
        let Some(arrivals) = &self.arrivals else {
            return total.listed.of(group, (shown, texts.first()), self.limit);
        };
        let (channels, codes) = arrivals.channels(&total.kinds, texts);
        let listed = total.listed.renumbered(&codes, self.limit);
        listed.of(group, (shown, Some(&channels)), self.limit)
    }

    /// The kinds of the visits in which the customer has an event that counts, each once.
    fn list_kinds(&self, arrivals: &Arrivals, rows: &Rows<'_>, total: &mut WithEventTotal) {
        let WithEventTotal { listed, kinds, of_rows, of_counted } = total;
        arrivals.kinds(rows, kinds, of_rows);
        let (inner, n_before) = arrivals.inner(rows);
        let marked = inner.marks().iter().zip(&of_rows[n_before..]);
        of_counted.clear();
        of_counted.extend(marked.filter(|(m, _)| arrivals.counts(**m)).map(|(_, kind)| *kind));
        of_counted.sort_unstable();
        of_counted.dedup();
        listed.add_in(of_counted, rows.customer(), self.limit);
    }
}

impl Fold for WithEvent {
    type Total = WithEventTotal;

    fn ask(&self) -> &Ask {
        &self.ask
    }

    seen_whole!();

    fn whole(&self, rows: Rows<'_>, total: &mut WithEventTotal) {
        if let Some(arrivals) = &self.arrivals {
            return self.list_kinds(arrivals, &rows, total);
        }
        let counts = self.ask.conditions.is_empty() || rows.marks().iter().any(|marks| *marks != 0);
        if counts {
            let code = if self.group.is_some() { rows.trait_(0) } else { ABSENT };
            total.listed.add(code, rows.customer(), self.limit);
        }
    }

    fn total(&self) -> WithEventTotal {
        WithEventTotal::default()
    }

    fn merge(&self, into: &mut WithEventTotal, other: WithEventTotal) {
        let numbers = into.kinds.merge(&other.kinds);
        let listed = match self.arrivals {
            None => other.listed,
            Some(_) => other.listed.renumbered(&numbers, self.limit),
        };
        into.listed.merge(listed, self.limit);
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
