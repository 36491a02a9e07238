//! How do questions about behaviour travel: periods, selections of events, groups?

pub mod funnel;
pub mod last_touch;
pub mod lifecycle;
pub mod paths;
pub mod retention;
pub mod retold;
pub mod rfm;
pub mod stickiness;
pub mod stored;
pub mod told;
pub mod trend;
pub mod visits;
pub mod written;

use self::written::{DayOfYear, SemanticVersion, Stretch};
use super::word::{Comparison, Grain, VersionOrder};
use crate::error::ApiError;
use base::{Duration, ErrorKind};
use insight::{BadDefinition, By, Calendar, Date, TooMuch, Weekday};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use timeline::{Condition, Label, View, When};
use utoipa::ToSchema;

/// By which clock days, weeks and months are counted.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Clock {
    /// A zone of the tz database.
    #[schema(examples("Europe/Berlin"))]
    pub time_zone: String,
    /// Whether weeks begin on Sunday instead of Monday.
    pub weeks_begin_on_sunday: bool,
}

impl Default for Clock {
    fn default() -> Self {
        Self { time_zone: "UTC".into(), weeks_begin_on_sunday: false }
    }
}

/// A stretch of the calendar.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Period {
    /// The last hours, days, weeks, ….
    Last {
        /// How many.
        n: u32,
        /// Of what.
        grain: Grain,
        /// Whether the one that is going on is the last of them; else the last whole one is.
        #[serde(default)]
        current: bool,
    },
    /// From one local day to another, both included.
    Between {
        /// `2026-01-31`.
        first: String,
        /// `2026-03-31`.
        last: String,
    },
}

/// Which events count: one of these names, and every test holds.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Selection {
    /// Names of events; none: every event.
    pub events: Vec<String>,
    /// What must hold besides.
    pub tests: Vec<Test>,
}

/// One test of one field of an event.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Test {
    /// What is looked at.
    pub field: Field,
    /// Which part of it, where it is an address.
    #[serde(default)]
    pub view: AddressPart,
    /// What must hold.
    #[serde(flatten)]
    pub op: Op,
}

/// One test of one trait of a customer, as it is now. Traits are compared as they are written; what
/// reads as a number is one.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct TraitTest {
    /// Its name.
    #[serde(rename = "trait")]
    #[schema(examples("plan"))]
    pub name: String,
    /// What must hold.
    #[serde(flatten)]
    pub op: Op,
}

/// A place in an event.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(tag = "of", rename_all = "snake_case", deny_unknown_fields)]
pub enum Field {
    /// The event's name.
    Name,
    /// `track`, `page`, ….
    Kind,
    /// The number of the source.
    Source,
    /// A property; `a.b` steps into an object.
    Property {
        /// Its name.
        path: String,
    },
    /// A part of the context.
    Context {
        /// `page.path`, `campaign.source`.
        path: String,
    },
}

/// What an event is told apart by: a field, or a part of it.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EventLabel {
    pub field: Field,
    /// Which part of it, where it is an address.
    #[serde(default)]
    pub view: AddressPart,
}

/// Which part of an address is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AddressPart {
    /// All of it.
    #[default]
    Whole,
    /// The host.
    Host,
    /// The path.
    Path,
}

