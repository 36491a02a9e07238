//! What does the house mean by a number, since when, and who said so?
//!
//! A metric is kept with every version of what it measures: somebody who measures something else
//! under the same name adds a version, and a chart can still show the one before.

mod answer;
mod stored;
mod usual;

pub use answer::{MetricAnswer, MetricPlan};
pub use insight::metric::{Frame, Good, Measured, Metric, Unit};
pub use usual::usual;

use crate::access::{Actor, audit_line, normal_name};
use crate::engine::Engine;
use base::{Currency, Error, ErrorKind, Timestamp};
use state::State;
use state::admin::{Admin, MetricRow, MetricVersionRow};
use std::fmt::Display;

/// Metrics at most.
pub const METRICS_MAX: usize = 1_000;
/// A key that no metric has: the usual metrics are found under it.
const KEY_TAKEN: &str = "usual";
/// Characters of a note at most.
pub(crate) const NOTE_CHARS_MAX: usize = 2_000;

/// A metric as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptMetric {
    /// What it is now.
    pub metric: Metric,
    /// Counts every change, from 1.
    pub revision: u64,
    /// Whether it is out of use.
    pub is_archived: bool,
    /// When it was changed last.
    pub changed_at: Timestamp,
    /// Who changed it last.
    pub changed_by: String,
}

/// What was measured under one version of a metric.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricVersion {
    /// Which version, from 1.
    pub version: u32,
    /// In what it was counted.
    pub unit: Unit,
    /// What was measured.
    pub measure: Measured,
    /// Since when.
    pub changed_at: Timestamp,
    /// Who said so.
    pub changed_by: String,
}

/// The metrics of an installation. Cheap to make.
pub struct Metrics {
    admin: Admin,
}

impl Engine {
    /// The metrics.
    #[must_use]
    pub fn metrics(&self) -> Metrics {
        Metrics::of(&self.shared.state)
    }
}

impl Metrics {
    /// The metrics in `state`.
    pub(crate) fn of(state: &State) -> Self {
        Self { admin: Admin::new(state.db()) }
    }

    /// Every metric, those out of use too, by name.
    ///
    /// # Errors
    /// Where the table cannot be read.
    pub async fn list(&self) -> Result<Vec<KeptMetric>, Error> {
        self.admin.metrics().await?.into_iter().map(kept).collect()
    }

    /// The metric with this key.
    ///
    /// # Errors
    /// `NotFound` where there is none.
    pub async fn get(&self, key: &str) -> Result<KeptMetric, Error> {
        kept(self.admin.metric(key).await?.ok_or_else(|| nowhere(key))?)
    }

    /// The metric with what it measured under `version`; as it is now where that is `None`.
    ///
    /// # Errors
    /// `NotFound` where there is no such metric, or no such version of it.
    pub async fn get_version(&self, key: &str, version: Option<u32>) -> Result<KeptMetric, Error> {
        let mut found = self.get(key).await?;
        let Some(version) = version.filter(|version| *version != found.metric.version) else {
            return Ok(found);
        };
        let versions = self.versions(key).await?;
        let then = versions.into_iter().find(|one| one.version == version).ok_or_else(|| {
            Error::new(ErrorKind::NotFound, format!("'{key}' has no version {version}"))
        })?;
        found.metric.version = version;
        found.metric.unit = then.unit;
        found.metric.measure = then.measure;
        Ok(found)
    }

    /// What a metric measured under each version, the newest first.
    ///
    /// # Errors
    /// `NotFound` where there is no such metric.
    pub async fn versions(&self, key: &str) -> Result<Vec<MetricVersion>, Error> {
        let rows = self.admin.metric_versions(key).await?;
        if rows.is_empty() {
            return Err(nowhere(key));
        }
        rows.into_iter().map(version).collect()
    }

    /// Adds a metric, at its first version.
    ///
    /// # Errors
    /// `Invalid` with what is wrong; `Conflict` where the key is taken, by one out of use perhaps;
    /// `Limited` where there are too many.
    pub async fn create(
        &self,
        actor: &Actor,
        metric: Metric,
        now: Timestamp,
    ) -> Result<KeptMetric, Error> {
        let metric = checked(Metric { version: 1, ..metric })?;
        if self.admin.metrics().await?.len() >= METRICS_MAX {
            let message = format!("there may be {METRICS_MAX} metrics at most");
            return Err(Error::new(ErrorKind::Limited, message));
        }
        if *metric.id == *KEY_TAKEN || self.admin.metric(&metric.id).await?.is_some() {
            let message = format!("the key '{}' is taken already", metric.id);
            let hint = "choose another key; metrics that are out of use keep theirs";
            return Err(Error::new(ErrorKind::Conflict, message).with_hint(hint));
        }
        let made = KeptMetric {
            metric,
            revision: 1,
            is_archived: false,
            changed_at: now,
            changed_by: actor.name.clone(),
        };
        let words = made.metric.words();
        let line = audit_line(actor, "metric.created", (&made.metric.id, &words), now);
        self.admin.put_metric(&row(&made), &line).await?;
        Ok(made)
    }

