//! What is a definition of customers?

use crate::calendar::Calendar;
use crate::predicate::Predicate;

/// Who is meant. Whether a customer is meant follows from what was accepted up to some moment, and
/// from that moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// What must hold for them.
    pub who: Predicate,
    /// By which clock days and months are counted.
    pub calendar: Calendar,
}
