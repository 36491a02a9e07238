//! How does a stickiness travel?

use super::told::{Estimate, Explained};
use super::{
    Breakdown, Clock, Group, Period, Selection, TraitTest, comparison, not_there, of_group,
};
use crate::error::ApiError;
use crate::wire::scalar::Time;
use crate::wire::word::{Comparison, Grain};
use insight::stickiness as inner;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How much of a habit is it?
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StickinessQuestion {
    #[serde(default)]
    pub clock: Clock,
    /// Which stretch of time is looked at; a day in which it begins is taken whole.
    pub period: Period,
    /// What the period is compared with; nothing where nothing is said.
    pub compare: Option<Comparison>,
    /// In what days are counted: a week or longer.
    pub grain: Grain,
    /// Which events make a customer active; every event where nothing is said.
    #[serde(default)]
    pub events: Selection,
    /// Into which groups customers fall: by a trait, or by a field of their first event that counts
    /// in the span, on the day, or on the days that end with it.
    pub breakdown: Option<Breakdown>,
    /// What must hold for customers, all of it; others are not looked at. Everybody is where
    /// nothing is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub who: Vec<TraitTest>,
}

/// On how many days customers are active.
#[derive(Debug, Serialize, ToSchema)]
pub struct StickinessAnswer {
    /// Of all customers.
    pub spans: Vec<StickinessSpan>,
    /// Likewise, by day.
    pub days: Vec<StickinessDay>,
    /// By group, in their order; none without a breakdown.
    pub groups: Vec<StickinessOfGroup>,
    /// The same of the period that it is compared with, in the same groups.
    pub compared: Option<StickinessCompared>,
    pub explained: Explained,
}

/// On how many days the customers of a group are active.
#[derive(Debug, Serialize, ToSchema)]
pub struct StickinessOfGroup {
    pub group: Group,
    pub spans: Vec<StickinessSpan>,
    pub days: Vec<StickinessDay>,
}

/// On how many days customers were active in the period that a stickiness is compared with.
#[derive(Debug, Serialize, ToSchema)]
pub struct StickinessCompared {
    pub spans: Vec<StickinessSpan>,
    pub days: Vec<StickinessDay>,
    pub groups: Vec<StickinessOfGroup>,
}

/// How often customers were active in a week, a month….
#[derive(Debug, Serialize, ToSchema)]
pub struct StickinessSpan {
    pub begin: Time,
    /// What it is called.
    #[schema(examples("2026-02"))]
    pub name: String,
    /// Whether all of it is in the period; else only some of its days are.
    pub is_whole: bool,
    /// Customers who were active on exactly 1, 2, 3… days, as many as are in the period.
    pub n_by_days: Vec<u64>,
    /// Customers who were active on any.
    pub n_customers: u64,
    /// On how many days they were active on average.
    pub mean_days: Estimate,
    /// That as a share of the days: "DAU/WAU" of whole weeks, "DAU/MAU" of whole months.
    pub share_of_days: Estimate,
}

/// How many were active on a day, and within the days that end with it.
#[derive(Debug, Serialize, ToSchema)]
pub struct StickinessDay {
    pub begin: Time,
    /// What it is called.
    #[schema(examples("2026-02-16"))]
    pub name: String,
    /// Whether it is over.
    pub is_whole: bool,
    /// On the day.
    pub n_day: u64,
    /// On it or the 6 days before.
    pub n_week: u64,
    /// On it or the 29 days before.
    pub n_month: u64,
}

/// Whose names are asked for: customers who were active on exactly so many days of a span, or on
/// any of the days that end with one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StickinessPoint {
    pub question: StickinessQuestion,
    /// The place of the span; needed unless a day is named.
    pub span: Option<usize>,
    /// The place of the day, instead of a span.
    pub day: Option<usize>,
    /// Of a span: on how many days, from 1. Of a day: on how many days that end with it, 1, 7 or
    /// 30.
    pub n_days: u32,
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

impl StickinessQuestion {
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
            events: (&self.events).into(),
            breakdown: self.breakdown.as_ref().map(Into::into),
        })
    }

    /// What is left out, and why.
    pub fn left_out(&self) -> Vec<String> {
        let mut all = vec!["Days of a span that are out of the period are not counted.".to_owned()];
        if self.breakdown.as_ref().is_some_and(Breakdown::is_of_event) {
            let later = "A customer is in one group of a span, that of the first event that counts \
                         in it: all of their days in it count for that.";
            all.push(later.to_owned());
        }
        all
    }
}

impl StickinessPoint {
    /// The point of the inner answer, of this plan.
    ///
    /// # Errors
    /// `Invalid` where the answer has no such point.
    pub fn inner(&self, plan: &inner::Plan) -> Result<inner::Point, ApiError> {
        let which = match self.day {
            Some(day) => self.on_day(day, plan)?,
            None => self.in_span(plan)?,
        };
        Ok(inner::Point { which, group: of_group(self.group.as_ref(), &self.shown)? })
    }

    fn in_span(&self, plan: &inner::Plan) -> Result<inner::Which, ApiError> {
        let span = self.span.filter(|span| *span < plan.spans().len());
        let span = span.ok_or_else(|| not_there("span"))?;
        let (n_days, most) = (self.n_days as usize, plan.n_days_of(span));
        match (1..=most).contains(&n_days) {
            true => Ok(inner::Which::Span { span, n_days }),
            false => Err(ApiError::field("n_days", format!("the span has days 1 to {most}"))),
        }
    }

    fn on_day(&self, day: usize, plan: &inner::Plan) -> Result<inner::Which, ApiError> {
        if self.span.is_some() || day >= plan.n_days() {
            return Err(not_there("day"));
        }
        let n_days = self.n_days as usize;
        match inner::TRAILS.contains(&n_days) {
            true => Ok(inner::Which::Trail { day, n_days }),
            false => Err(ApiError::field("n_days", "the days that end with a day are 1, 7 or 30")),
        }
    }
}

impl From<&inner::OfGroup> for StickinessOfGroup {
    fn from(of: &inner::OfGroup) -> Self {
        Self {
            group: (&of.group).into(),
            spans: of.numbers.spans.iter().map(Into::into).collect(),
            days: of.numbers.days.iter().map(Into::into).collect(),
        }
    }
}

impl From<&inner::Answer> for StickinessCompared {
    fn from(answer: &inner::Answer) -> Self {
        Self {
            spans: answer.all.spans.iter().map(Into::into).collect(),
            days: answer.all.days.iter().map(Into::into).collect(),
            groups: answer.groups.iter().map(Into::into).collect(),
        }
    }
}

impl From<&inner::Span> for StickinessSpan {
    fn from(span: &inner::Span) -> Self {
        Self {
            begin: span.begin.into(),
            name: span.name.clone(),
            is_whole: span.is_whole,
            n_by_days: span.n_by_days.clone(),
            n_customers: span.n_customers,
            mean_days: (&span.mean_days).into(),
            share_of_days: (&span.share_of_days).into(),
        }
    }
}

impl From<&inner::Day> for StickinessDay {
    fn from(day: &inner::Day) -> Self {
        Self {
            begin: day.begin.into(),
            name: day.name.clone(),
            is_whole: day.is_whole,
            n_day: day.n_day,
            n_week: day.n_week,
            n_month: day.n_month,
        }
    }
}
