//! How does what was decided here become true?
//!
//! The way of every decision: an entry of the log, carried out by the processor in its turn.

use crate::edits::{Decided, EditChange, EditOrder};
use crate::engine::Shared;
use crate::entry::LogEntry;
use base::{CustomerId, Error, ErrorKind, IdentifierId, Position};
use std::collections::HashMap;
use std::time::Duration;

/// How long the processor may take to reach an order.
const WAIT: Duration = Duration::from_secs(120);

impl Shared {
    /// Writes an order of `by`, for this reason, into the log, and waits until it is carried out.
    ///
    /// # Errors
    /// `Conflict` where it was refused, `Unavailable` where the processor does not get there.
    pub(crate) async fn carry_out(
        &self,
        (by, reason): (String, String),
        changes: Vec<EditChange>,
        undoes: Option<Position>,
    ) -> Result<Decided, Error> {
        let order = EditOrder { at: self.now(), by, reason, undoes, changes };
        let payload = LogEntry::encode_edit(&order).into();
        let position = self.log.append(payload).await.map_err(crate::failure::log)?;
        let mut processed = self.processed.subscribe();
        let reached = processed.wait_for(|reached| *reached >= position);
        if !matches!(tokio::time::timeout(WAIT, reached).await, Ok(Ok(_))) {
            let message = "the processor is too far behind to carry a decision out in time";
            return Err(Error::new(ErrorKind::Unavailable, message));
        }
        let row = self.state.edit(position).await?;
        let missing = || Error::new(ErrorKind::Internal, "the decision left no record");
        let decided = Decided::of(row.ok_or_else(missing)?)?;
        match decided.refusal {
            Some(refusal) => Err(Error::new(ErrorKind::Conflict, refusal)),
            None => Ok(decided),
        }
    }

    /// Whom these customers are now, by the identifiers that founded them; those who are gone are
    /// not among them.
    pub(crate) async fn present(
        &self,
        customers: &[CustomerId],
    ) -> Result<HashMap<CustomerId, CustomerId>, Error> {
        let founders: Vec<IdentifierId> = customers.iter().map(|id| IdentifierId(id.0)).collect();
        let rows = self.state.identifiers_by_id(&founders).await?;
        let now = customers.iter().zip(rows);
        Ok(now.filter_map(|(customer, row)| Some((*customer, row?.customer))).collect())
    }
}
