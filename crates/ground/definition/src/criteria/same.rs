//! For which value does something hold?

use crate::predicate::Predicate;
use timeline::Label;

/// There is a value of `label` for whose events alone `who` holds. Values are those seen in events
/// of any test inside; events without the label count for none.
#[derive(Clone, Debug, PartialEq)]
pub struct Same {
    /// What is the same.
    pub label: Label,
    /// What must hold for its events: counts (no `Distinct`), orders of events, all, any, not.
    pub who: Box<Predicate>,
}
