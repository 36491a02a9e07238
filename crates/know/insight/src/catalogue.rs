//! Which events are there, and which values does a field of theirs have?
//!
//! What somebody is offered who puts a question together: not an insight, but counted like one, in
//! one pass, so that the numbers are those of the answers.

use crate::kept::seen_whole;
use crate::selection;
use base::{CustomerId, SourceId, Timestamp};
use std::sync::Arc;
use timeline::{ABSENT, Ask, Condition, Field, Fold, Label, Rows, Texts, View, Window};

#[cfg(test)]
mod tests;

/// All names of events, ever.
#[derive(Clone, Debug)]
pub struct EventNames {
    ask: Ask,
}

/// How often a name was there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameCount {
    /// The name.
    pub name: Arc<str>,
    /// How many events have it.
    pub n_events: u64,
    /// How many customers have such an event.
    pub n_customers: u64,
    /// When the last of them happened.
    pub last_at: Timestamp,
    /// The sources that they came from, ascending.
    pub sources: Vec<SourceId>,
}

/// The counts of one code of a name.
#[derive(Clone, Debug)]
pub struct Tally {
    n_events: u64,
    n_customers: u64,
    last_at: i64,
    /// The codes of the sources: few, in the order in which they were met.
    sources: Vec<u32>,
    /// Who was counted last.
    last: Option<CustomerId>,
}

impl Default for EventNames {
    fn default() -> Self {
        let label = |field| Label { field, view: View::Whole };
        let labels = vec![label(Field::Name), label(Field::Source)];
        Self { ask: Ask { labels, ..Ask::every(Window::EVER) } }
    }
}

impl EventNames {
    /// The names by number of events, then by name.
    ///
    /// # Panics
    /// If the texts are not those that came with the total.
    #[must_use]
    pub fn answer(&self, total: &[Tally], texts: &[Texts]) -> Vec<NameCount> {
        let [names, sources] = texts else { panic!("two labels were asked for") };
        let source = |code: &u32| sources.text(*code)?.parse().ok().map(SourceId);
        let count = |(code, tally): (u32, &Tally)| {
            let mut sources: Vec<SourceId> = tally.sources.iter().filter_map(source).collect();
            sources.sort_unstable();
            Some(NameCount {
                name: names.text(code)?.clone(),
                n_events: tally.n_events,
                n_customers: tally.n_customers,
                last_at: Timestamp(tally.last_at),
                sources,
            })
        };
        let with_events = (0..).zip(total).filter(|(_, tally)| tally.n_events > 0);
        let mut counts: Vec<NameCount> = with_events.filter_map(count).collect();
        counts.sort_by(|a, b| b.n_events.cmp(&a.n_events).then_with(|| a.name.cmp(&b.name)));
        counts
    }
}

impl Tally {
    const NONE: Self =
        Self { n_events: 0, n_customers: 0, last_at: i64::MIN, sources: Vec::new(), last: None };

    fn merge(&mut self, other: Self) {
        self.n_events += other.n_events;
        self.n_customers += other.n_customers;
        self.last_at = self.last_at.max(other.last_at);
        for source in other.sources {
            if !self.sources.contains(&source) {
                self.sources.push(source);
            }
        }
    }
}

impl Fold for EventNames {
    type Total = Vec<Tally>;

    fn ask(&self) -> &Ask {
        &self.ask
    }

    seen_whole!();

    fn whole(&self, rows: Rows<'_>, total: &mut Vec<Tally>) {
        let customer = rows.customer();
        let (names, sources) = (rows.labels(0), rows.labels(1));
        for ((&at, &name), &source) in rows.times().iter().zip(names).zip(sources) {
            let name = name as usize;
            if total.len() <= name {
                total.resize(name + 1, Tally::NONE);
            }
            let tally = &mut total[name];
            tally.n_events += 1;
            tally.last_at = tally.last_at.max(at);
            if tally.last != Some(customer) {
                tally.last = Some(customer);
                tally.n_customers += 1;
            }
            if !tally.sources.contains(&source) {
                tally.sources.push(source);
            }
        }
    }

    fn total(&self) -> Vec<Tally> {
        Vec::new()
    }

    fn merge(&self, into: &mut Vec<Tally>, other: Vec<Tally>) {
        if into.len() < other.len() {
            into.resize(other.len(), Tally::NONE);
        }
        for (into, other) in into.iter_mut().zip(other) {
            into.merge(other);
        }
    }
}

/// All values that a field ever had.
#[derive(Clone, Debug)]
pub struct FieldValues {
    ask: Ask,
}

impl FieldValues {
    /// The values of `field` in events of the name `event`, or in all events.
    #[must_use]
    pub fn new(event: Option<&str>, field: Field) -> Self {
        let condition = event.map_or_else(Condition::default, Condition::event);
        let labels = vec![Label { field, view: View::Whole }];
        Self { ask: Ask { labels, ..selection::asked(&condition, Window::EVER) } }
    }

    /// The `n_max` values of most events with their numbers of events, ties by text; and how many
    /// values there are in all.
    ///
    /// # Panics
    /// If the texts are not those that came with the total.
    #[must_use]
    pub fn answer(
        &self,
        total: &[u64],
        texts: &[Texts],
        n_max: usize,
    ) -> (Vec<(Arc<str>, u64)>, usize) {
        let with_events = (0..).zip(total).filter(|(code, n)| *code != ABSENT && **n > 0);
        let valued = |(code, n): (u32, &u64)| Some((texts[0].text(code)?.clone(), *n));
        let mut values: Vec<(Arc<str>, u64)> = with_events.filter_map(valued).collect();
        let n_values = values.len();
        let order =
            |a: &(Arc<str>, u64), b: &(Arc<str>, u64)| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0));
        if n_values > n_max {
            values.select_nth_unstable_by(n_max, order);
            values.truncate(n_max);
        }
        values.sort_unstable_by(order);
        (values, n_values)
    }
}

impl Fold for FieldValues {
    /// By code, how many events have the value.
    type Total = Vec<u64>;

    fn ask(&self) -> &Ask {
        &self.ask
    }

    seen_whole!();

    fn whole(&self, rows: Rows<'_>, total: &mut Vec<u64>) {
        for (row, &code) in rows.labels(0).iter().enumerate() {
            if selection::any_counts(&rows, row..row + 1) {
                let code = code as usize;
                if total.len() <= code {
                    total.resize(code + 1, 0);
                }
                total[code] += 1;
            }
        }
    }

    fn total(&self) -> Vec<u64> {
        Vec::new()
    }

    fn merge(&self, into: &mut Vec<u64>, other: Vec<u64>) {
        if into.len() < other.len() {
            into.resize(other.len(), 0);
        }
        into.iter_mut().zip(other).for_each(|(into, other)| *into += other);
    }
}
