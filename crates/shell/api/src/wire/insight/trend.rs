//! How does a trend travel?

use super::told::{Explained, not_a_number};
use super::{Breakdown, Clock, Field, Group, Period, Selection, TraitTest, comparison};
use crate::error::ApiError;
use crate::wire::scalar::Time;
use crate::wire::word::{Comparison, Grain};
use insight::trend as inner;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is counted over time.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TrendQuestion {
    #[serde(default)]
    pub clock: Clock,
    pub period: Period,
    /// What the period is compared with; nothing where nothing is said.
    pub compare: Option<Comparison>,
    /// By what it is cut.
    pub grain: Grain,
    /// 1 to 8 series, called A, B, C… in the formula.
    pub series: Vec<TrendSeries>,
    /// A formula over the series.
    #[schema(examples("A / B * 100"))]
    pub formula: Option<String>,
    pub breakdown: Option<Breakdown>,
    /// What must hold for customers, all of it; others are not looked at. Everybody is where
    /// nothing is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub who: Vec<TraitTest>,
}

/// Which events count, and what is measured of them.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TrendSeries {
    pub events: Selection,
    pub measure: Measure,
}

/// What is measured of events. A number is a field that holds a number; events in which it does
/// not are left out.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub enum Measure {
    /// How many events there are.
    Events,
    /// How many customers have at least one.
    Customers,
    /// How many events such a customer has on average.
    EventsPerCustomer,
    /// The sum of a number.
    Sum {
        /// The number.
        of: Field,
    },
    /// The mean of a number over events.
    Mean {
        /// The number.
        of: Field,
    },
    /// The least.
    Min {
        /// The number.
        of: Field,
    },
    /// The largest.
    Max {
        /// The number.
        of: Field,
    },
    /// The number below which a share of them lies.
    Percentile {
        /// The number.
        of: Field,
        /// From 0 to 100; 50 is the median.
        percentile: f64,
    },
    /// The mean over customers of what a number adds up to for each.
    SumPerCustomer {
        /// The number.
        of: Field,
    },
}

/// Numbers over time.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrendAnswer {
    /// The hours, days, weeks….
    pub spans: Vec<TrendSpan>,
    /// The groups; one without a breakdown.
    pub groups: Vec<Group>,
    /// The series by group, and after them the formula by group.
    pub lines: Vec<TrendLine>,
    /// The same of the period that it is compared with, in the same groups.
    pub compared: Option<TrendCompared>,
    pub explained: Explained,
}

/// Numbers of the period that a trend is compared with.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrendCompared {
    pub spans: Vec<TrendSpan>,
    pub lines: Vec<TrendLine>,
}

/// An hour, day, week….
#[derive(Debug, Serialize, ToSchema)]
pub struct TrendSpan {
    /// When it begins, also where the period begins later.
    pub begin: Time,
    /// What it is called.
    #[schema(examples("2026-W08"))]
    pub name: String,
    /// Whether all of it is in the period; else its numbers are of a part of it.
    pub is_whole: bool,
}

/// A series or the formula, for one group.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrendLine {
    /// The place of the series; none for the formula.
    pub series: Option<usize>,
    /// What its numbers count; none for the formula.
    #[schema(examples("customers"))]
    pub unit: Option<String>,
    /// The place of the group.
    pub group: usize,
    /// By span.
    pub points: Vec<TrendValue>,
    /// Over the whole period. Customers count once, so it may be less than the points' sum.
    pub whole: TrendValue,
}

/// A number of a trend.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrendValue {
    pub value: Option<f64>,
    /// On how many events or customers it rests; 0 for a formula.
    pub n: u64,
    /// Ends of the 95 % confidence interval, of means.
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// Why there is no number, or no interval where there should be one.
    pub not_estimable: Option<String>,
}

/// Whose names are asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TrendPoint {
    pub question: TrendQuestion,
    /// The place of the series.
    pub series: usize,
    /// The place of the group; the first where nothing is said.
    #[serde(default)]
    pub group: usize,
    /// The place of the span; all of them where nothing is said.
    pub span: Option<usize>,
    /// Whether customers of the period that it is compared with are asked for.
    #[serde(default)]
    pub compared: bool,
    /// How many customers to list, 500 at most; 50 where nothing is said.
    pub limit: Option<usize>,
}

