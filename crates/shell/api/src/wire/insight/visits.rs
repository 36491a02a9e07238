//! How do visits travel?

use super::told::{Estimate, Explained};
use super::{
    Clock, EventLabel, Group, Period, Selection, TraitTest, comparison, n_groups_default,
    not_there, of_group, refused, seconds,
};
use crate::error::ApiError;
use crate::wire::scalar::Time;
use crate::wire::word::{BounceRule, Comparison, Grain};
use base::Timestamp;
use insight::visits as inner;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How many visits, from where, to which page, and how many leave at once?
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VisitsQuestion {
    #[serde(default)]
    pub clock: Clock,
    /// When visits begin.
    pub period: Period,
    /// What the period is compared with; nothing where nothing is said.
    pub compare: Option<Comparison>,
    /// Which events make up visits; every event where nothing is said. Page views do in any case.
    #[serde(default)]
    pub activity: Selection,
    /// Which of them are page views; page and screen calls where nothing is said.
    pub views: Option<Selection>,
    /// A visit ends where nothing happens for longer than this, in seconds; 1800 where nothing is
    /// said, 86400 at most.
    #[schema(examples(1_800))]
    pub gap: Option<f64>,
    /// Whether a visit ends at local midnight.
    #[serde(default)]
    pub is_cut_at_midnight: bool,
    /// Which visits are bounces; `one_view` where nothing is said.
    pub bounce: Option<BounceRule>,
    /// Into which groups visits fall.
    pub by: Option<VisitsBy>,
    /// Groups of their own at most; the rest is "other". 10 where nothing is said.
    #[serde(default = "n_groups_default")]
    pub n_groups: usize,
    /// By what the period is cut for numbers over time; none where nothing is said.
    pub grain: Option<Grain>,
    /// Hosts of the company besides that of the page itself: a visit from there has no referrer.
    #[serde(default)]
    pub own_hosts: Vec<String>,
    /// What must hold for customers, all of it; others are not looked at. Everybody is where
    /// nothing is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub who: Vec<TraitTest>,
}

/// By what visits are told apart.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(tag = "of", rename_all = "snake_case", deny_unknown_fields)]
pub enum VisitsBy {
    /// The path of the first page seen.
    EntryPage,
    /// The path of the last page seen.
    ExitPage,
    /// The host that the visitor came from, unless it is the company's own.
    Referrer,
    /// `utm_campaign`.
    Campaign,
    /// `utm_source`.
    Source,
    /// `utm_medium`.
    Medium,
    /// The channel: organic search, paid social, email, …
    Channel,
    /// The sort of device.
    Device,
    /// The country.
    Country,
    /// A field, of the first event of the visit that says it.
    Label {
        /// The field.
        label: EventLabel,
    },
}

/// Visits of all, of each group, and over time.
#[derive(Debug, Serialize, ToSchema)]
pub struct VisitsAnswer {
    pub all: VisitsNumbers,
    /// By group, those with the most visits first; none where nothing is told apart.
    pub rows: Vec<VisitsRow>,
    /// Over time; none without a grain.
    pub series: Vec<VisitsSpan>,
    /// The same of the period that it is compared with, in the same groups.
    pub compared: Option<VisitsCompared>,
    pub explained: Explained,
}

/// Visits of the period that it is compared with.
#[derive(Debug, Serialize, ToSchema)]
pub struct VisitsCompared {
    pub all: VisitsNumbers,
    /// In the order of the rows that they are compared with.
    pub rows: Vec<VisitsRow>,
    pub series: Vec<VisitsSpan>,
}

/// Some visits.
#[derive(Debug, Serialize, ToSchema)]
pub struct VisitsNumbers {
    pub n_visits: u64,
    /// Customers with one of them.
    pub n_visitors: u64,
    /// Events in them.
    pub n_events: u64,
    /// Page views in them.
    pub n_views: u64,
    /// Share of bounces; `n` of this and the next two are visitors, whom the interval counts.
    pub bounce: Estimate,
    pub views_per_visit: Estimate,
    /// From the first event to the last, in seconds.
    pub duration_seconds: Estimate,
}

/// The visits of a group.
#[derive(Debug, Serialize, ToSchema)]
pub struct VisitsRow {
    pub group: Group,
    pub visits: VisitsNumbers,
}

/// The visits that begin in an hour, day, week….
#[derive(Debug, Serialize, ToSchema)]
pub struct VisitsSpan {
    /// When it begins, or the period where that begins later.
    pub begin: Time,
    /// What it is called.
    #[schema(examples("2026-02-16"))]
    pub name: String,
    /// Whether all of it is in the period; else its numbers are of a part of it.
    pub is_whole: bool,
    pub visits: VisitsNumbers,
}

/// Whose names are asked for: customers with such a visit.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VisitsPoint {
    pub question: VisitsQuestion,
    /// A group of the answer; all where nothing is said.
    pub group: Option<Group>,
    /// The values of the answer that have a group of their own, where `group` is `other`.
    #[serde(default)]
    pub shown: Vec<String>,
    /// The place of the span, where the question has a grain; all of the period where nothing is
    /// said.
    pub span: Option<usize>,
    /// Only those with a visit that is a bounce.
    #[serde(default)]
    pub is_bounce: bool,
    /// Whether customers of the period that it is compared with are asked for.
    #[serde(default)]
    pub compared: bool,
    /// How many customers to list, 500 at most; 50 where nothing is said.
    pub limit: Option<usize>,
}

