//! What does the house mean by a number, and is more of it better?
//!
//! A metric is a measure with a name, kept in one place and used by charts, goals and experiments
//! alike. What it measures is one of the insights; over which time, by which span and for which
//! group is asked anew each time. A changed measure is a new version.

use crate::breakdown::Breakdown;
use crate::calendar::{Calendar, Grain};
use crate::error::{BadDefinition, Problem};
use crate::period::{Comparison, Period};
use crate::trend::{self, Line, Of, Point, Series};
use crate::{lifecycle, stickiness};
use base::Currency;
use stats::{Estimate, NotEstimable};
use timeline::Condition;

#[cfg(test)]
mod tests;

/// Characters of an id, a name and an owner at most.
pub const NAME_CHARS_MAX: usize = 100;

/// A named measure.
#[derive(Clone, Debug, PartialEq)]
pub struct Metric {
    /// Its id: small letters, digits and hyphens. It never changes.
    pub id: Box<str>,
    /// What people call it.
    pub name: Box<str>,
    /// What it is for, in the owner's words; may be empty.
    pub description: Box<str>,
    /// In what it is counted.
    pub unit: Unit,
    /// Who answers for it.
    pub owner: Box<str>,
    /// The version of the measure, from 1.
    pub version: u32,
    /// What counts as good.
    pub good: Good,
    /// What is measured.
    pub measure: Measured,
}

/// In what a metric is counted.
#[derive(Clone, Debug, PartialEq)]
pub enum Unit {
    /// Events.
    Events,
    /// Customers.
    Customers,
    /// A share, 1 being all.
    Share,
    /// A number of a hundred.
    Percent,
    /// Money in units of this currency.
    Money(Currency),
    /// Days.
    Days,
    /// Something else: "points".
    Other(Box<str>),
}

/// What counts as good.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Good {
    /// More is better.
    Up,
    /// Less is better.
    Down,
    /// Neither: it is a size, not an aim.
    Neither,
    /// It should stay between these.
    Between {
        /// At least this.
        low: f64,
        /// At most this.
        high: f64,
    },
}

/// How a number compares with an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is better.
    Better,
    /// It is neither better nor worse.
    Same,
    /// It is worse.
    Worse,
}

/// What is measured.
#[derive(Clone, Debug, PartialEq)]
pub enum Measured {
    /// A series of a [`trend`], or a formula over several.
    Trend {
        /// The series.
        series: Vec<Series>,
        /// The formula, needed where there are several.
        formula: Option<Box<str>>,
    },
    /// In what share of the days of a span those active in it are active: [`stickiness`].
    Habit {
        /// Which events make a customer active.
        events: Condition,
    },
    /// Which share of the active of one span is active in the next: [`lifecycle`].
    Kept {
        /// Which events make a customer active.
        events: Condition,
    },
}

/// Over which time a metric is asked, and for which groups.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// The time zone, and the day with which weeks begin.
    pub calendar: Calendar,
    /// Which stretch of time is looked at.
    pub period: Period,
    /// By what it is cut.
    pub grain: Grain,
    /// By what it is grouped; for a [`Measured::Trend`] alone.
    pub breakdown: Option<Breakdown>,
    /// What it is compared with; for a [`Measured::Trend`] alone.
    pub comparison: Comparison,
}

/// The insight that answers a metric.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    /// Read by [`Metric::lines_of_trend`].
    Trend(trend::Definition),
    /// Read by [`Metric::point_of_habit`].
    Habit(stickiness::Definition),
    /// Read by [`Metric::point_of_kept`].
    Kept(lifecycle::Definition),
}

impl Metric {
    /// That it can be used: its names, and that its measure can be asked at all.
    ///
    /// # Errors
    /// Names the first field that cannot be used.
    pub fn check(&self) -> Result<(), BadDefinition> {
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !self.id.chars().all(is_plain) {
            let problem = Problem::Unfit("small letters, digits and hyphens are possible");
            return Err(BadDefinition::new("id", problem));
        }
        for (field, text) in [("id", &self.id), ("name", &self.name), ("owner", &self.owner)] {
            crate::error::some(field, text.trim().chars().count(), NAME_CHARS_MAX)?;
        }
        if let Good::Between { low, high } = self.good {
            if !(low.is_finite() && high.is_finite()) {
                return Err(BadDefinition::new("good", Problem::NotFinite));
            }
            if low > high {
                return Err(BadDefinition::new("good", Problem::EndsBeforeItBegins));
            }
        }
        self.measure.check().map_err(|bad| bad.within("measure"))
    }

    /// What this becomes when somebody changes it: the next version where something else is
    /// measured, the same one where only words, owner or aim are different.
    #[must_use]
    pub fn changed(&self, to: Self) -> Self {
        let is_same = to.measure == self.measure && to.unit == self.unit;
        let version = if is_same { self.version } else { self.version + 1 };
        Self { id: self.id.clone(), version, ..to }
    }

