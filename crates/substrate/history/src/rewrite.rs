//! Whose are the rows now, and which of them must go?

use crate::event::RowKey;
use base::{CustomerId, IdentifierId};
use std::fmt;
use std::sync::Arc;

/// The customer that an identifier belongs to now; the second argument is whom the row says.
pub type CustomerOf = Arc<dyn Fn(IdentifierId, CustomerId) -> CustomerId + Send + Sync>;
/// Whether a row (by identifier and customer as of now) is to be dropped: erasure.
pub type Drops = Arc<dyn Fn(IdentifierId, CustomerId) -> bool + Send + Sync>;

/// What happens to rows while they are rewritten. Both answers must not change while one rewrite
/// runs, and must be committed: a row moves to whom its identifier belongs to in the database.
#[derive(Clone, Default)]
pub struct Rewrite {
    /// Applies identity changes; without it rows keep their customer.
    pub customer_of: Option<CustomerOf>,
    /// Drops rows; without it all are kept.
    pub drops: Option<Drops>,
}

impl fmt::Debug for Rewrite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rewrite")
            .field("moves", &self.customer_of.is_some())
            .field("drops", &self.drops.is_some())
            .finish()
    }
}

impl Rewrite {
    /// The customer number to write, or `None` where the row goes.
    pub(crate) fn customer_of(&self, key: &RowKey, identifier: IdentifierId) -> Option<u64> {
        let customer = CustomerId(key.customer);
        let now = self.customer_of.as_ref().map_or(customer, |of| of(identifier, customer));
        let drops = self.drops.as_ref().is_some_and(|drops| drops(identifier, now));
        (!drops).then_some(now.0)
    }
}
