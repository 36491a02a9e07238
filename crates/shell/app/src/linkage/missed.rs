//! Who has changed and was not compared when Rapport stopped, or when more changed than could be
//! remembered?
//!
//! A mark in the tables says up to which entry of the log everybody who changed has been compared.
//! The log says whom the entries behind it are about: they are looked at again, which does no harm
//! to those who were looked at already.

use super::Linkage;
use crate::edits::EditChange;
use crate::engine::Shared;
use crate::entry::LogEntry;
use base::{CustomerId, Error, IdentifierId, Position};
use collect::Delivery;
use lexicon::{Event, Identifier};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tokio::time::{Duration, Instant};

/// Log entries that are read at a time.
const N_AT_A_TIME: usize = 500;
const BYTES_AT_A_TIME: usize = 512 << 10;
/// Identifiers beyond which a run over all customers is cheaper than one look after the other.
const IDENTIFIERS_MAX: usize = 50_000;
/// How often the mark is written.
const MARK_EVERY: Duration = Duration::from_secs(1);

/// Who was missed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Missed {
    /// These, ascending.
    Customers(Vec<CustomerId>),
    /// So many, or nobody knows any more: all are to be compared.
    TooMany,
}

/// Up to where everybody has been compared, as it was written down last.
#[derive(Default)]
pub(super) struct Mark {
    written: Option<Position>,
    at: Option<Instant>,
}

impl Mark {
    /// Writes down that everybody who changed up to `position` has been compared; now and then.
    ///
    /// # Errors
    /// Whatever the state says.
    pub(super) async fn put(&mut self, shared: &Shared, position: Position) -> Result<(), Error> {
        let is_news = self.written.is_none_or(|written| written < position);
        if is_news && self.at.is_none_or(|at| at.elapsed() >= MARK_EVERY) {
            shared.state.put_linkage_followed(position).await?;
            (self.written, self.at) = (Some(position), Some(Instant::now()));
        }
        Ok(())
    }
}

/// Whom log entries are about.
#[derive(Default)]
struct Named {
    identifiers: BTreeSet<Identifier>,
    ids: BTreeSet<IdentifierId>,
    /// The rules of identity were changed: that may be about anybody.
    is_about_all: bool,
}

impl Linkage {
    /// Begins to listen for those who change, and says up to where the log is not listened to any
    /// more.
    pub(super) fn listen(&self, shared: &Shared) -> Position {
        self.news.want(true);
        // Asked afterwards: an entry in between is heard twice, and none is lost.
        let heard = *shared.processed.borrow();
        self.news.hear(heard);
        heard
    }
}

impl Shared {
    /// Who has changed behind the mark, up to `through`, and was perhaps not compared.
    ///
    /// # Errors
    /// Whatever the log or the state says.
    pub(super) async fn missed(&self, through: Position) -> Result<Missed, Error> {
        let Some(mut at) = self.state.linkage_followed().await? else {
            return Ok(Missed::Customers(Vec::new()));
        };
        let mut named = Named::default();
        while at < through {
            let entries = self.log.read_after(at, N_AT_A_TIME, BYTES_AT_A_TIME).await;
            let entries = entries.map_err(crate::failure::log)?;
            let Some(first) = entries.first() else { break };
            // Entries are numbered without gaps: those between are not kept any more.
            if first.position.0 > at.0 + 1 {
                return Ok(Missed::TooMany);
            }
            for entry in &entries {
                at = entry.position;
                self.name(&entry.payload, at, &mut named);
            }
            if named.is_about_all || named.identifiers.len() > IDENTIFIERS_MAX {
                return Ok(Missed::TooMany);
            }
        }
        self.present_named(named).await.map(Missed::Customers)
    }

    fn name(&self, payload: &[u8], at: Position, named: &mut Named) {
        match LogEntry::decode(payload) {
            Ok(LogEntry::Delivery(delivery)) => {
                let all = 0..delivery.items.len();
                let events = all.filter_map(|index| self.understood_of(&delivery, index));
                let telling =
                    events.filter(|event| event.speaks_of_traits() || event.identifiers.len() > 1);
                named.identifiers.extend(telling.flat_map(|event| event.identifiers));
            }
            Ok(LogEntry::Edit(order)) => {
                // Whom linkage has joined is not asked about again, or one link leads to the next.
                let others = order.changes.iter();
                let others = others.filter(|change| !matches!(change, EditChange::Link { .. }));
                named.ids.extend(others.flat_map(EditChange::ends));
            }
            Ok(LogEntry::Rules(_)) => named.is_about_all = true,
            // Who is erased is not compared with anybody; relations are no traits.
            Ok(_) => {}
            Err(error) => tracing::error!(position = %at, %error, "a log entry cannot be read"),
        }
    }

    /// An event that makes us panic was refused, and is nobody's.
    fn understood_of(&self, delivery: &Delivery, index: usize) -> Option<Event> {
        catch_unwind(AssertUnwindSafe(|| self.understand(delivery, index).ok())).ok().flatten()
    }

    async fn present_named(&self, named: Named) -> Result<Vec<CustomerId>, Error> {
        let identifiers: Vec<Identifier> = named.identifiers.into_iter().collect();
        let ids: Vec<IdentifierId> = named.ids.into_iter().collect();
        let mut customers = BTreeSet::new();
        for some in identifiers.chunks(N_AT_A_TIME) {
            let rows = self.state.identifiers(some).await?;
            customers.extend(rows.into_iter().flatten().map(|row| row.customer));
        }
        for some in ids.chunks(N_AT_A_TIME) {
            let rows = self.state.identifiers_by_id(some).await?;
            customers.extend(rows.into_iter().flatten().map(|row| row.customer));
        }
        Ok(customers.into_iter().collect())
    }
}
