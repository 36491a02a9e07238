//! Which customers are in memory to be compared with, and where is each?

use super::record::Record;
use base::CustomerId;
use linkage::{Answer, Evidence, Index, LinkageError, RecordIdx, SourceIdx};
use std::collections::HashMap;

/// The source of customers who have a user id: no two of them are one customer unless a person
/// says so, so it is a source without duplicates.
pub(super) const WITH_USER_ID: SourceIdx = SourceIdx(1);
/// The source of all others.
pub(super) const WITHOUT_USER_ID: SourceIdx = SourceIdx(0);

/// All customers, to be asked for those whom a record could be.
///
/// Memory beyond the index: about 40 bytes per customer.
pub(super) struct Book {
    index: Index,
    places: HashMap<CustomerId, RecordIdx>,
    customers: Vec<CustomerId>,
    fingerprints: Vec<u64>,
}

/// Everybody who was read to be compared, in the order of the table's records.
#[derive(Default)]
pub(super) struct Census {
    pub(super) customers: Vec<CustomerId>,
    pub(super) fingerprints: Vec<u64>,
}

impl Book {
    pub(super) fn new(index: Index, census: Census) -> Self {
        let records = (0u32..).map(RecordIdx);
        let places = census.customers.iter().copied().zip(records).collect();
        let Census { customers, fingerprints } = census;
        Self { index, places, customers, fingerprints }
    }

    pub(super) fn index(&self) -> &Index {
        &self.index
    }

    pub(super) fn index_mut(&mut self) -> &mut Index {
        &mut self.index
    }

    pub(super) fn n_bytes(&self) -> usize {
        self.index.n_bytes() + self.customers.capacity() * 16 + self.places.capacity() * 17
    }

    /// Takes these customers out, so that each is looked at like one who is new.
    pub(super) fn forget(&mut self, customers: &[CustomerId]) {
        customers.iter().for_each(|customer| self.remove(*customer));
    }

    /// Whether the customer stands here with this very record.
    pub(super) fn holds(&self, customer: CustomerId, record: &Record) -> bool {
        let place = self.places.get(&customer);
        place.is_some_and(|at| self.fingerprints[at.0 as usize] == record.fingerprint())
    }

    /// Takes a customer out.
    pub(super) fn remove(&mut self, customer: CustomerId) {
        if let Some(at) = self.places.remove(&customer) {
            self.index.remove(at);
        }
    }

    /// Puts a customer down, or what is different about them.
    pub(super) fn put(
        &mut self,
        customer: CustomerId,
        source: SourceIdx,
        record: &Record,
    ) -> Result<(), LinkageError> {
        self.remove(customer);
        let at = self.index.insert(source, &record.texts())?;
        let place = at.0 as usize;
        if self.customers.len() <= place {
            self.customers.resize(place + 1, customer);
            self.fingerprints.resize(place + 1, 0);
        }
        self.customers[place] = customer;
        self.fingerprints[place] = record.fingerprint();
        self.places.insert(customer, at);
        Ok(())
    }

    /// Who could this record be?
    pub(super) fn ask(&self, record: &Record) -> Result<Answer, LinkageError> {
        self.index.ask(&record.texts())
    }

    /// Why could it be that one?
    pub(super) fn explain(&self, record: &Record, at: RecordIdx) -> Result<Evidence, LinkageError> {
        self.index.explain(&record.texts(), at)
    }

    pub(super) fn customer(&self, at: RecordIdx) -> CustomerId {
        self.customers[at.0 as usize]
    }

    /// Whether the customer had a user id when they were put down.
    pub(super) fn has_user_id(&self, at: RecordIdx) -> bool {
        self.index.table().source(at) == WITH_USER_ID
    }
}