impl VisitsQuestion {
    /// The inner twin.
    ///
    /// # Errors
    /// `Invalid`, naming the field.
    pub fn definition(&self) -> Result<inner::Definition, ApiError> {
        let gap = self.gap.map(|gap| seconds("gap", gap, inner::LOOK_AHEAD)).transpose()?;
        Ok(inner::Definition {
            calendar: self.clock.calendar()?,
            period: self.period.inner()?,
            activity: (&self.activity).into(),
            views: self.views.as_ref().map_or_else(inner::page_views, Into::into),
            gap: gap.unwrap_or(inner::GAP_DEFAULT),
            is_cut_at_midnight: self.is_cut_at_midnight,
            bounce: self.bounce.map_or(inner::Bounce::OneView, Into::into),
            by: self.by.as_ref().map(Into::into),
            n_groups: self.n_groups,
            grain: self.grain.map(Into::into),
            own_hosts: self.own_hosts.iter().map(|host| host.as_str().into()).collect(),
        })
    }

    /// The question of the period that it is compared with, as it is `now`.
    ///
    /// # Errors
    /// `Invalid`, naming the field.
    pub fn compared(&self, now: Timestamp) -> Result<Option<inner::Plan>, ApiError> {
        let refused = |bad| refused(&bad);
        let definition = self.definition()?;
        let (period, calendar) = (&definition.period, &definition.calendar);
        let shown_by = definition.grain.unwrap_or(insight::Grain::Day);
        let compare = comparison(self.compare);
        let earlier =
            period.window_compared(compare, calendar, (now, shown_by)).map_err(refused)?;
        earlier.map(|window| definition.plan_in(window)).transpose().map_err(refused)
    }

    /// In words.
    pub fn words(&self, definition: &inner::Definition) -> String {
        let shown_by = definition.grain.unwrap_or(insight::Grain::Day);
        match comparison(self.compare).words(shown_by) {
            "" => definition.words(),
            compared => format!("{} This is {compared}.", definition.words()),
        }
    }

    /// What is left out, and why.
    pub fn left_out(&self) -> Vec<String> {
        let sentences = [
            "Visits that began before the period are not in it.",
            "Of visits that go on after its end, a day is seen.",
        ];
        sentences.map(str::to_owned).to_vec()
    }
}

impl VisitsPoint {
    /// The point of the inner answer, over time in so many spans.
    ///
    /// # Errors
    /// `Invalid` where the answer has no such point.
    pub fn inner(&self, n_spans: usize) -> Result<inner::Point, ApiError> {
        if self.span.is_some_and(|span| span >= n_spans) {
            return Err(not_there("span"));
        }
        let group = of_group(self.group.as_ref(), &self.shown)?;
        Ok(inner::Point { group, span: self.span, is_bounce: self.is_bounce })
    }
}

impl From<&VisitsBy> for inner::Dimension {
    fn from(by: &VisitsBy) -> Self {
        match by {
            VisitsBy::EntryPage => Self::EntryPage,
            VisitsBy::ExitPage => Self::ExitPage,
            VisitsBy::Referrer => Self::Referrer,
            VisitsBy::Campaign => Self::Campaign,
            VisitsBy::Source => Self::Source,
            VisitsBy::Medium => Self::Medium,
            VisitsBy::Channel => Self::Channel,
            VisitsBy::Device => Self::Device,
            VisitsBy::Country => Self::Country,
            VisitsBy::Label { label } => Self::Label(label.into()),
        }
    }
}

impl From<&inner::Visits> for VisitsNumbers {
    fn from(visits: &inner::Visits) -> Self {
        Self {
            n_visits: visits.n_visits,
            n_visitors: visits.n_visitors,
            n_events: visits.n_events,
            n_views: visits.n_views,
            bounce: (&visits.bounce).into(),
            views_per_visit: (&visits.views_per_visit).into(),
            duration_seconds: (&visits.duration_s).into(),
        }
    }
}

impl From<&inner::VisitsRow> for VisitsRow {
    fn from(row: &inner::VisitsRow) -> Self {
        Self { group: (&row.group).into(), visits: (&row.visits).into() }
    }
}

impl From<&inner::SpanVisits> for VisitsSpan {
    fn from(span: &inner::SpanVisits) -> Self {
        Self {
            begin: span.window.from.into(),
            name: span.name.clone(),
            is_whole: span.is_whole,
            visits: (&span.visits).into(),
        }
    }
}

impl From<&inner::Answer> for VisitsCompared {
    fn from(answer: &inner::Answer) -> Self {
        let rows = answer.rows.iter().map(Into::into).collect();
        let series = answer.series.iter().map(Into::into).collect();
        Self { all: (&answer.all).into(), rows, series }
    }
}