/// What must hold for a field. `is`, `contains` and `starts_with` compare texts, the others numbers.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Op {
    /// It is one of these.
    Is {
        /// The values.
        values: Vec<String>,
    },
    /// It is none of these, or not there.
    IsNot {
        /// The values.
        values: Vec<String>,
    },
    /// This is in it.
    Contains {
        /// The text.
        text: String,
    },
    /// It begins with this.
    StartsWith {
        /// The text.
        text: String,
    },
    /// It is this number.
    Equal {
        /// The number.
        value: f64,
    },
    /// It is a smaller number.
    Less {
        /// The number.
        value: f64,
    },
    /// It is this number or a smaller one.
    AtMost {
        /// The number.
        value: f64,
    },
    /// It is a larger number.
    More {
        /// The number.
        value: f64,
    },
    /// It is this number or a larger one.
    AtLeast {
        /// The number.
        value: f64,
    },
    /// It is there.
    Exists,
    /// It is not there.
    Missing,
    /// It ends with this.
    EndsWith {
        /// The text.
        text: String,
    },
    /// It is a date or a time in a stretch.
    Within(Stretch),
    /// It is a date or a time on one of these days of the year, whatever the year, as it is written;
    /// over New Year where the last day comes before the first.
    Yearly {
        /// The first day.
        #[schema(value_type = String, examples("12-24"))]
        first: DayOfYear,
        /// The last day.
        #[schema(value_type = String, examples("01-06"))]
        last: DayOfYear,
    },
    /// It is a version (by Semantic Versioning) that compares so with another.
    Version {
        /// How it compares.
        than: VersionOrder,
        /// The other version.
        #[schema(value_type = String, examples("1.4.0"))]
        version: SemanticVersion,
    },
    /// It is a list that has one of these; for traits that are lists.
    Has {
        /// The values.
        values: Vec<String>,
    },
}

/// Into which groups an answer falls.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Breakdown {
    /// What is looked at.
    pub by: GroupBy,
    /// Values with a group of their own at most; the rest is "other". 10 where nothing is said.
    #[serde(default = "n_groups_default")]
    pub n_groups: usize,
}

/// What groups are made by.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(tag = "of", rename_all = "snake_case", deny_unknown_fields)]
pub enum GroupBy {
    /// The event's name.
    Name,
    /// `track`, `page`, ….
    Kind,
    /// The number of the source.
    Source,
    /// A property of the event.
    Property {
        /// Its name.
        path: String,
        /// Which part of it, where it is an address.
        #[serde(default)]
        view: AddressPart,
    },
    /// A part of the event's context.
    Context {
        /// `page.path`, `campaign.source`.
        path: String,
        /// Which part of it, where it is an address.
        #[serde(default)]
        view: AddressPart,
    },
    /// A trait of the customer, as it is now.
    Trait {
        /// Its name.
        name: String,
    },
    /// The channel that brought the visit in which the event stands (organic search, paid social,
    /// email, …); in funnels and trends.
    Channel {
        /// Hosts of the company besides that of the page itself: a visit from there has no
        /// referrer.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        own_hosts: Vec<String>,
    },
}

/// A group of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub enum Group {
    /// Everything: there is no breakdown.
    All,
    /// This value.
    Value {
        /// The value.
        value: String,
    },
    /// The values without a group of their own.
    Other {
        /// How many values that are.
        n_values: usize,
    },
    /// No value.
    Absent,
}

fn n_groups_default() -> usize {
    insight::GROUPS_DEFAULT
}

/// What must hold for customers, as it can be used.
///
/// # Errors
/// `Invalid`, naming the test that cannot: `who[0].trait`.
pub fn who(who: &[TraitTest]) -> Result<Vec<timeline::FactTest>, ApiError> {
    let who: Vec<timeline::FactTest> = who.iter().map(Into::into).collect();
    insight::selection::check_who(&who).map_err(|bad| refused(&bad))?;
    Ok(who)
}

/// A definition that cannot be used, with the field that is to be corrected.
pub fn refused(bad: &BadDefinition) -> ApiError {
    ApiError::field(&bad.field, bad.to_string())
}