    /// The insight that answers it.
    ///
    /// # Errors
    /// Names the first field of the frame that does not go with the measure.
    pub fn asked(&self, frame: Frame) -> Result<Asked, BadDefinition> {
        let Frame { calendar, period, grain, breakdown, comparison } = frame;
        if !matches!(self.measure, Measured::Trend { .. }) {
            let unfit = |field, what| Err(BadDefinition::new(field, Problem::Unfit(what)));
            if breakdown.is_some() {
                return unfit("breakdown", "this metric is not grouped");
            }
            if comparison != Comparison::None {
                return unfit("comparison", "this metric is not compared with an earlier period");
            }
        }
        Ok(match self.measure.clone() {
            Measured::Trend { series, formula } => Asked::Trend(trend::Definition {
                calendar,
                period,
                grain,
                series,
                formula,
                breakdown,
                comparison,
            }),
            Measured::Habit { events } => {
                let breakdown = None;
                Asked::Habit(stickiness::Definition {
                    calendar,
                    period,
                    comparison,
                    grain,
                    events,
                    breakdown,
                })
            }
            Measured::Kept { events } => {
                let breakdown = None;
                Asked::Kept(lifecycle::Definition {
                    calendar,
                    period,
                    comparison,
                    grain,
                    events,
                    breakdown,
                })
            }
        })
    }

    /// The lines of a trend that are the metric, one for each group: the formula where there is
    /// one, else the only series.
    pub fn lines_of_trend<'a>(&self, answer: &'a trend::Answer) -> impl Iterator<Item = &'a Line> {
        let of = match &self.measure {
            Measured::Trend { formula: Some(_), .. } => Of::Formula,
            _ => Of::Series(0),
        };
        answer.lines.iter().filter(move |line| line.of == of)
    }

    /// The number of a span of a stickiness that is the metric.
    #[must_use]
    pub fn point_of_habit(span: &stickiness::Span) -> Point {
        point(span.share_of_days)
    }

    /// The number of a span of a lifecycle that is the metric.
    #[must_use]
    pub fn point_of_kept(span: &lifecycle::Span) -> Point {
        point(span.kept)
    }

    /// What it is, in one sentence, without time and groups.
    #[must_use]
    pub fn words(&self) -> String {
        let good = match self.good {
            Good::Up => "more is better".into(),
            Good::Down => "less is better".into(),
            Good::Neither => "neither more nor less is better".into(),
            Good::Between { low, high } => format!("good is from {low} to {high}"),
        };
        format!(
            "{} (version {}, {}; {good}): {}",
            self.name,
            self.version,
            self.unit.words(),
            self.measure.words()
        )
    }
}

impl Measured {
    fn check(&self) -> Result<(), BadDefinition> {
        let (series, formula) = match self {
            Self::Trend { series, formula } => (series.clone(), formula.clone()),
            Self::Habit { events } | Self::Kept { events } => {
                return crate::selection::check(events).map_err(|bad| bad.within("events"));
            }
        };
        if series.len() > 1 && formula.is_none() {
            let problem = Problem::Unfit("several series need a formula that makes them one");
            return Err(BadDefinition::new("formula", problem));
        }
        let definition = trend::Definition {
            calendar: Calendar::utc(),
            period: Period::Last { n: 1, grain: Grain::Day, current: true },
            grain: Grain::Day,
            series,
            formula,
            breakdown: None,
            comparison: Comparison::None,
        };
        definition.check()
    }

    /// What is measured, in words.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Trend { series, formula } => trend::series_words(series, formula.as_deref()),
            Self::Habit { events } => format!(
                "share of the days on which customers have {}, of those with any",
                crate::selection::words(events)
            ),
            Self::Kept { events } => format!(
                "share of the customers with {} who have it again in the span after",
                crate::selection::words(events)
            ),
        }
    }
}

impl Unit {
    /// In words.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Events => "events".into(),
            Self::Customers => "customers".into(),
            Self::Share => "a share of 1".into(),
            Self::Percent => "percent".into(),
            Self::Money(currency) => currency.to_string(),
            Self::Days => "days".into(),
            Self::Other(unit) => unit.to_string(),
        }
    }
}

impl Good {
    /// Whether a number is better than an earlier one: further up or down, or nearer to where it
    /// should be. It says nothing of chance.
    #[must_use]
    pub fn judge(self, before: f64, after: f64) -> Change {
        let badness = |value: f64| match self {
            Self::Up => -value,
            Self::Down => value,
            Self::Neither => 0.0,
            Self::Between { low, high } => (low - value).max(value - high).max(0.0),
        };
        match badness(after).total_cmp(&badness(before)) {
            std::cmp::Ordering::Less => Change::Better,
            std::cmp::Ordering::Equal => Change::Same,
            std::cmp::Ordering::Greater => Change::Worse,
        }
    }
}

fn point(estimate: Result<Estimate, NotEstimable>) -> Point {
    match estimate {
        Ok(Estimate { value, n, interval }) => {
            Point { value: Ok(value), n, interval: Some(interval) }
        }
        Err(cause) => Point { value: Err(cause), n: 0, interval: None },
    }
}
