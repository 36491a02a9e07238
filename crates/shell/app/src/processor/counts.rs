//! How many events were there, by source, hour and name?

use base::{Duration, SourceId, Timestamp};
use state::Count;
use std::collections::HashMap;

/// Events that happened longer ago than this are counted by month of 30 days, not by hour: an
/// import of last year's orders needs no curve by the hour, and would be thousands of rows.
const BY_HOUR: Duration = Duration::days(8);

/// What became of an event, for the counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Taken.
    Accepted,
    /// Not taken.
    Refused,
    /// Known before.
    Duplicate,
}

/// Counts of one batch.
#[derive(Default)]
pub struct Counts(HashMap<(SourceId, i64, Box<str>), [u64; 3]>);

impl Counts {
    /// Counts one event that happened `at` and was received `now`.
    pub fn add(&mut self, source: SourceId, name: &str, [at, now]: [Timestamp; 2], fate: Fate) {
        let width = if now.since(at) <= BY_HOUR { Duration::hours(1) } else { Duration::days(30) };
        let begin = at.0.div_euclid(width.0) * width.0;
        self.0.entry((source, begin, name.into())).or_default()[fate as usize] += 1;
    }

    /// The rows to write, in an order that does not depend on chance.
    pub fn rows(&self) -> Vec<Count> {
        let row = |((source, begin, name), n): (&(SourceId, i64, Box<str>), &[u64; 3])| Count {
            source: *source,
            hour: Timestamp(*begin),
            name: name.to_string(),
            n_accepted: n[Fate::Accepted as usize],
            n_refused: n[Fate::Refused as usize],
            n_duplicate: n[Fate::Duplicate as usize],
        };
        let mut rows: Vec<Count> = self.0.iter().map(row).collect();
        rows.sort_unstable_by(|a, b| (a.hour, a.source, &a.name).cmp(&(b.hour, b.source, &b.name)));
        rows
    }
}
