//! How many events came, from where, when, and what did they look like?

use crate::batch::Batch;
use crate::bulk::Rows;
use crate::{Row, State, StateError};
use base::{SourceId, Timestamp};
use std::collections::{BTreeMap, HashMap};

/// Names counted one by one per source, hour and batch; a flood of made-up names is counted
/// together as [`OTHER_NAMES`].
pub const N_NAMES_PER_BATCH: usize = 500;
/// The name under which the rest is counted.
pub const OTHER_NAMES: &str = "(other names)";
const HOUR_MICROS: i64 = 3_600_000_000;

/// Events of one name from one source within one hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// Where they came from.
    pub source: SourceId,
    /// Any moment within the hour in which they were received.
    pub hour: Timestamp,
    /// What they are called.
    pub name: String,
    /// How many were taken.
    pub n_accepted: u64,
    /// How many were refused.
    pub n_refused: u64,
    /// How many were known already.
    pub n_duplicate: u64,
}

/// Events received within one hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HourCount {
    /// When the hour began.
    pub hour: Timestamp,
    /// How many were taken.
    pub n_accepted: u64,
    /// How many were refused.
    pub n_refused: u64,
    /// How many were known already.
    pub n_duplicate: u64,
}

/// Events of one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameCount {
    /// What they are called.
    pub name: String,
    /// How many were taken.
    pub n: u64,
}

/// Events from one source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceCount {
    /// Where they came from.
    pub source: SourceId,
    /// How many were taken.
    pub n_accepted: u64,
    /// How many were refused.
    pub n_refused: u64,
    /// How many were known already.
    pub n_duplicate: u64,
}

/// What has been observed of one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// The source.
    pub source: SourceId,
    /// When its last event was received.
    pub last_event_at: Option<Timestamp>,
    /// What its events look like, as the tracking plan's inference writes it (JSON).
    pub observed: Option<String>,
}

const ADD: Rows = Rows {
    head: "INSERT INTO event_counts (hour, source, name, n_accepted, n_refused, n_duplicate) VALUES",
    n_columns: 6,
    tail: " ON CONFLICT (hour, source, name) DO UPDATE SET \
            n_accepted = event_counts.n_accepted + excluded.n_accepted, \
            n_refused = event_counts.n_refused + excluded.n_refused, \
            n_duplicate = event_counts.n_duplicate + excluded.n_duplicate",
};
const LAST_EVENTS: Rows = Rows {
    head: "INSERT INTO observations (source, last_event_at) VALUES",
    n_columns: 2,
    tail: " ON CONFLICT (source) DO UPDATE SET last_event_at = excluded.last_event_at",
};

impl State {
    /// Events by the hour in which they were received, from the hour of `since` on; hours without
    /// events are left out.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn counts_by_hour(&self, since: Timestamp) -> Result<Vec<HourCount>, StateError> {
        let sql = "SELECT hour, CAST(SUM(n_accepted) AS BIGINT), CAST(SUM(n_refused) AS BIGINT), \
                   CAST(SUM(n_duplicate) AS BIGINT) FROM event_counts WHERE hour >= $1 \
                   GROUP BY hour ORDER BY hour";
        let count = |row: &Row| {
            Ok(HourCount {
                hour: Timestamp(row.int(0)? * HOUR_MICROS),
                n_accepted: row.int(1)?.cast_unsigned(),
                n_refused: row.int(2)?.cast_unsigned(),
                n_duplicate: row.int(3)?.cast_unsigned(),
            })
        };
        let rows = self.db().rows(sql, vec![hour_of(since).into()]).await?;
        rows.iter().map(count).collect()
    }

    /// The `limit` names with the most events taken since the hour of `since`, of one source or of
    /// all.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn top_names(
        &self,
        since: Timestamp,
        source: Option<SourceId>,
        limit: usize,
    ) -> Result<Vec<NameCount>, StateError> {
        let sql = "SELECT name, CAST(SUM(n_accepted) AS BIGINT) AS n FROM event_counts \
                   WHERE hour >= $1 AND (source = $2 OR $2 < 0) \
                   GROUP BY name HAVING SUM(n_accepted) > 0 ORDER BY n DESC, name LIMIT $3";
        let source = source.map_or(-1, SourceId::to_sql);
        let values = vec![hour_of(since).into(), source.into(), (limit as i64).into()];
        let count =
            |row: &Row| Ok(NameCount { name: row.text(0)?, n: row.int(1)?.cast_unsigned() });
        self.db().rows(sql, values).await?.iter().map(count).collect()
    }

    /// Events by source since the hour of `since`; sources without events are left out.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn counts_by_source(&self, since: Timestamp) -> Result<Vec<SourceCount>, StateError> {
        let sql = "SELECT source, CAST(SUM(n_accepted) AS BIGINT), \
                   CAST(SUM(n_refused) AS BIGINT), CAST(SUM(n_duplicate) AS BIGINT) \
                   FROM event_counts WHERE hour >= $1 GROUP BY source ORDER BY source";
        let count = |row: &Row| {
            Ok(SourceCount {
                source: SourceId::from_sql(row.int(0)?),
                n_accepted: row.int(1)?.cast_unsigned(),
                n_refused: row.int(2)?.cast_unsigned(),
                n_duplicate: row.int(3)?.cast_unsigned(),
            })
        };
        let rows = self.db().rows(sql, vec![hour_of(since).into()]).await?;
        rows.iter().map(count).collect()
    }

    /// What has been observed of every source that sent something, by source.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn observations(&self) -> Result<Vec<Observation>, StateError> {
        let sql = "SELECT source, last_event_at, observed FROM observations ORDER BY source";
        let observation = |row: &Row| {
            Ok(Observation {
                source: SourceId::from_sql(row.int(0)?),
                last_event_at: row.time_opt(1)?,
                observed: row.text_opt(2)?,
            })
        };
        self.db().rows(sql, vec![]).await?.iter().map(observation).collect()
    }
}

