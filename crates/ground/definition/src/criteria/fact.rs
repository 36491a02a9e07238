//! What must be known of a customer?

use crate::calendar::Calendar;
use crate::dates::{DateTest, Judged};
use base::Timestamp;
use timeline::{Fact, Op};

/// A test of something that is known of the customer now.
#[derive(Clone, Debug, PartialEq)]
pub struct FactCriterion {
    /// What is looked at.
    pub fact: Fact,
    /// What must hold for it.
    pub is: FactIs,
}

/// What must hold for a fact.
#[derive(Clone, Debug, PartialEq)]
pub enum FactIs {
    /// A test of what is written. Never [`Op::When`]: dates are tested by [`DateTest`].
    Op(Op),
    /// A test of a date.
    Date(DateTest),
}

impl FactCriterion {
    /// Whether it holds for what is written (`None` being absent), and until when that is sure. Of
    /// a trait of accounts it holds where it holds for one of the accounts, and "is not" where no
    /// account has one of the values.
    #[must_use]
    pub fn judge(&self, label: Option<&str>, at: (Timestamp, &Calendar)) -> Judged {
        match (&self.fact, &self.is) {
            (Fact::Account(_), is) => judge_any(is, label, at),
            (_, FactIs::Op(op)) => Judged::always(op.takes_fact(label)),
            (_, FactIs::Date(test)) => match label {
                Some(label) => test.holds(label, at),
                None => Judged::always(false),
            },
        }
    }
}

/// Of several labels, as a list: whether it holds for one of them.
fn judge_any(is: &FactIs, list: Option<&str>, (t, calendar): (Timestamp, &Calendar)) -> Judged {
    let items: Vec<String> =
        list.and_then(|list| serde_json::from_str(list).ok()).unwrap_or_default();
    match is {
        FactIs::Op(Op::Missing) => Judged::always(items.is_empty()),
        FactIs::Op(Op::IsNot(texts)) => {
            Judged::always(!items.iter().any(|item| texts.iter().any(|text| **text == **item)))
        }
        FactIs::Op(op) => Judged::always(items.iter().any(|item| op.takes_fact(Some(item)))),
        FactIs::Date(test) => {
            let judged = items.iter().map(|item| test.holds(item, (t, calendar)));
            judged.reduce(either).unwrap_or(Judged::always(false))
        }
    }
}

/// Whether one of two holds; sure until one of them may turn.
fn either(a: Judged, b: Judged) -> Judged {
    let until = [a.until, b.until].into_iter().flatten().min();
    Judged { holds: a.holds || b.holds, until }
}
