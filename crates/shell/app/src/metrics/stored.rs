//! How is what a metric measures written in the tables?

use base::{Currency, Error, ErrorKind, Timestamp};
use insight::metric::{Good, Measured, Unit};
use insight::trend::{Measure, Series};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use timeline::{
    Condition, Field, MonthDay, Op, Test, Than, Version, VersionTest, View, When, Window,
};

/// In what a metric is counted.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoredUnit {
    Events,
    Customers,
    Share,
    Percent,
    Money(String),
    Days,
    Other(String),
}

/// What counts as good.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoredGood {
    Up,
    Down,
    Neither,
    Between { low: f64, high: f64 },
}

/// What is measured.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoredMeasured {
    Trend { series: Vec<StoredSeries>, formula: Option<Box<str>> },
    Habit { events: StoredCondition },
    Kept { events: StoredCondition },
}

/// A series of a trend.
#[derive(Serialize, Deserialize)]
pub struct StoredSeries {
    events: StoredCondition,
    measure: StoredMeasure,
}

/// Which events count.
#[derive(Serialize, Deserialize)]
pub struct StoredCondition {
    events: Vec<Box<str>>,
    tests: Vec<StoredTest>,
}

#[derive(Serialize, Deserialize)]
struct StoredTest {
    field: StoredField,
    view: StoredView,
    op: StoredOp,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredField {
    Name,
    Kind,
    Source,
    Property(Box<str>),
    Context(Box<str>),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredView {
    Whole,
    Host,
    Path,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredOp {
    Is(Vec<Box<str>>),
    IsNot(Vec<Box<str>>),
    Contains(Box<str>),
    StartsWith(Box<str>),
    Equal(f64),
    Less(f64),
    AtMost(f64),
    More(f64),
    AtLeast(f64),
    Exists,
    Missing,
    EndsWith(Box<str>),
    Within { moments: (i64, i64), days: (i32, i32) },
    Yearly { first: (u8, u8), last: (u8, u8) },
    Version { is: StoredThan, version: StoredVersion },
    Has(Vec<Box<str>>),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredThan {
    Less,
    AtMost,
    Equal,
    AtLeast,
    More,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct StoredVersion(Version);

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredMeasure {
    Events,
    Customers,
    EventsPerCustomer,
    Sum(StoredField),
    Mean(StoredField),
    Min(StoredField),
    Max(StoredField),
    Percentile { of: StoredField, percent: f64 },
    SumPerCustomer(StoredField),
}

/// The text for the table.
pub fn write(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("words and finite numbers are JSON")
}

/// What stands in the table.
///
/// # Errors
/// `Corrupt` where it is none of ours.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| corrupt().with_source(error))
}

fn corrupt() -> Error {
    Error::new(ErrorKind::Corrupt, "the definition of a metric cannot be read")
}

impl From<&Unit> for StoredUnit {
    fn from(unit: &Unit) -> Self {
        match unit {
            Unit::Events => Self::Events,
            Unit::Customers => Self::Customers,
            Unit::Share => Self::Share,
            Unit::Percent => Self::Percent,
            Unit::Money(currency) => Self::Money(currency.code().to_owned()),
            Unit::Days => Self::Days,
            Unit::Other(name) => Self::Other(name.to_string()),
        }
    }
}

impl StoredUnit {
    /// The inner twin.
    ///
    /// # Errors
    /// `Corrupt` where a currency is none.
    pub fn inner(self) -> Result<Unit, Error> {
        Ok(match self {
            Self::Events => Unit::Events,
            Self::Customers => Unit::Customers,
            Self::Share => Unit::Share,
            Self::Percent => Unit::Percent,
            Self::Money(code) => Unit::Money(Currency::parse(&code).ok_or_else(corrupt)?),
            Self::Days => Unit::Days,
            Self::Other(name) => Unit::Other(name.into()),
        })
    }
}

impl From<Good> for StoredGood {
    fn from(good: Good) -> Self {
        match good {
            Good::Up => Self::Up,
            Good::Down => Self::Down,
            Good::Neither => Self::Neither,
            Good::Between { low, high } => Self::Between { low, high },
        }
    }
}

impl From<StoredGood> for Good {
    fn from(good: StoredGood) -> Self {
        match good {
            StoredGood::Up => Self::Up,
            StoredGood::Down => Self::Down,
            StoredGood::Neither => Self::Neither,
            StoredGood::Between { low, high } => Self::Between { low, high },
        }
    }
}

impl From<&Measured> for StoredMeasured {
    fn from(measured: &Measured) -> Self {
        match measured {
            Measured::Trend { series, formula } => Self::Trend {
                series: series.iter().map(Into::into).collect(),
                formula: formula.clone(),
            },
            Measured::Habit { events } => Self::Habit { events: events.into() },
            Measured::Kept { events } => Self::Kept { events: events.into() },
        }
    }
}

impl From<StoredMeasured> for Measured {
    fn from(stored: StoredMeasured) -> Self {
        match stored {
            StoredMeasured::Trend { series, formula } => {
                Self::Trend { series: series.into_iter().map(Into::into).collect(), formula }
            }
            StoredMeasured::Habit { events } => Self::Habit { events: events.into() },
            StoredMeasured::Kept { events } => Self::Kept { events: events.into() },
        }
    }
}

impl From<&Series> for StoredSeries {
    fn from(series: &Series) -> Self {
        Self { events: (&series.events).into(), measure: (&series.measure).into() }
    }
}

impl From<StoredSeries> for Series {
    fn from(stored: StoredSeries) -> Self {
        Self { events: stored.events.into(), measure: stored.measure.into() }
    }
}

impl From<&Condition> for StoredCondition {
    fn from(condition: &Condition) -> Self {
        let test = |test: &Test| StoredTest {
            field: (&test.field).into(),
            view: test.view.into(),
            op: (&test.op).into(),
        };
        Self { events: condition.events.clone(), tests: condition.tests.iter().map(test).collect() }
    }
}

impl From<StoredCondition> for Condition {
    fn from(stored: StoredCondition) -> Self {
        let test = |test: StoredTest| Test {
            field: test.field.into(),
            view: test.view.into(),
            op: test.op.into(),
        };
        Self { events: stored.events, tests: stored.tests.into_iter().map(test).collect() }
    }
}

impl From<&Field> for StoredField {
    fn from(field: &Field) -> Self {
        match field {
            Field::Name => Self::Name,
            Field::Kind => Self::Kind,
            Field::Source => Self::Source,
            Field::Property(path) => Self::Property(path.clone()),
            Field::Context(path) => Self::Context(path.clone()),
        }
    }
}

impl From<StoredField> for Field {
    fn from(stored: StoredField) -> Self {
        match stored {
            StoredField::Name => Self::Name,
            StoredField::Kind => Self::Kind,
            StoredField::Source => Self::Source,
            StoredField::Property(path) => Self::Property(path),
            StoredField::Context(path) => Self::Context(path),
        }
    }
}

impl From<View> for StoredView {
    fn from(view: View) -> Self {
        match view {
            View::Whole => Self::Whole,
            View::Host => Self::Host,
            View::Path => Self::Path,
        }
    }
}

impl From<StoredView> for View {
    fn from(stored: StoredView) -> Self {
        match stored {
            StoredView::Whole => Self::Whole,
            StoredView::Host => Self::Host,
            StoredView::Path => Self::Path,
        }
    }
}

impl From<&Op> for StoredOp {
    fn from(op: &Op) -> Self {
        match op {
            Op::Is(texts) => Self::Is(texts.clone()),
            Op::IsNot(texts) => Self::IsNot(texts.clone()),
            Op::Contains(text) => Self::Contains(text.clone()),
            Op::StartsWith(text) => Self::StartsWith(text.clone()),
            Op::Equal(bound) => Self::Equal(*bound),
            Op::Less(bound) => Self::Less(*bound),
            Op::AtMost(bound) => Self::AtMost(*bound),
            Op::More(bound) => Self::More(*bound),
            Op::AtLeast(bound) => Self::AtLeast(*bound),
            Op::Exists => Self::Exists,
            Op::Missing => Self::Missing,
            Op::EndsWith(text) => Self::EndsWith(text.clone()),
            Op::When(When::Within { moments, days }) => Self::Within {
                moments: (moments.from.0, moments.until.0),
                days: (days.start, days.end),
            },
            Op::When(When::Yearly { first, last }) => {
                Self::Yearly { first: (first.month, first.day), last: (last.month, last.day) }
            }
            Op::Version(VersionTest { is, version }) => {
                Self::Version { is: (*is).into(), version: StoredVersion(version.clone()) }
            }
            Op::Has(texts) => Self::Has(texts.clone()),
        }
    }
}

impl From<StoredOp> for Op {
    fn from(stored: StoredOp) -> Self {
        match stored {
            StoredOp::Is(texts) => Self::Is(texts),
            StoredOp::IsNot(texts) => Self::IsNot(texts),
            StoredOp::Contains(text) => Self::Contains(text),
            StoredOp::StartsWith(text) => Self::StartsWith(text),
            StoredOp::Equal(bound) => Self::Equal(bound),
            StoredOp::Less(bound) => Self::Less(bound),
            StoredOp::AtMost(bound) => Self::AtMost(bound),
            StoredOp::More(bound) => Self::More(bound),
            StoredOp::AtLeast(bound) => Self::AtLeast(bound),
            StoredOp::Exists => Self::Exists,
            StoredOp::Missing => Self::Missing,
            StoredOp::EndsWith(text) => Self::EndsWith(text),
            StoredOp::Within { moments: (from, until), days: (first, end) } => {
                let moments = Window { from: Timestamp(from), until: Timestamp(until) };
                Self::When(When::Within { moments, days: first..end })
            }
            StoredOp::Yearly { first, last } => {
                let day = |(month, day)| MonthDay { month, day };
                Self::When(When::Yearly { first: day(first), last: day(last) })
            }
            StoredOp::Version { is, version } => {
                Self::Version(VersionTest { is: is.into(), version: version.0 })
            }
            StoredOp::Has(texts) => Self::Has(texts),
        }
    }
}

impl From<Than> for StoredThan {
    fn from(than: Than) -> Self {
        match than {
            Than::Less => Self::Less,
            Than::AtMost => Self::AtMost,
            Than::Equal => Self::Equal,
            Than::AtLeast => Self::AtLeast,
            Than::More => Self::More,
        }
    }
}

impl From<StoredThan> for Than {
    fn from(stored: StoredThan) -> Self {
        match stored {
            StoredThan::Less => Self::Less,
            StoredThan::AtMost => Self::AtMost,
            StoredThan::Equal => Self::Equal,
            StoredThan::AtLeast => Self::AtLeast,
            StoredThan::More => Self::More,
        }
    }
}

impl TryFrom<String> for StoredVersion {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Version::parse(&text).map(Self).ok_or("this is no version")
    }
}

impl From<StoredVersion> for String {
    fn from(stored: StoredVersion) -> Self {
        stored.0.to_string()
    }
}

impl From<&Measure> for StoredMeasure {
    fn from(measure: &Measure) -> Self {
        match measure {
            Measure::Events => Self::Events,
            Measure::Customers => Self::Customers,
            Measure::EventsPerCustomer => Self::EventsPerCustomer,
            Measure::Sum(of) => Self::Sum(of.into()),
            Measure::Mean(of) => Self::Mean(of.into()),
            Measure::Min(of) => Self::Min(of.into()),
            Measure::Max(of) => Self::Max(of.into()),
            Measure::Percentile { of, percent } => {
                Self::Percentile { of: of.into(), percent: *percent }
            }
            Measure::SumPerCustomer(of) => Self::SumPerCustomer(of.into()),
        }
    }
}

impl From<StoredMeasure> for Measure {
    fn from(stored: StoredMeasure) -> Self {
        match stored {
            StoredMeasure::Events => Self::Events,
            StoredMeasure::Customers => Self::Customers,
            StoredMeasure::EventsPerCustomer => Self::EventsPerCustomer,
            StoredMeasure::Sum(of) => Self::Sum(of.into()),
            StoredMeasure::Mean(of) => Self::Mean(of.into()),
            StoredMeasure::Min(of) => Self::Min(of.into()),
            StoredMeasure::Max(of) => Self::Max(of.into()),
            StoredMeasure::Percentile { of, percent } => {
                Self::Percentile { of: of.into(), percent }
            }
            StoredMeasure::SumPerCustomer(of) => Self::SumPerCustomer(of.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::usual;

    fn same<S: Serialize + DeserializeOwned>(stored: &S) -> S {
        read(&write(stored)).unwrap()
    }

    #[test]
    fn what_is_written_is_read() {
        let day = |month, day| MonthDay { month, day };
        let tests = [
            Op::Is(vec!["a".into()]),
            Op::IsNot(vec![]),
            Op::Contains("b".into()),
            Op::StartsWith("c".into()),
            Op::Equal(0.1),
            Op::Less(1e300),
            Op::AtMost(-1.0),
            Op::More(0.0),
            Op::AtLeast(3.0),
            Op::Exists,
            Op::Missing,
            Op::EndsWith("d".into()),
            Op::When(When::Within { moments: Window::EVER, days: -5..i32::MAX }),
            Op::When(When::Yearly { first: day(12, 24), last: day(1, 6) }),
            Op::Version(VersionTest {
                is: Than::AtLeast,
                version: Version::parse("1.4.0-rc.1").unwrap(),
            }),
            Op::Has(vec!["e".into()]),
        ];
        let test = |op| Test { field: Field::Context("page.url".into()), view: View::Host, op };
        let events =
            Condition { events: vec!["A".into()], tests: tests.into_iter().map(test).collect() };
        let number = || Field::Property("revenue".into());
        let measures = [
            Measure::EventsPerCustomer,
            Measure::Min(number()),
            Measure::Max(number()),
            Measure::Percentile { of: number(), percent: 90.0 },
            Measure::SumPerCustomer(number()),
        ];
        let series = measures.map(|measure| Series { events: events.clone(), measure });
        let mut all: Vec<Measured> = usual(None).into_iter().map(|metric| metric.measure).collect();
        all.push(Measured::Trend { series: series.to_vec(), formula: Some("A".into()) });
        for measured in all {
            assert_eq!(Measured::from(same(&StoredMeasured::from(&measured))), measured);
        }
        let money = Unit::Money(Currency::parse("EUR").unwrap());
        for unit in [Unit::Share, money, Unit::Days, Unit::Other("points".into())] {
            assert_eq!(same(&StoredUnit::from(&unit)).inner().unwrap(), unit);
        }
        for good in [Good::Neither, Good::Between { low: 0.1, high: 0.3 }] {
            assert_eq!(Good::from(same(&StoredGood::from(good))), good);
        }
        assert_eq!(read::<StoredUnit>("{}").err().unwrap().kind(), ErrorKind::Corrupt);
    }
}