impl Batch {
    /// Adds to the counts of events.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_counts(&mut self, counts: &[Count]) -> Result<(), StateError> {
        let sums: Vec<_> = summed(counts).into_iter().collect();
        ADD.write(self.tx(), &sums, |((hour, source, name), sum), values| {
            values.extend([(*hour).into(), (*source).into(), (*name).into()]);
            values.extend(sum.map(|n| n.cast_signed().into()));
        })
        .await?;
        Ok(())
    }

    /// Forgets the counts of hours before that of `before`.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn drop_counts(&mut self, before: Timestamp) -> Result<u64, StateError> {
        let sql = "DELETE FROM event_counts WHERE hour < $1";
        self.tx().execute(sql, vec![hour_of(before).into()]).await
    }

    /// Puts down when the last event of each source was received.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_last_events(
        &mut self,
        last: &[(SourceId, Timestamp)],
    ) -> Result<(), StateError> {
        let latest: BTreeMap<SourceId, Timestamp> =
            last.iter().fold(BTreeMap::new(), |mut latest, &(source, at)| {
                let known = latest.entry(source).or_insert(at);
                *known = at.max(*known);
                latest
            });
        let latest: Vec<_> = latest.into_iter().collect();
        LAST_EVENTS
            .write(self.tx(), &latest, |&(source, at), v| v.extend([source.into(), at.into()]))
            .await?;
        Ok(())
    }

    /// Puts down what the events of a source look like (JSON), in place of what was there.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_observations(
        &mut self,
        source: SourceId,
        observed: &str,
    ) -> Result<(), StateError> {
        let sql = "INSERT INTO observations (source, observed) VALUES ($1, $2) \
                   ON CONFLICT (source) DO UPDATE SET observed = excluded.observed";
        self.tx().execute(sql, vec![source.into(), observed.into()]).await?;
        Ok(())
    }
}

fn hour_of(moment: Timestamp) -> i64 {
    moment.0.div_euclid(HOUR_MICROS)
}

/// One sum per hour, source and name. The first names to come are counted by name.
fn summed(counts: &[Count]) -> BTreeMap<(i64, SourceId, &str), [u64; 3]> {
    let mut sums: BTreeMap<(i64, SourceId, &str), [u64; 3]> = BTreeMap::new();
    let mut n_names: HashMap<(i64, SourceId), usize> = HashMap::new();
    for count in counts {
        let hour = hour_of(count.hour);
        let n = n_names.entry((hour, count.source)).or_default();
        let mut key = (hour, count.source, count.name.as_str());
        if !sums.contains_key(&key) {
            *n += 1;
            if *n > N_NAMES_PER_BATCH {
                key.2 = OTHER_NAMES;
            }
        }
        let sum = sums.entry(key).or_default();
        for (sum, more) in
            sum.iter_mut().zip([count.n_accepted, count.n_refused, count.n_duplicate])
        {
            *sum += more;
        }
    }
    sums
}
