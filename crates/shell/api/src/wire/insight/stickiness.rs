//! How does a stickiness travel?

use super::told::{Estimate, Explained};
use super::{Clock, Period, Selection, not_there, refused};
use crate::error::ApiError;
use crate::wire::scalar::Time;
use crate::wire::word::Grain;
use insight::stickiness as inner;
use insight::{Grain as InnerGrain, Spans};
use serde::{Deserialize, Serialize};
use timeline::Window;
use utoipa::ToSchema;

/// How much of a habit is it?
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StickinessQuestion {
    #[serde(default)]
    pub clock: Clock,
    /// Which stretch of time is looked at; a day in which it begins is taken whole.
    pub period: Period,
    /// In what days are counted: a week or longer.
    pub grain: Grain,
    /// Which events make a customer active; every event where nothing is said.
    #[serde(default)]
    pub events: Selection,
}

/// On how many days customers are active.
#[derive(Debug, Serialize, ToSchema)]
pub struct StickinessAnswer {
    pub spans: Vec<StickinessSpan>,
    pub days: Vec<StickinessDay>,
    pub explained: Explained,
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
            grain: self.grain.into(),
            events: (&self.events).into(),
        })
    }
}

/// The days that may end with a day.
const TRAILS: [u32; 3] = [1, 7, 30];

impl StickinessPoint {
    /// The place of the span, where one of `spans` is meant.
    ///
    /// # Errors
    /// `Invalid` where the answer has no such point.
    pub fn in_span(&self, spans: &Spans) -> Result<usize, ApiError> {
        let span = self.span.filter(|span| *span < spans.len()).ok_or_else(|| not_there("span"))?;
        let n_days = self.days(spans.clipped(span))?.len();
        match (1..=n_days).contains(&(self.n_days as usize)) {
            true => Ok(span),
            false => Err(ApiError::field("n_days", format!("the span has days 1 to {n_days}"))),
        }
    }

    /// The days that end with the one of `spans` that is meant, if one is.
    ///
    /// # Errors
    /// `Invalid` where the answer has no such point.
    pub fn trail(&self, spans: &Spans) -> Result<Option<Window>, ApiError> {
        let Some(day) = self.day else { return Ok(None) };
        let days = self.days(spans.window())?;
        if self.span.is_some() || day >= days.len() {
            return Err(not_there("day"));
        }
        if !TRAILS.contains(&self.n_days) {
            return Err(ApiError::field("n_days", "the days that end with a day are 1, 7 or 30"));
        }
        let calendar = self.question.clock.calendar()?;
        let Window { from, until } = days.clipped(day);
        let first = calendar.shift(from, 1 - i64::from(self.n_days), InnerGrain::Day);
        Ok(Some(Window { from: calendar.begin(InnerGrain::Day, first), until }))
    }

    fn days(&self, window: Window) -> Result<Spans, ApiError> {
        let days = Spans::new(&self.question.clock.calendar()?, InnerGrain::Day, window);
        days.map_err(|bad| refused(&bad))
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
