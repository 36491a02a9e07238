//! How do metrics travel?

use super::insight::told::not_a_number;
use super::insight::trend::{TrendAnswer, TrendCompared, TrendLine, TrendSeries};
use super::insight::{Breakdown, Clock, Period, Selection, comparison};
use super::scalar::Time;
use super::word::{Comparison, Grain};
use crate::error::ApiError;
use app::metrics::{Frame, Good, KeptMetric, Measured, MetricVersion as KeptVersion, Unit};
use base::Currency;
use insight::metric as inner;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A number that the house agreed on.
#[derive(Debug, Serialize, ToSchema)]
pub struct Metric {
    /// Small letters, digits and hyphens; it never changes.
    #[schema(examples("average-order-value"))]
    pub key: String,
    pub name: String,
    /// What it is for.
    pub note: String,
    pub unit: MetricUnit,
    pub good: MetricGood,
    /// Who answers for it.
    pub owner: String,
    /// Grows when something else is measured, from 1.
    pub version: u32,
    /// Grows with every change; a change says which one it was made on.
    pub revision: u64,
    pub definition: MetricDefinition,
    /// What is measured, in words.
    pub words: String,
    /// Whether it is out of use.
    pub is_archived: bool,
    pub changed_at: Time,
    pub changed_by: String,
}

/// In what a metric is counted.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub enum MetricUnit {
    Events,
    Customers,
    /// A share, 1 being all.
    Share,
    /// A number of a hundred.
    Percent,
    /// Money, in whole units of a currency.
    Money {
        #[schema(examples("EUR"))]
        currency: String,
    },
    Days,
    /// Something else.
    Other {
        #[schema(examples("points"))]
        name: String,
    },
}

/// What counts as good.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub enum MetricGood {
    /// More is better.
    Up,
    /// Less is better.
    Down,
    /// It is a size, not an aim.
    Neither,
    /// It should stay between these.
    Between { low: f64, high: f64 },
}

/// What is measured.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub enum MetricDefinition {
    /// A series over time, or a formula over several.
    Trend {
        series: Vec<TrendSeries>,
        /// Needed where there are several series.
        #[schema(examples("A / B * 100"))]
        formula: Option<String>,
    },
    /// On what share of the days of a span those active in it are active; by week or longer.
    Habit { events: Selection },
    /// Which share of those active in one span is active in the next.
    Kept { events: Selection },
}

/// What a metric is to be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MetricDraft {
    /// Made of the name where nothing is said.
    pub key: Option<String>,
    pub name: String,
    #[serde(default)]
    pub note: String,
    pub unit: MetricUnit,
    pub good: MetricGood,
    /// Whoever makes it, where nothing is said.
    pub owner: Option<String>,
    pub definition: MetricDefinition,
}

/// What a metric is to be from now on.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MetricChange {
    /// The revision that was looked at.
    pub revision: u64,
    pub name: String,
    #[serde(default)]
    pub note: String,
    pub unit: MetricUnit,
    pub good: MetricGood,
    pub owner: String,
    pub definition: MetricDefinition,
}

/// All metrics.
#[derive(Debug, Serialize, ToSchema)]
pub struct Metrics {
    /// By name, those out of use too.
    pub metrics: Vec<Metric>,
}

/// What a metric measured under one version.
#[derive(Debug, Serialize, ToSchema)]
pub struct MetricVersion {
    pub version: u32,
    pub unit: MetricUnit,
    pub definition: MetricDefinition,
    pub words: String,
    pub changed_at: Time,
    pub changed_by: String,
}

/// Every version of a metric.
#[derive(Debug, Serialize, ToSchema)]
pub struct MetricVersions {
    /// The newest first.
    pub versions: Vec<MetricVersion>,
}

/// Which of the usual metrics are to be there.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UsualMetricsWish {
    /// The currency of orders: others are left out. Without one amounts are added up as they are.
    #[schema(examples("EUR"))]
    pub currency: Option<String>,
    /// The keys of those that are wanted; all where nothing is said.
    pub keys: Option<Vec<String>>,
}

