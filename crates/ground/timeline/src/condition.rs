//! Does an event count?

use crate::field::{Field, Scalar, View};
use crate::version::VersionTest;
use crate::when::When;
use std::borrow::Cow;

/// What must hold for an event to count: its name, and all tests.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Condition {
    /// The names that count; empty for every event.
    pub events: Vec<Box<str>>,
    /// What must hold besides, all of it.
    pub tests: Vec<Test>,
}

/// One test of one field.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// What is looked at.
    pub field: Field,
    /// Which part of it, where texts are compared.
    pub view: View,
    /// What must hold for it.
    pub op: Op,
}

/// What must hold for a field. Where the field is absent only [`Op::Missing`] and [`Op::IsNot`]
/// hold. Comparisons of texts look at the written form ([`Scalar::label`]) and at letter case;
/// comparisons of numbers hold for numbers alone.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// It is one of these.
    Is(Vec<Box<str>>),
    /// It is none of these, or absent.
    IsNot(Vec<Box<str>>),
    /// This is in it.
    Contains(Box<str>),
    /// It begins with this.
    StartsWith(Box<str>),
    /// It ends with this.
    EndsWith(Box<str>),
    /// It is a date or a time in this.
    When(When),
    /// It is a version that compares so.
    Version(VersionTest),
    /// It is written as a list, as JSON, that has one of these.
    Has(Vec<Box<str>>),
    /// It is a number equal to this.
    Equal(f64),
    /// It is a smaller number.
    Less(f64),
    /// It is a number at most this.
    AtMost(f64),
    /// It is a larger number.
    More(f64),
    /// It is a number at least this.
    AtLeast(f64),
    /// It is there.
    Exists,
    /// It is absent: not there, null, a list or an object.
    Missing,
}

impl Op {
    /// Whether it compares numbers; else [`Op::takes_label`] answers.
    #[must_use]
    pub fn is_numeric(&self) -> bool {
        matches!(
            self,
            Self::Equal(_) | Self::Less(_) | Self::AtMost(_) | Self::More(_) | Self::AtLeast(_)
        )
    }

    /// Whether it holds for a number; NaN stands for absent, and nothing holds for it.
    #[must_use]
    pub fn takes_number(&self, number: f64) -> bool {
        match *self {
            Self::Equal(bound) => number == bound,
            Self::Less(bound) => number < bound,
            Self::AtMost(bound) => number <= bound,
            Self::More(bound) => number > bound,
            Self::AtLeast(bound) => number >= bound,
            _ => false,
        }
    }

    /// Whether it holds for a label, `None` being absent.
    #[must_use]
    pub fn takes_label(&self, label: Option<&str>) -> bool {
        let Some(label) = label else {
            return matches!(self, Self::Missing | Self::IsNot(_));
        };
        match self {
            Self::Is(texts) => texts.iter().any(|text| **text == *label),
            Self::IsNot(texts) => texts.iter().all(|text| **text != *label),
            Self::Contains(text) => label.contains(&**text),
            Self::StartsWith(text) => label.starts_with(&**text),
            Self::EndsWith(text) => label.ends_with(&**text),
            Self::When(when) => when.takes(label),
            Self::Version(test) => test.takes(label),
            Self::Has(texts) => has_one(label, texts),
            Self::Exists => true,
            _ => false,
        }
    }
}

impl Op {
    /// Whether it holds for a fact that is written so (`None` being absent). Facts are known in
    /// their written form: what reads as a number is one where numbers are compared.
    #[must_use]
    pub fn takes_fact(&self, label: Option<&str>) -> bool {
        if !self.is_numeric() {
            return self.takes_label(label);
        }
        let number = label.and_then(|label| label.trim().parse::<f64>().ok());
        number.is_some_and(|number| number.is_finite() && self.takes_number(number))
    }
}

/// Whether a list that is written as JSON has one of these, as its items are labelled.
fn has_one(list: &str, texts: &[Box<str>]) -> bool {
    let items: Vec<serde_json::Value> = serde_json::from_str(list).unwrap_or_default();
    let mut scalars = items.iter().filter_map(Scalar::of);
    scalars.any(|item| texts.iter().any(|text| **text == *item.label()))
}

impl Test {
    /// Whether it holds for what stands in the field.
    #[must_use]
    pub fn takes(&self, scalar: Option<&Scalar>) -> bool {
        if self.op.is_numeric() {
            return scalar.and_then(Scalar::number).is_some_and(|n| self.op.takes_number(n));
        }
        let label: Option<Cow<'_, str>> = scalar.map(Scalar::label);
        self.takes_label(label.as_deref())
    }

    /// Whether it holds for what stands in the field, written as a label (`None` being absent); for
    /// tests that do not compare numbers.
    #[must_use]
    pub fn takes_label(&self, label: Option<&str>) -> bool {
        self.op.takes_label(label.map(|label| self.view.of(label)).as_deref())
    }
}

impl Condition {
    /// Every event of this name.
    #[must_use]
    pub fn event(name: &str) -> Self {
        Self { events: vec![name.into()], tests: Vec::new() }
    }

    /// Whether the name is one that counts.
    #[must_use]
    pub fn takes_name(&self, name: &str) -> bool {
        self.events.is_empty() || self.events.iter().any(|event| **event == *name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(op: Op, scalar: impl Into<Option<Scalar>>, holds: bool) {
        let scalar = scalar.into();
        let test = Test { field: Field::Property("p".into()), view: View::Whole, op };
        assert_eq!(test.takes(scalar.as_ref()), holds, "{test:?} of {scalar:?}");
    }

    #[test]
    fn absent_values_hold_for_missing_and_is_not_alone() {
        let text = |t: &str| Some(Scalar::Text(t.into()));
        check(Op::Missing, None, true);
        check(Op::IsNot(vec!["a".into()]), None, true);
        check(Op::Is(vec!["a".into()]), None, false);
        check(Op::Less(5.0), None, false);
        check(Op::Exists, None, false);
        check(Op::Exists, text(""), true);
        check(Op::Is(vec!["5".into()]), Some(Scalar::Number(5.0)), true);
        check(Op::Equal(5.0), text("5"), false);
        check(Op::AtLeast(5.0), Some(Scalar::Number(5.0)), true);
        check(Op::Contains("b".into()), text("abc"), true);
        check(Op::StartsWith("B".into()), text("bc"), false);
        check(Op::EndsWith("bc".into()), text("abc"), true);
        check(Op::EndsWith("bc".into()), None, false);
    }

    #[test]
    fn a_list_has_its_items() {
        let list = |t: &str| Some(Scalar::Text(t.into()));
        let has = |texts: &[&str]| Op::Has(texts.iter().map(|text| (*text).into()).collect());
        check(has(&["b", "c"]), list(r#"["a","b"]"#), true);
        check(has(&["5"]), list(r#"["a",5.0,null]"#), true);
        check(has(&["c"]), list(r#"["a","b"]"#), false);
        check(has(&["a"]), list("a"), false);
        check(has(&["a"]), None, false);
    }

    #[test]
    fn a_part_of_an_address_is_compared() {
        let op = Op::Is(vec!["/a".into()]);
        let test = Test { field: Field::Context("page.url".into()), view: View::Path, op };
        assert!(test.takes(Some(&Scalar::Text("https://example.com/a?b".into()))));
        assert!(!test.takes(None));
    }
}
