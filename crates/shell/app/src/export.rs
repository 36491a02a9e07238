//! How does everything come out again?

use crate::engine::Engine;
use crate::failure;
use crate::page::PageQuery;
use base::Error;
use history::{HistoryError, StoredEvent};
use state::{CustomerRow, CustomerSort};

/// Who ended an export before its end.
enum Stop {
    Taker(Error),
    History(HistoryError),
}

impl From<HistoryError> for Stop {
    fn from(error: HistoryError) -> Self {
        Self::History(error)
    }
}

impl Engine {
    /// Gives every stored event to `take`, file by file and then the fresh ones; no order beyond
    /// that is promised.
    ///
    /// # Errors
    /// What history says, and what `take` says.
    pub async fn export_events(
        &self,
        mut take: impl FnMut(StoredEvent) -> Result<(), Error> + Send,
    ) -> Result<(), Error> {
        let scan = self.shared.history.scan(|event| take(event).map_err(Stop::Taker));
        scan.await.map_err(|stop| match stop {
            Stop::Taker(error) => error,
            Stop::History(error) => failure::history(error),
        })
    }

    /// Gives every customer to `take`, as lists show them.
    ///
    /// # Errors
    /// What the state says, and what `take` says.
    pub async fn export_customers(
        &self,
        mut take: impl FnMut(CustomerRow) -> Result<(), Error> + Send,
    ) -> Result<(), Error> {
        let query = crate::customers::CustomersQuery {
            text: None,
            is_known: None,
            country: None,
            has_orders: None,
            seen_since: None,
            is_suspended: None,
            sort: CustomerSort::FirstSeen,
            is_descending: false,
        };
        let mut page = PageQuery { limit: 500, cursor: None };
        loop {
            let found = self.customers(&query, &page, &crate::traits::Sight::everything()).await?;
            found.items.into_iter().map(|item| item.row).try_for_each(&mut take)?;
            match found.next {
                Some(next) => page.cursor = Some(next),
                None => return Ok(()),
            }
        }
    }
}
