//! Who is there to be compared?

use super::book::{Census, WITH_USER_ID, WITHOUT_USER_ID};
use super::record::Record;
use super::settings::LinkageSettings;
use crate::engine::Shared;
use crate::processor::decode;
use base::{CustomerId, Error, ErrorKind};
use linkage::{Schema, SourceIdx, Table};
use profile::TraitRules;

/// Profiles that are read at a time.
const N_AT_A_TIME: usize = 1_000;

/// Why the customers were not read to the end.
pub(super) enum Unread {
    /// There are more of them than are allowed.
    TooMany { n_max: u64 },
    /// Somebody wanted it to end.
    Stopped,
    /// Something failed.
    Failed(Error),
}

impl From<Error> for Unread {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// Reads the records of all customers who have one, in the order of their numbers; `on` is asked
/// after each page, with the number of the last customer, whether to go on.
///
/// Customers who change meanwhile are told by the processor, and looked at again.
pub(super) async fn take(
    shared: &Shared,
    settings: &LinkageSettings,
    schema: Schema,
    on: impl Fn(CustomerId) -> bool,
) -> Result<(Table, Census), Unread> {
    let rules = shared.traits.rules();
    let (mut table, mut census) = (Table::new(schema), Census::default());
    let mut after = CustomerId(0);
    loop {
        let page = shared.state.profiles_after(after, N_AT_A_TIME).await.map_err(Error::from)?;
        let Some(&(last, _)) = page.last() else { return Ok((table, census)) };
        let named: Vec<CustomerId> = page.iter().map(|(customer, _)| *customer).collect();
        let with = shared.state.with_user_id(&named).await.map_err(Error::from)?;
        for (customer, blob) in page {
            let Some(record) = record_of(&blob, settings, &rules)? else { continue };
            let has_user_id = with.binary_search(&customer).is_ok();
            table.push(source_of(has_user_id), &record.texts()).map_err(misfit)?;
            census.customers.push(customer);
            census.fingerprints.push(record.fingerprint());
        }
        if census.customers.len() as u64 > settings.records_max {
            return Err(Unread::TooMany { n_max: settings.records_max });
        }
        after = last;
        if !on(last) {
            return Err(Unread::Stopped);
        }
    }
}

pub(super) fn source_of(has_user_id: bool) -> SourceIdx {
    if has_user_id { WITH_USER_ID } else { WITHOUT_USER_ID }
}

/// The record of a profile as it is kept.
pub(super) fn record_of(
    blob: &[u8],
    settings: &LinkageSettings,
    rules: &TraitRules,
) -> Result<Option<Record>, Error> {
    Ok(Record::of(&decode(blob)?, settings, rules))
}

pub(super) fn misfit(error: linkage::LinkageError) -> Error {
    Error::new(ErrorKind::Internal, "a record does not fit its schema").with_source(error)
}