    /// Adds the usual metrics with these keys (`None`: all) that are not there yet, for orders in
    /// this currency; answers those that were added.
    ///
    /// # Errors
    /// As [`create`](Self::create).
    pub async fn add_usual(
        &self,
        actor: &Actor,
        (currency, keys): (Option<Currency>, Option<&[String]>),
        now: Timestamp,
    ) -> Result<Vec<KeptMetric>, Error> {
        let there = self.admin.metrics().await?;
        let is_wanted = |metric: &Metric| {
            keys.is_none_or(|keys| keys.iter().any(|key| **key == *metric.id))
                && there.iter().all(|row| *row.metric != *metric.id)
        };
        let mut added = Vec::new();
        for metric in usual(currency).into_iter().filter(is_wanted) {
            let owned = Metric { owner: actor.name.as_str().into(), ..metric };
            added.push(self.create(actor, owned, now).await?);
        }
        Ok(added)
    }

    /// Changes a metric that was looked at in `revision`: a new version where something else is
    /// measured, else only its words. One that was out of use is in use again.
    ///
    /// # Errors
    /// `Invalid` with what is wrong, `NotFound`, or `Conflict` where it was changed meanwhile.
    pub async fn change(
        &self,
        actor: &Actor,
        (key, revision): (&str, u64),
        to: Metric,
        now: Timestamp,
    ) -> Result<KeptMetric, Error> {
        let before = self.get(key).await?;
        if before.revision != revision {
            return Err(overtaken());
        }
        let metric = checked(before.metric.changed(to))?;
        let after = KeptMetric {
            metric,
            revision: revision + 1,
            is_archived: false,
            changed_at: now,
            changed_by: actor.name.clone(),
        };
        self.put(actor, &after, "metric.changed").await?;
        Ok(after)
    }

    /// Takes a metric out of use: lists leave it out, charts that show it go on.
    ///
    /// # Errors
    /// `NotFound`, or `Conflict` where it was changed meanwhile.
    pub async fn archive(&self, actor: &Actor, key: &str, now: Timestamp) -> Result<(), Error> {
        let before = self.get(key).await?;
        if before.is_archived {
            return Ok(());
        }
        let after = KeptMetric {
            revision: before.revision + 1,
            is_archived: true,
            changed_at: now,
            changed_by: actor.name.clone(),
            ..before.clone()
        };
        self.put(actor, &after, "metric.archived").await
    }

    async fn put(&self, actor: &Actor, after: &KeptMetric, action: &str) -> Result<(), Error> {
        let detail = after.metric.words();
        let line = audit_line(actor, action, (&after.metric.id, &detail), after.changed_at);
        match self.admin.change_metric(&row(after), &line).await? {
            true => Ok(()),
            false => Err(overtaken()),
        }
    }
}

/// The metric, if it holds together.
fn checked(metric: Metric) -> Result<Metric, Error> {
    let invalid = |error: &dyn Display| Error::new(ErrorKind::Invalid, error.to_string());
    metric.check().map_err(|bad| invalid(&bad))?;
    if metric.description.chars().count() > NOTE_CHARS_MAX {
        return Err(invalid(&format!("a note has at most {NOTE_CHARS_MAX} characters")));
    }
    let name = normal_name(&metric.name, "the name")?.into();
    let owner = normal_name(&metric.owner, "the owner")?.into();
    Ok(Metric { name, owner, ..metric })
}

/// The row of a metric. A version that is there already is not written again, so that since when
/// it holds is only said of a new one.
fn row(of: &KeptMetric) -> MetricRow {
    let KeptMetric { metric, .. } = of;
    let now = MetricVersionRow {
        version: u64::from(metric.version),
        unit: stored::write(&stored::StoredUnit::from(&metric.unit)),
        measure: stored::write(&stored::StoredMeasured::from(&metric.measure)),
        changed_at: of.changed_at,
        changed_by: of.changed_by.clone(),
    };
    MetricRow {
        metric: metric.id.to_string(),
        revision: of.revision,
        name: metric.name.to_string(),
        note: metric.description.to_string(),
        owner: metric.owner.to_string(),
        good: stored::write(&stored::StoredGood::from(metric.good)),
        is_archived: of.is_archived,
        changed_at: of.changed_at,
        changed_by: of.changed_by.clone(),
        now,
    }
}

fn kept(row: MetricRow) -> Result<KeptMetric, Error> {
    let good: stored::StoredGood = stored::read(&row.good)?;
    let now = version(row.now)?;
    let metric = Metric {
        id: row.metric.into(),
        name: row.name.into(),
        description: row.note.into(),
        unit: now.unit,
        owner: row.owner.into(),
        version: now.version,
        good: good.into(),
        measure: now.measure,
    };
    let (changed_at, changed_by) = (row.changed_at, row.changed_by);
    let (revision, is_archived) = (row.revision, row.is_archived);
    Ok(KeptMetric { metric, revision, is_archived, changed_at, changed_by })
}

fn version(row: MetricVersionRow) -> Result<MetricVersion, Error> {
    let unit: stored::StoredUnit = stored::read(&row.unit)?;
    let measure: stored::StoredMeasured = stored::read(&row.measure)?;
    Ok(MetricVersion {
        version: u32::try_from(row.version).unwrap_or(u32::MAX),
        unit: unit.inner()?,
        measure: measure.into(),
        changed_at: row.changed_at,
        changed_by: row.changed_by,
    })
}

fn nowhere(key: &str) -> Error {
    let key: String = key.chars().take(100).collect();
    Error::new(ErrorKind::NotFound, format!("there is no metric '{key}'"))
}

fn overtaken() -> Error {
    let message = "the metric was changed by somebody else meanwhile";
    Error::new(ErrorKind::Conflict, message).with_hint("read it again")
}
