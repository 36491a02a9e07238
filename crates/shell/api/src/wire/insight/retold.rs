//! How is a definition that was kept told again, in the words in which it came?

use super::trend::{Measure, TrendSeries};
use super::written::{DayOfYear, SemanticVersion, Stretch};
use super::{AddressPart, Field, Op, Selection, Test};
use insight::trend as inner;
use timeline::{Condition, VersionTest, View, When};

impl From<&Condition> for Selection {
    fn from(condition: &Condition) -> Self {
        Self {
            events: condition.events.iter().map(ToString::to_string).collect(),
            tests: condition.tests.iter().map(Into::into).collect(),
        }
    }
}

impl From<&timeline::Test> for Test {
    fn from(test: &timeline::Test) -> Self {
        Self { field: (&test.field).into(), view: test.view.into(), op: (&test.op).into() }
    }
}

impl From<&timeline::Field> for Field {
    fn from(field: &timeline::Field) -> Self {
        match field {
            timeline::Field::Name => Self::Name,
            timeline::Field::Kind => Self::Kind,
            timeline::Field::Source => Self::Source,
            timeline::Field::Property(path) => Self::Property { path: path.to_string() },
            timeline::Field::Context(path) => Self::Context { path: path.to_string() },
        }
    }
}

impl From<View> for AddressPart {
    fn from(view: View) -> Self {
        match view {
            View::Whole => Self::Whole,
            View::Host => Self::Host,
            View::Path => Self::Path,
        }
    }
}

impl From<&timeline::Op> for Op {
    fn from(op: &timeline::Op) -> Self {
        let values = |texts: &[Box<str>]| texts.iter().map(ToString::to_string).collect();
        match op {
            timeline::Op::Is(texts) => Self::Is { values: values(texts) },
            timeline::Op::IsNot(texts) => Self::IsNot { values: values(texts) },
            timeline::Op::Contains(text) => Self::Contains { text: text.to_string() },
            timeline::Op::StartsWith(text) => Self::StartsWith { text: text.to_string() },
            timeline::Op::Equal(value) => Self::Equal { value: *value },
            timeline::Op::Less(value) => Self::Less { value: *value },
            timeline::Op::AtMost(value) => Self::AtMost { value: *value },
            timeline::Op::More(value) => Self::More { value: *value },
            timeline::Op::AtLeast(value) => Self::AtLeast { value: *value },
            timeline::Op::Exists => Self::Exists,
            timeline::Op::Missing => Self::Missing,
            timeline::Op::EndsWith(text) => Self::EndsWith { text: text.to_string() },
            timeline::Op::When(When::Within { moments, days }) => {
                Self::Within(Stretch::of(*moments, days))
            }
            timeline::Op::When(When::Yearly { first, last }) => {
                Self::Yearly { first: DayOfYear(*first), last: DayOfYear(*last) }
            }
            timeline::Op::Version(VersionTest { is, version }) => {
                Self::Version { than: (*is).into(), version: SemanticVersion(version.clone()) }
            }
            timeline::Op::Has(texts) => Self::Has { values: values(texts) },
        }
    }
}

impl From<&inner::Series> for TrendSeries {
    fn from(series: &inner::Series) -> Self {
        Self { events: (&series.events).into(), measure: (&series.measure).into() }
    }
}

impl From<&inner::Measure> for Measure {
    fn from(measure: &inner::Measure) -> Self {
        match measure {
            inner::Measure::Events => Self::Events,
            inner::Measure::Customers => Self::Customers,
            inner::Measure::EventsPerCustomer => Self::EventsPerCustomer,
            inner::Measure::Sum(of) => Self::Sum { of: of.into() },
            inner::Measure::Mean(of) => Self::Mean { of: of.into() },
            inner::Measure::Min(of) => Self::Min { of: of.into() },
            inner::Measure::Max(of) => Self::Max { of: of.into() },
            inner::Measure::Percentile { of, percent } => {
                Self::Percentile { of: of.into(), percentile: *percent }
            }
            inner::Measure::SumPerCustomer(of) => Self::SumPerCustomer { of: of.into() },
        }
    }
}
