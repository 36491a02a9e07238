//! Do lists show the values that count by the rules of now?
//!
//! A customer's line in lists, what a search by name finds, and their households are written by the
//! processor when something of the customer changes. After a change of the rules everybody's are
//! written anew, some at a time: each part is an entry of the log, so that the processor does it
//! between its batches and stays the only one who writes them. A restart begins again.

use super::Traits;
use crate::access::{Actor, audit_line};
use crate::engine::{Engine, Shared};
use crate::entry::LogEntry;
use crate::failure;
use base::{CustomerId, Error, ErrorKind, Timestamp};
use serde::{Deserialize, Serialize};
use state::admin::Admin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The name of the setting that says which version of the rules lists follow.
const SETTING: &str = "traits.lists";
/// Customers of one part.
const AT_ONCE: usize = 1_000;
/// How long the processor may take to reach a part.
const PROCESSOR_WAIT: Duration = Duration::from_secs(60);

/// That some customers' lines in lists are to be written anew, as the log keeps it. It says nothing
/// of how: the rules are a setting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelistOrder {
    /// When it was given.
    pub at: Timestamp,
    /// Those behind this number.
    pub after: CustomerId,
    /// How many, in the order of their numbers.
    pub n: usize,
}

/// How far lists have come after a change of the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListsProgress {
    /// The version of the rules that they are to follow.
    pub version: u64,
    /// Customers whose lines are written.
    pub n_done: u64,
    /// Customers in all, when it was begun.
    pub n_total: u64,
}

/// Which version of the rules lists follow, and how far they are with the next one.
#[derive(Debug)]
pub(crate) struct Lists(Mutex<Standing>);

#[derive(Clone, Copy, Debug)]
struct Standing {
    followed: u64,
    underway: Option<(ListsProgress, CustomerId)>,
}

impl Lists {
    /// Reads which version lists follow.
    ///
    /// # Errors
    /// `Corrupt` where the table holds something else.
    pub(crate) async fn open(state: &state::State) -> Result<Self, Error> {
        let followed = match Admin::new(state.db()).setting(SETTING).await? {
            Some(text) => text.parse().map_err(|_| {
                let message = "which rules of traits lists follow cannot be read";
                Error::new(ErrorKind::Corrupt, message)
            })?,
            None => 0,
        };
        Ok(Self(Mutex::new(Standing { followed, underway: None })))
    }

    fn now(&self) -> Standing {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, standing: Standing) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = standing;
    }
}

impl Engine {
    /// How far lists have come after a change of the rules of traits; `None` where they follow the
    /// rules that hold.
    #[must_use]
    pub fn lists_progress(&self) -> Option<ListsProgress> {
        let standing = self.shared.lists.now();
        let version = version(&self.shared.traits);
        let underway = standing.underway.filter(|(progress, _)| progress.version == version);
        let begun = ListsProgress { version, n_done: 0, n_total: 0 };
        (standing.followed != version).then(|| underway.map_or(begun, |(progress, _)| progress))
    }
}

/// Has the next lines written anew, where lists do not follow the rules that hold; whether more
/// are waiting.
///
/// # Errors
/// Whatever the log or the tables say; `Unavailable` where the processor has much to do.
pub(crate) async fn relist(shared: &Shared) -> Result<bool, Error> {
    let (standing, version) = (shared.lists.now(), version(&shared.traits));
    if standing.followed == version {
        return Ok(false);
    }
    let underway = standing.underway.filter(|(progress, _)| progress.version == version);
    let (mut progress, after) = match underway {
        Some(underway) => underway,
        None => (begin(shared, version).await?, CustomerId::default()),
    };
    let customers = shared.state.customers_behind(after, AT_ONCE).await?;
    let Some(&last) = customers.last() else {
        finish(shared, progress).await?;
        shared.lists.put(Standing { followed: version, underway: None });
        return Ok(false);
    };
    let order = RelistOrder { at: shared.now(), after, n: customers.len() };
    let payload = LogEntry::encode_relist(&order).into();
    let position = shared.log.append(payload).await.map_err(failure::log)?;
    let mut processed = shared.processed.subscribe();
    let reached = processed.wait_for(|reached| *reached >= position);
    if tokio::time::timeout(PROCESSOR_WAIT, reached).await.is_err() {
        let message = "the processor has much to do; lists wait for it";
        return Err(Error::new(ErrorKind::Unavailable, message));
    }
    progress.n_done += customers.len() as u64;
    let underway = Some((progress, last));
    shared.lists.put(Standing { followed: standing.followed, underway });
    Ok(true)
}

async fn begin(shared: &Shared, version: u64) -> Result<ListsProgress, Error> {
    let counts = shared.state.count_customers().await?;
    Ok(ListsProgress { version, n_done: 0, n_total: counts.known + counts.anonymous })
}

async fn finish(shared: &Shared, progress: ListsProgress) -> Result<(), Error> {
    let text = progress.version.to_string();
    let detail = format!("version {text}, {} customers", progress.n_done);
    let line =
        audit_line(&Actor::system(), "traits.lists_follow", (SETTING, &detail), shared.now());
    Ok(Admin::new(shared.state.db()).put_setting(SETTING, &text, &line).await?)
}

fn version(traits: &Traits) -> u64 {
    traits.settings().version
}
