//! Is there one value for whose events alone something holds?

use crate::next;
use crate::question::Question;
use crate::state::Item;
use base::Timestamp;
use definition::Judged;
use std::collections::BTreeMap;

/// A test of the events of each value.
#[derive(Clone, Debug)]
pub struct Same {
    /// The column in which the value's fingerprint is; events without one count for none.
    pub column: u8,
    /// What must hold for the events of one value.
    pub who: Keyed,
}

/// Tests of the events of one value together.
#[derive(Clone, Debug)]
pub enum Keyed {
    /// All hold.
    All(Vec<Keyed>),
    /// One holds.
    Any(Vec<Keyed>),
    /// It does not hold.
    Not(Box<Keyed>),
    /// One test.
    Test(Box<Question>),
}

impl Same {
    pub(crate) fn judge_items(&self, items: &[Item], t: Timestamp) -> Judged {
        let mut of_values: BTreeMap<u64, Vec<Item>> = BTreeMap::new();
        for item in items {
            let value = item.text(self.column);
            value.into_iter().for_each(|value| of_values.entry(value).or_default().push(*item));
        }
        next::any(of_values.values().map(|items| self.who.judge(items, t)))
    }
}

impl Keyed {
    fn judge(&self, items: &[Item], t: Timestamp) -> Judged {
        match self {
            Self::All(children) => next::all(children.iter().map(|child| child.judge(items, t))),
            Self::Any(children) => next::any(children.iter().map(|child| child.judge(items, t))),
            Self::Not(child) => next::not(child.judge(items, t)),
            Self::Test(question) => question.judge_items(items, t),
        }
    }

    /// Whether it holds of no events.
    #[must_use]
    pub fn holds_of_nothing(&self) -> bool {
        match self {
            Self::All(children) => children.iter().all(Self::holds_of_nothing),
            Self::Any(children) => children.iter().any(Self::holds_of_nothing),
            Self::Not(child) => !child.holds_of_nothing(),
            Self::Test(question) => question.holds_of_nothing(),
        }
    }
}