/// The same where a field is called otherwise here than there: by the beginning of its path there,
/// and that of its path here.
pub fn refused_as(names: &[(&str, &str)]) -> impl Fn(BadDefinition) -> ApiError {
    move |mut bad| {
        let part = |inner| {
            let rest: Option<&str> = bad.field.strip_prefix(inner);
            rest.filter(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        let renamed = names.iter().find_map(|(inner, outer)| Some((part(inner)?, outer)));
        if let Some((rest, outer)) = renamed {
            bad.field = format!("{outer}{rest}");
        }
        refused(&bad)
    }
}

/// An answer that was given up while it was counted.
pub fn too_much(too_much: TooMuch) -> ApiError {
    ApiError::new(ErrorKind::Limited, too_much.to_string())
}

/// A point that is not in the answer.
pub fn not_there(field: &str) -> ApiError {
    ApiError::field(field, format!("the answer has no such {field}"))
}

/// How long something may be that a question says in seconds.
pub const LENGTH_MAX: Duration = Duration::days(3_660);

/// A length of time in seconds, at most `max`.
///
/// # Errors
/// `Invalid` where it is none.
pub fn seconds(field: &str, seconds: f64, max: Duration) -> Result<Duration, ApiError> {
    let max_seconds = max.0 as f64 / 1e6;
    if (1e-6..=max_seconds).contains(&seconds) {
        return Ok(Duration((seconds * 1e6).round() as i64));
    }
    let message = format!("{field} must be more than 0 and at most {max_seconds} seconds");
    Err(ApiError::field(field, message))
}

/// Values of an answer, as the inner answers have them.
pub fn texts(values: &[String]) -> Vec<Arc<str>> {
    values.iter().map(|value| value.as_str().into()).collect()
}

/// The group that a point is in, all where nothing is said, and the values of the answer that have
/// a group of their own.
///
/// # Errors
/// `Invalid` for "other" without these values: it would be everybody.
pub fn of_group(
    group: Option<&Group>,
    shown: &[String],
) -> Result<(insight::Group, Vec<Arc<str>>), ApiError> {
    if matches!(group, Some(Group::Other { .. })) && shown.is_empty() {
        let message = "'other' needs the values of the answer that have a group of their own";
        return Err(ApiError::field("shown", message));
    }
    Ok((group.map_or(insight::Group::All, Into::into), texts(shown)))
}

impl Clock {
    /// The calendar.
    ///
    /// # Errors
    /// `Invalid` where nobody knows the zone.
    pub fn calendar(&self) -> Result<Calendar, ApiError> {
        let sunday = self.weeks_begin_on_sunday;
        let week_begins = if sunday { Weekday::Sunday } else { Weekday::Monday };
        let renamed = refused_as(&[("zone", "clock.time_zone")]);
        Calendar::new(&self.time_zone, week_begins).map_err(renamed)
    }
}

impl Period {
    /// The inner twin.
    ///
    /// # Errors
    /// `Invalid` where a date is none.
    pub fn inner(&self) -> Result<insight::Period, ApiError> {
        let date = |field: &str, text: &str| {
            let message = format!("'{text}' is no date such as 2026-01-31");
            let wrong = || ApiError::field(field, message);
            text.parse::<Date>().map_err(|_| wrong())
        };
        Ok(match self {
            Self::Last { n, grain, current } => {
                insight::Period::Last { n: *n, grain: (*grain).into(), current: *current }
            }
            Self::Between { first, last } => insight::Period::Between {
                first: date("period.first", first)?,
                last: date("period.last", last)?,
            },
        })
    }
}

/// The comparison that is meant where nothing may be said.
pub fn comparison(word: Option<Comparison>) -> insight::Comparison {
    word.map_or(insight::Comparison::None, Into::into)
}

impl From<&Selection> for Condition {
    fn from(selection: &Selection) -> Self {
        Self {
            events: selection.events.iter().map(|name| name.as_str().into()).collect(),
            tests: selection.tests.iter().map(Into::into).collect(),
        }
    }
}

impl From<&Test> for timeline::Test {
    fn from(test: &Test) -> Self {
        Self { field: (&test.field).into(), view: test.view.into(), op: (&test.op).into() }
    }
}

impl From<&TraitTest> for timeline::FactTest {
    fn from(test: &TraitTest) -> Self {
        Self::of_trait(&test.name, (&test.op).into())
    }
}

impl From<&Field> for timeline::Field {
    fn from(field: &Field) -> Self {
        match field {
            Field::Name => Self::Name,
            Field::Kind => Self::Kind,
            Field::Source => Self::Source,
            Field::Property { path } => Self::Property(path.as_str().into()),
            Field::Context { path } => Self::Context(path.as_str().into()),
        }
    }
}

impl Field {
    /// How it is called in a sentence.
    pub fn name(&self) -> &str {
        match self {
            Self::Name => "the name of the event",
            Self::Kind => "the kind of event",
            Self::Source => "the source",
            Self::Property { path } | Self::Context { path } => path,
        }
    }
}

impl From<&EventLabel> for Label {
    fn from(label: &EventLabel) -> Self {
        Self { field: (&label.field).into(), view: label.view.into() }
    }
}

impl From<AddressPart> for View {
    fn from(part: AddressPart) -> Self {
        match part {
            AddressPart::Whole => Self::Whole,
            AddressPart::Host => Self::Host,
            AddressPart::Path => Self::Path,
        }
    }
}

impl From<&Op> for timeline::Op {
    fn from(op: &Op) -> Self {
        let texts = |values: &[String]| values.iter().map(|text| text.as_str().into()).collect();
        match op {
            Op::Is { values } => Self::Is(texts(values)),
            Op::IsNot { values } => Self::IsNot(texts(values)),
            Op::Contains { text } => Self::Contains(text.as_str().into()),
            Op::StartsWith { text } => Self::StartsWith(text.as_str().into()),
            Op::Equal { value } => Self::Equal(*value),
            Op::Less { value } => Self::Less(*value),
            Op::AtMost { value } => Self::AtMost(*value),
            Op::More { value } => Self::More(*value),
            Op::AtLeast { value } => Self::AtLeast(*value),
            Op::Exists => Self::Exists,
            Op::Missing => Self::Missing,
            Op::EndsWith { text } => Self::EndsWith(text.as_str().into()),
            Op::Within(stretch) => Self::When(stretch.into()),
            Op::Yearly { first, last } => Self::When(When::Yearly { first: first.0, last: last.0 }),
            Op::Version { than, version } => Self::Version(written::version_test(*than, version)),
            Op::Has { values } => Self::Has(texts(values)),
        }
    }
}

impl Breakdown {
    /// Whether it looks at what stands in an event, not at the customer.
    pub fn is_of_event(&self) -> bool {
        !matches!(self.by, GroupBy::Trait { .. })
    }
}

impl From<&Breakdown> for insight::Breakdown {
    fn from(breakdown: &Breakdown) -> Self {
        Self { by: (&breakdown.by).into(), n_groups: breakdown.n_groups }
    }
}

impl From<&GroupBy> for By {
    fn from(by: &GroupBy) -> Self {
        let label = |field, view: AddressPart| Self::Label(Label { field, view: view.into() });
        match by {
            GroupBy::Name => label(timeline::Field::Name, AddressPart::Whole),
            GroupBy::Kind => label(timeline::Field::Kind, AddressPart::Whole),
            GroupBy::Source => label(timeline::Field::Source, AddressPart::Whole),
            GroupBy::Property { path, view } => {
                label(timeline::Field::Property(path.as_str().into()), *view)
            }
            GroupBy::Context { path, view } => {
                label(timeline::Field::Context(path.as_str().into()), *view)
            }
            GroupBy::Trait { name } => Self::Trait(name.as_str().into()),
            GroupBy::Channel { own_hosts } => Self::Channel {
                own_hosts: own_hosts.iter().map(|host| host.as_str().into()).collect(),
            },
        }
    }
}

impl From<&insight::Group> for Group {
    fn from(group: &insight::Group) -> Self {
        match group {
            insight::Group::All => Self::All,
            insight::Group::Value(value) => Self::Value { value: value.to_string() },
            insight::Group::Other { n_values } => Self::Other { n_values: *n_values },
            insight::Group::Absent => Self::Absent,
        }
    }
}

impl From<&Group> for insight::Group {
    fn from(group: &Group) -> Self {
        match group {
            Group::All => Self::All,
            Group::Value { value } => Self::Value(value.as_str().into()),
            Group::Other { n_values } => Self::Other { n_values: *n_values },
            Group::Absent => Self::Absent,
        }
    }
}
