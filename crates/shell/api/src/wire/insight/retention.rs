//! How does a retention travel?

use super::told::{Estimate, Explained, not_a_number};
use super::{
    Breakdown, Clock, Field, Group, Period, Selection, TraitTest, comparison, not_there, of_group,
    refused_as,
};
use crate::error::ApiError;
use crate::wire::scalar::Time;
use crate::wire::word::{CohortBy, Comparison, Grain, RetentionSide, SpansFrom};
use base::Timestamp;
use insight::retention as inner;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Of the customers who began in some week, how many came back later?
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetentionQuestion {
    #[serde(default)]
    pub clock: Clock,
    /// When cohorts begin.
    pub period: Period,
    /// What the period is compared with; nothing where nothing is said.
    pub compare: Option<Comparison>,
    /// How long a cohort gathers, and what returns are counted by.
    pub grain: Grain,
    /// With which event a customer begins; any event where nothing is said.
    #[serde(default)]
    pub begin: Selection,
    /// Which of these events counts; `first` where nothing is said.
    pub cohort: Option<CohortBy>,
    /// With which event a customer returns; any event where nothing is said.
    #[serde(default)]
    pub back: Selection,
    /// How many spans after the first are looked at, 1 to 400.
    #[schema(examples(12))]
    pub n_spans: u32,
    /// In which column a return counts; `on` where nothing is said.
    pub counting: Option<RetentionCounting>,
    /// From when spans are counted; `calendar` where nothing is said.
    pub spans_from: Option<SpansFrom>,
    /// A number that is added up over returns, such as revenue.
    pub value: Option<Field>,
    /// Into which groups customers fall: by a trait, or by a field of the beginning.
    pub breakdown: Option<Breakdown>,
    /// What must hold for customers, all of it; others are not looked at. Everybody is where
    /// nothing is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub who: Vec<TraitTest>,
}

/// In which columns a return counts.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub enum RetentionCounting {
    /// In that of its span.
    On,
    /// In that of its span and in all before.
    OnOrAfter,
    /// In that of its bracket.
    Brackets {
        /// With which spans brackets begin, ascending from 0; the last ends with the last span.
        #[schema(examples(json!([0, 1, 3, 7])))]
        brackets: Vec<u32>,
    },
}

/// Who came back, by cohort.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetentionAnswer {
    /// What each column stands for.
    pub columns: Vec<RetentionColumn>,
    /// Of all customers.
    pub all: RetentionOfGroup,
    /// By group, in their order; none without a breakdown.
    pub groups: Vec<RetentionOfGroup>,
    /// The same of the period that it is compared with, in the same groups and columns: as it stood
    /// when as much time had gone by after it.
    pub compared: Option<RetentionCompared>,
    pub explained: Explained,
}

/// Who came back in the period that a retention is compared with.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetentionCompared {
    pub all: RetentionOfGroup,
    pub groups: Vec<RetentionOfGroup>,
}

/// Which spans after the beginning a column stands for, from 0.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetentionColumn {
    pub first: u32,
    /// The last, which is in it too.
    pub last: u32,
}

/// The retention of one group.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetentionOfGroup {
    pub group: Group,
    /// In order of time.
    pub cohorts: Vec<RetentionCohort>,
    /// By column: all cohorts together for which it is over.
    pub pooled: Vec<RetentionPooled>,
}

/// Customers who began in the same span.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetentionCohort {
    /// When it began to gather.
    pub begin: Time,
    /// What its span is called.
    #[schema(examples("2026-02-16"))]
    pub name: String,
    /// Whether it gathered for a whole span, which is over; else it is of a part of it.
    pub is_whole: bool,
    /// Customers.
    pub n: u64,
    /// By column; `null` for what has not begun.
    pub cells: Vec<Option<RetentionCell>>,
}

/// One cohort in one column.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetentionCell {
    /// Customers who returned.
    pub n: u64,
    /// Share of the cohort.
    pub of_cohort: Estimate,
    /// Whether its time is over for everybody; else the number can still grow. By `on_or_after`
    /// every number can.
    pub is_over: bool,
    /// What the returns are worth, where a value is asked for.
    pub worth: Option<RetentionWorth>,
}

/// What returns are worth.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetentionWorth {
    /// What they add up to.
    pub sum: f64,
    /// Per customer of the cohort, those who did not return included.
    pub per_customer: Estimate,
    /// As a share of the first column; `null` where that is 0.
    pub of_first: Option<f64>,
}

/// All cohorts of a group for which a column is over, together.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetentionPooled {
    /// How many cohorts that are, of those with a customer.
    pub n_cohorts: usize,
    /// Customers who returned; one who is in several cohorts is counted in each.
    pub n: u64,
    /// Share of the customers of these cohorts.
    pub of_cohorts: Estimate,
}

/// Whose names are asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetentionPoint {
    pub question: RetentionQuestion,
    /// The place of the cohort. All of them together where nothing is said: those for which the
    /// column is over, of whom who is in several is listed once.
    pub cohort: Option<usize>,
    pub side: RetentionSide,
    /// The place of the column; needed unless all of the cohort are meant.
    pub column: Option<usize>,
    /// A group of the answer; all where nothing is said.
    pub group: Option<Group>,
    /// The values of the answer that have a group of their own, where `group` is `other`.
    #[serde(default)]
    pub shown: Vec<String>,
    /// Those of the period that it is compared with, instead of those of the period.
    #[serde(default)]
    pub compared: bool,
    /// How many customers to list, 500 at most; 50 where nothing is said.
    pub limit: Option<usize>,
}