/// One of the metrics that nearly every house has.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsualMetric {
    pub key: String,
    pub name: String,
    pub note: String,
    /// What is measured, in words.
    pub words: String,
    /// Whether a metric has this key already.
    pub is_there: bool,
}

/// The metrics that nearly every house has.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsualMetrics {
    pub metrics: Vec<UsualMetric>,
}

/// Over which time a metric is asked.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MetricQuestion {
    #[serde(default)]
    pub clock: Clock,
    pub period: Period,
    pub grain: Grain,
    /// What the period is compared with; not for habit and kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compare: Option<Comparison>,
    /// By what it is grouped; not for habit and kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breakdown: Option<Breakdown>,
    /// Which version; the present one where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
}

/// A metric over some time.
#[derive(Debug, Serialize, ToSchema)]
pub struct MetricAnswer {
    /// The metric, with what it measured under the version that is shown.
    pub metric: Metric,
    /// Lines are the metric itself, one for each group: series 0.
    pub answer: TrendAnswer,
}

impl Metric {
    /// The wire twin of a metric.
    pub fn of(kept: &KeptMetric) -> Self {
        let metric = &kept.metric;
        Self {
            key: metric.id.to_string(),
            name: metric.name.to_string(),
            note: metric.description.to_string(),
            unit: (&metric.unit).into(),
            good: metric.good.into(),
            owner: metric.owner.to_string(),
            version: metric.version,
            revision: kept.revision,
            definition: (&metric.measure).into(),
            words: metric.measure.words(),
            is_archived: kept.is_archived,
            changed_at: kept.changed_at.into(),
            changed_by: kept.changed_by.clone(),
        }
    }
}

impl MetricVersion {
    /// The wire twin of a version.
    pub fn of(kept: &KeptVersion) -> Self {
        Self {
            version: kept.version,
            unit: (&kept.unit).into(),
            definition: (&kept.measure).into(),
            words: kept.measure.words(),
            changed_at: kept.changed_at.into(),
            changed_by: kept.changed_by.clone(),
        }
    }
}

impl MetricDraft {
    /// The metric that is meant, made by `maker`.
    ///
    /// # Errors
    /// `Invalid`, naming the field.
    pub fn inner(self, maker: &str) -> Result<inner::Metric, ApiError> {
        let key = self.key.unwrap_or_else(|| key_of(&self.name));
        Ok(inner::Metric {
            id: key.into(),
            name: self.name.trim().into(),
            description: self.note.trim().into(),
            unit: self.unit.inner()?,
            owner: self.owner.as_deref().unwrap_or(maker).trim().into(),
            version: 1,
            good: self.good.into(),
            measure: (&self.definition).into(),
        })
    }
}

impl MetricChange {
    /// What the metric `key` is to be.
    ///
    /// # Errors
    /// `Invalid`, naming the field.
    pub fn inner(self, key: &str) -> Result<inner::Metric, ApiError> {
        let Self { name, note, unit, good, owner, definition, .. } = self;
        let key = Some(key.to_owned());
        let owner = Some(owner);
        MetricDraft { key, name, note, unit, good, owner, definition }.inner("")
    }
}

/// Small letters, digits and hyphens of a name: "Ø order value" becomes "order-value".
fn key_of(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let spelt: String = name.chars().map(plain).collect();
    let words: Vec<&str> = spelt.split('-').filter(|word| !word.is_empty()).collect();
    words.join("-")
}

/// A wrong definition of a metric, its fields called as they travel.
pub fn refused(bad: &insight::BadDefinition) -> ApiError {
    let field = match bad.field.strip_prefix("measure") {
        Some(rest) => format!("definition{rest}"),
        None if bad.field == "id" => "key".to_owned(),
        None => bad.field.clone(),
    };
    ApiError::field(&field, format!("{field}: {}", bad.problem))
}

/// A currency that somebody named.
///
/// # Errors
/// `Invalid` where it is none, naming the field.
pub fn currency(field: &str, code: &str) -> Result<Currency, ApiError> {
    let known = Currency::parse(code).filter(|currency| *currency != Currency::NONE);
    known.ok_or_else(|| ApiError::field(field, "a currency has three letters, such as EUR"))
}