impl TrendQuestion {
    /// The inner twin.
    ///
    /// # Errors
    /// `Invalid`, naming the field.
    pub fn definition(&self) -> Result<inner::Definition, ApiError> {
        let series = |series: &TrendSeries| inner::Series {
            events: (&series.events).into(),
            measure: (&series.measure).into(),
        };
        Ok(inner::Definition {
            calendar: self.clock.calendar()?,
            period: self.period.inner()?,
            grain: self.grain.into(),
            series: self.series.iter().map(series).collect(),
            formula: self.formula.as_deref().map(Into::into),
            breakdown: self.breakdown.as_ref().map(Into::into),
            comparison: comparison(self.compare),
        })
    }
}

impl TrendQuestion {
    /// What all of its lines count, where that is the same.
    pub fn unit(&self) -> Option<String> {
        let mut units = self.series.iter().map(|series| series.measure.unit());
        let first = units.next()?;
        (self.formula.is_none() && units.all(|unit| unit == first)).then_some(first)
    }

    /// What is left out, and why.
    pub fn left_out(&self) -> Vec<String> {
        let numbers = self.series.iter().filter_map(|series| series.measure.number());
        let mut all: Vec<String> = numbers.map(not_a_number).collect();
        all.dedup();
        all
    }
}

impl Measure {
    /// The number that is looked at.
    pub fn number(&self) -> Option<&Field> {
        match self {
            Self::Events | Self::Customers | Self::EventsPerCustomer => None,
            Self::Sum { of } | Self::Mean { of } | Self::Min { of } | Self::Max { of } => Some(of),
            Self::Percentile { of, .. } | Self::SumPerCustomer { of } => Some(of),
        }
    }

    /// What its numbers count.
    pub fn unit(&self) -> String {
        match self {
            Self::Events => "events".into(),
            Self::Customers => "customers".into(),
            Self::EventsPerCustomer => "events per customer".into(),
            Self::Sum { of } | Self::Mean { of } | Self::Min { of } | Self::Max { of } => {
                of.name().to_owned()
            }
            Self::Percentile { of, .. } => of.name().to_owned(),
            Self::SumPerCustomer { of } => format!("{} per customer", of.name()),
        }
    }
}

impl From<&Measure> for inner::Measure {
    fn from(measure: &Measure) -> Self {
        match measure {
            Measure::Events => Self::Events,
            Measure::Customers => Self::Customers,
            Measure::EventsPerCustomer => Self::EventsPerCustomer,
            Measure::Sum { of } => Self::Sum(of.into()),
            Measure::Mean { of } => Self::Mean(of.into()),
            Measure::Min { of } => Self::Min(of.into()),
            Measure::Max { of } => Self::Max(of.into()),
            Measure::Percentile { of, percentile } => {
                Self::Percentile { of: of.into(), percent: *percentile }
            }
            Measure::SumPerCustomer { of } => Self::SumPerCustomer(of.into()),
        }
    }
}

impl From<&inner::Span> for TrendSpan {
    fn from(span: &inner::Span) -> Self {
        Self { begin: span.begin.into(), name: span.name.clone(), is_whole: span.is_whole }
    }
}

impl TrendLine {
    fn of(line: &inner::Line, question: &TrendQuestion) -> Self {
        let series = match line.of {
            inner::Of::Series(place) => Some(place),
            inner::Of::Formula => None,
        };
        Self {
            series,
            unit: series.map(|place| question.series[place].measure.unit()),
            group: line.group,
            points: line.points.iter().map(Into::into).collect(),
            whole: (&line.whole).into(),
        }
    }
}

impl From<&inner::Point> for TrendValue {
    fn from(point: &inner::Point) -> Self {
        let interval = point.interval.as_ref();
        let (ends, no_interval) = match interval {
            Some(Ok(interval)) => (Some(interval), None),
            Some(Err(why)) => (None, Some(why.to_string())),
            None => (None, None),
        };
        let no_number = point.value.as_ref().err().map(ToString::to_string);
        Self {
            value: point.value.as_ref().ok().copied(),
            n: point.n,
            low: ends.map(|ends| ends.low),
            high: ends.map(|ends| ends.high),
            not_estimable: no_number.or(no_interval),
        }
    }
}

impl TrendCompared {
    /// The wire twin of an answer to `question`.
    pub fn of(answer: &inner::Answer, question: &TrendQuestion) -> Self {
        Self {
            spans: answer.spans.iter().map(Into::into).collect(),
            lines: answer.lines.iter().map(|line| TrendLine::of(line, question)).collect(),
        }
    }
}