impl RetentionQuestion {
    /// The inner twin.
    ///
    /// # Errors
    /// `Invalid`, naming the field.
    pub fn definition(&self) -> Result<inner::Definition, ApiError> {
        Ok(inner::Definition {
            calendar: self.clock.calendar()?,
            period: self.period.inner()?,
            comparison: comparison(self.compare),
            grain: self.grain.into(),
            begin: (&self.begin).into(),
            cohort: self.cohort.map_or(inner::Cohort::First, Into::into),
            back: (&self.back).into(),
            n_spans: self.n_spans,
            counting: self.counting.as_ref().map_or(inner::Counting::On, Into::into),
            clock: self.spans_from.map_or(inner::Clock::Calendar, Into::into),
            value: self.value.as_ref().map(Into::into),
            breakdown: self.breakdown.as_ref().map(Into::into),
        })
    }

    /// The question as it is `now`.
    ///
    /// # Errors
    /// `Invalid`, naming the field.
    pub fn checked(&self, now: Timestamp) -> Result<inner::Plan, ApiError> {
        self.definition()?.plan(now).map_err(refused_as(&[("clock", "spans_from")]))
    }

    /// The same of the period that it is compared with, if there is one.
    ///
    /// # Errors
    /// `Invalid`, naming the field.
    pub fn checked_before(&self, now: Timestamp) -> Result<Option<inner::Plan>, ApiError> {
        self.definition()?.plan_compared(now).map_err(refused_as(&[("clock", "spans_from")]))
    }

    /// What is left out, and why.
    pub fn left_out(&self) -> Vec<String> {
        let mut all = Vec::new();
        if self.cohort.is_none_or(|cohort| cohort == CohortBy::First) {
            let before = "Customers whose first beginning was before the period are in no cohort.";
            all.push(before.to_owned());
        }
        all.push("Cohorts for which a column is not over are not in its line of all.".to_owned());
        all.extend(self.value.as_ref().map(not_a_number));
        if self.compare.is_some_and(|word| word != Comparison::None) {
            let later = "Of the period before, returns are left out that came later than as much \
                         time after it as has gone by after this one.";
            all.push(later.to_owned());
        }
        all
    }

    fn n_columns(&self) -> usize {
        match &self.counting {
            Some(RetentionCounting::Brackets { brackets }) => brackets.len(),
            _ => self.n_spans as usize + 1,
        }
    }
}

impl RetentionPoint {
    /// The point of the inner answer, of so many cohorts.
    ///
    /// # Errors
    /// `Invalid` where the answer has no such point.
    pub fn inner(&self, n_cohorts: usize) -> Result<inner::Point, ApiError> {
        if self.cohort.is_some_and(|cohort| cohort >= n_cohorts) {
            return Err(not_there("cohort"));
        }
        let n_columns = self.question.n_columns();
        if self.column.is_some_and(|column| column >= n_columns) {
            return Err(not_there("column"));
        }
        let column = self.column.ok_or_else(|| not_there("column"));
        let side = match self.side {
            RetentionSide::Began => inner::Side::Began(self.column),
            RetentionSide::Returned => inner::Side::Returned(column?),
            RetentionSide::Stayed => inner::Side::Stayed(column?),
        };
        let group = of_group(self.group.as_ref(), &self.shown)?;
        Ok(inner::Point { cohort: self.cohort, side, group })
    }
}

impl From<&RetentionCounting> for inner::Counting {
    fn from(counting: &RetentionCounting) -> Self {
        match counting {
            RetentionCounting::On => Self::On,
            RetentionCounting::OnOrAfter => Self::OnOrAfter,
            RetentionCounting::Brackets { brackets } => Self::Brackets(brackets.clone()),
        }
    }
}

impl From<&inner::Answer> for RetentionCompared {
    fn from(answer: &inner::Answer) -> Self {
        Self { all: (&answer.all).into(), groups: answer.groups.iter().map(Into::into).collect() }
    }
}

impl From<&inner::Column> for RetentionColumn {
    fn from(column: &inner::Column) -> Self {
        Self { first: column.first, last: column.last }
    }
}

impl From<&inner::RetentionGroup> for RetentionOfGroup {
    fn from(of: &inner::RetentionGroup) -> Self {
        let pooled = |pooled: &inner::Pooled| RetentionPooled {
            n_cohorts: pooled.n_cohorts,
            n: pooled.n,
            of_cohorts: (&pooled.of).into(),
        };
        Self {
            group: (&of.group).into(),
            cohorts: of.cohorts.iter().map(Into::into).collect(),
            pooled: of.pooled.iter().map(pooled).collect(),
        }
    }
}

impl From<&inner::CohortRow> for RetentionCohort {
    fn from(row: &inner::CohortRow) -> Self {
        Self {
            begin: row.window.from.into(),
            name: row.name.clone(),
            is_whole: row.is_whole,
            n: row.n,
            cells: row.cells.iter().map(|cell| cell.as_ref().map(Into::into)).collect(),
        }
    }
}

impl From<&inner::Cell> for RetentionCell {
    fn from(cell: &inner::Cell) -> Self {
        let worth = |worth: &inner::Worth| RetentionWorth {
            sum: worth.sum,
            per_customer: (&worth.per_customer).into(),
            of_first: worth.of_first.as_ref().ok().copied(),
        };
        Self {
            n: cell.n,
            of_cohort: (&cell.of).into(),
            is_over: cell.is_over,
            worth: cell.worth.as_ref().map(worth),
        }
    }
}