impl MetricUnit {
    fn inner(&self) -> Result<Unit, ApiError> {
        Ok(match self {
            Self::Events => Unit::Events,
            Self::Customers => Unit::Customers,
            Self::Share => Unit::Share,
            Self::Percent => Unit::Percent,
            Self::Money { currency: code } => Unit::Money(currency("unit.currency", code)?),
            Self::Days => Unit::Days,
            Self::Other { name } if name.chars().count() > inner::NAME_CHARS_MAX => {
                return Err(ApiError::field("unit.name", "the name of a unit is too long"));
            }
            Self::Other { name } => Unit::Other(name.trim().into()),
        })
    }
}

impl From<&Unit> for MetricUnit {
    fn from(unit: &Unit) -> Self {
        match unit {
            Unit::Events => Self::Events,
            Unit::Customers => Self::Customers,
            Unit::Share => Self::Share,
            Unit::Percent => Self::Percent,
            Unit::Money(currency) => Self::Money { currency: currency.code().to_owned() },
            Unit::Days => Self::Days,
            Unit::Other(name) => Self::Other { name: name.to_string() },
        }
    }
}

impl From<MetricGood> for Good {
    fn from(good: MetricGood) -> Self {
        match good {
            MetricGood::Up => Self::Up,
            MetricGood::Down => Self::Down,
            MetricGood::Neither => Self::Neither,
            MetricGood::Between { low, high } => Self::Between { low, high },
        }
    }
}

impl From<Good> for MetricGood {
    fn from(good: Good) -> Self {
        match good {
            Good::Up => Self::Up,
            Good::Down => Self::Down,
            Good::Neither => Self::Neither,
            Good::Between { low, high } => Self::Between { low, high },
        }
    }
}

impl From<&MetricDefinition> for Measured {
    fn from(definition: &MetricDefinition) -> Self {
        match definition {
            MetricDefinition::Trend { series, formula } => {
                let one = |series: &TrendSeries| insight::trend::Series {
                    events: (&series.events).into(),
                    measure: (&series.measure).into(),
                };
                let formula = formula.as_deref().filter(|text| !text.trim().is_empty());
                Self::Trend {
                    series: series.iter().map(one).collect(),
                    formula: formula.map(Into::into),
                }
            }
            MetricDefinition::Habit { events } => Self::Habit { events: events.into() },
            MetricDefinition::Kept { events } => Self::Kept { events: events.into() },
        }
    }
}

impl From<&Measured> for MetricDefinition {
    fn from(measured: &Measured) -> Self {
        match measured {
            Measured::Trend { series, formula } => Self::Trend {
                series: series.iter().map(Into::into).collect(),
                formula: formula.as_deref().map(str::to_owned),
            },
            Measured::Habit { events } => Self::Habit { events: events.into() },
            Measured::Kept { events } => Self::Kept { events: events.into() },
        }
    }
}

impl MetricDefinition {
    /// What is left out of its numbers, and why.
    pub fn left_out(&self) -> Vec<String> {
        let Self::Trend { series, .. } = self else { return Vec::new() };
        let numbers = series.iter().filter_map(|series| series.measure.number());
        let mut all: Vec<String> = numbers.map(not_a_number).collect();
        all.dedup();
        all
    }
}

impl MetricQuestion {
    /// The inner twin.
    ///
    /// # Errors
    /// `Invalid`, naming the field.
    pub fn frame(&self) -> Result<Frame, ApiError> {
        Ok(Frame {
            calendar: self.clock.calendar()?,
            period: self.period.inner()?,
            grain: self.grain.into(),
            breakdown: self.breakdown.as_ref().map(Into::into),
            comparison: comparison(self.compare),
        })
    }
}

/// The spans and lines of an answer in this unit; every line is the metric.
pub fn told(answer: &insight::trend::Answer, unit: &Unit) -> TrendCompared {
    let line = |line: &insight::trend::Line| TrendLine {
        series: Some(0),
        unit: Some(unit.words()),
        group: line.group,
        points: line.points.iter().map(Into::into).collect(),
        whole: (&line.whole).into(),
    };
    TrendCompared {
        spans: answer.spans.iter().map(Into::into).collect(),
        lines: answer.lines.iter().map(line).collect(),
    }
}
