//! What is asked of a trend?

use crate::breakdown::Breakdown;
use crate::calendar::{Calendar, Grain};
use crate::error::{self, BadDefinition, Problem};
use crate::formula::{Formula, letter};
use crate::period::{Comparison, Period};
use crate::trend::plan::Plan;
use crate::{selection, words};
use base::Timestamp;
use timeline::{Condition, Field};

/// Series of one trend at most.
pub const SERIES_MAX: usize = 8;

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// The time zone, and the day with which weeks begin.
    pub calendar: Calendar,
    /// Which stretch of time is looked at.
    pub period: Period,
    /// By what it is cut.
    pub grain: Grain,
    /// What is counted; called A, B, C… in the formula.
    pub series: Vec<Series>,
    /// A formula over the series, such as `A / B * 100`.
    pub formula: Option<Box<str>>,
    /// By what each series is grouped.
    pub breakdown: Option<Breakdown>,
    /// What the period is compared with.
    pub comparison: Comparison,
}

/// One series: which events count, and what is measured of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// The events that count.
    pub events: Condition,
    /// What is measured.
    pub measure: Measure,
}

/// What is measured of events. A number is a field of the event that holds a number; events in
/// which it does not are left out of everything but the first three.
#[derive(Clone, Debug, PartialEq)]
pub enum Measure {
    /// How many events there are.
    Events,
    /// How many customers have at least one.
    Customers,
    /// How many events such a customer has on average.
    EventsPerCustomer,
    /// The sum of a number.
    Sum(Field),
    /// The mean of a number over events.
    Mean(Field),
    /// The least.
    Min(Field),
    /// The largest.
    Max(Field),
    /// The number below which a share of them lies.
    Percentile {
        /// The number.
        of: Field,
        /// From 0 to 100; 50 is the median.
        percent: f64,
    },
    /// The mean over customers of what a number adds up to for each.
    SumPerCustomer(Field),
}

impl Measure {
    /// The number that is looked at.
    #[must_use]
    pub fn number(&self) -> Option<&Field> {
        match self {
            Self::Events | Self::Customers | Self::EventsPerCustomer => None,
            Self::Sum(of) | Self::Mean(of) | Self::Min(of) | Self::Max(of) => Some(of),
            Self::Percentile { of, .. } | Self::SumPerCustomer(of) => Some(of),
        }
    }

    fn check(&self) -> Result<(), BadDefinition> {
        if let Self::Percentile { percent, .. } = self {
            error::between("percentile", *percent, (0.0, 100.0))?;
        }
        match self.number() {
            Some(Field::Property(path) | Field::Context(path)) if path.is_empty() => {
                Err(BadDefinition::new("of", Problem::Empty))
            }
            Some(Field::Name | Field::Kind | Field::Source) => {
                Err(BadDefinition::new("of", Problem::Unfit("this field never holds a number")))
            }
            _ => Ok(()),
        }
    }

    fn words(&self, events: &str) -> String {
        let of = self.number().map(words::field).unwrap_or_default();
        match self {
            Self::Events => format!("number of {events}"),
            Self::Customers => format!("number of customers with {events}"),
            Self::EventsPerCustomer => format!("mean number of {events} per customer with any"),
            Self::Sum(_) => format!("sum of {of} over {events}"),
            Self::Mean(_) => format!("mean {of} over {events}"),
            Self::Min(_) => format!("smallest {of} over {events}"),
            Self::Max(_) => format!("largest {of} over {events}"),
            Self::Percentile { percent, .. } if *percent == 50.0 => {
                format!("median {of} over {events}")
            }
            Self::Percentile { percent, .. } => {
                format!("{percent}th percentile of {of} over {events}")
            }
            Self::SumPerCustomer(_) => {
                format!("mean over customers of their sum of {of} over {events}")
            }
        }
    }
}

impl Series {
    /// In words: "number of customers with “Order Completed”".
    #[must_use]
    pub fn words(&self) -> String {
        self.measure.words(&selection::words(&self.events))
    }
}

impl Definition {
    /// That it can be answered.
    ///
    /// # Errors
    /// Names the first field that cannot be used.
    pub fn check(&self) -> Result<(), BadDefinition> {
        error::some("series", self.series.len(), SERIES_MAX)?;
        for (k, series) in self.series.iter().enumerate() {
            let here = format!("series[{k}]");
            selection::check(&series.events).map_err(|bad| bad.within("events").within(&here))?;
            series.measure.check().map_err(|bad| bad.within("measure").within(&here))?;
        }
        if let Some(breakdown) = &self.breakdown {
            breakdown.check_with_channel().map_err(|bad| bad.within("breakdown"))?;
        }
        self.parsed_formula().map(|_| ())
    }

    /// How it is answered at the time `now`.
    ///
    /// # Errors
    /// Names the first field that cannot be used.
    pub fn plan(&self, now: Timestamp) -> Result<Plan, BadDefinition> {
        self.check()?;
        let window = self.period.window(&self.calendar, now)?;
        Plan::new(self.clone(), window)
    }

    /// How the period that it is compared with is answered; `None` where there is no comparison.
    /// Its answer is given in the groups of the other one, by [`Plan::answer_in`].
    ///
    /// # Errors
    /// Names the first field that cannot be used.
    pub fn plan_compared(&self, now: Timestamp) -> Result<Option<Plan>, BadDefinition> {
        self.check()?;
        let shown = (now, self.grain);
        let compared = self.period.window_compared(self.comparison, &self.calendar, shown)?;
        compared.map(|window| Plan::new(self.clone(), window)).transpose()
    }

    /// The formula, read.
    pub(super) fn parsed_formula(&self) -> Result<Option<Formula>, BadDefinition> {
        let text = self.formula.as_deref();
        text.map(|text| Formula::parse(text, self.series.len())).transpose()
    }

    /// What is counted, in one sentence.
    #[must_use]
    pub fn words(&self) -> String {
        let mut text = series_words(&self.series, self.formula.as_deref());
        text += &format!(", by {}", self.grain.word());
        if let Some(breakdown) = &self.breakdown {
            let n = breakdown.n_groups;
            text += &format!(" and by {} (the {n} most frequent values)", breakdown.words());
        }
        text += &format!(", {}", self.period.words());
        let comparison = self.comparison.words(self.grain);
        if !comparison.is_empty() {
            text += &format!(", {comparison}");
        }
        words::sentence(&format!("{text}, {}", self.calendar.words()))
    }
}

/// What is counted of some series, and the formula over them, in words.
#[must_use]
pub fn series_words(series: &[Series], formula: Option<&str>) -> String {
    let mut all: Vec<String> = series.iter().map(Series::words).collect();
    let Some(formula) = formula else { return words::list(&all, "and") };
    for (k, words) in all.iter_mut().enumerate() {
        *words = format!("{} = {words}", letter(k));
    }
    format!("{formula}, where {}", words::list(&all, "and"))
}
