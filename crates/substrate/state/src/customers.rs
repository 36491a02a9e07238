//! What do lists show of a customer, and how is it kept up to date at the pace of the log?

use crate::batch::Batch;
use crate::bulk::Rows;
use crate::identity::{last_by_key, sorted};
use crate::privacy::SUSPENDED;
use crate::{Row, State, StateError, Value};
use base::{Currency, CustomerId, Timestamp};
use std::collections::HashMap;
use std::sync::MutexGuard;

/// One customer as lists show them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerRow {
    /// The customer.
    pub id: CustomerId,
    /// The name, where one is known.
    pub name: Option<String>,
    /// An e-mail address.
    pub email: Option<String>,
    /// A telephone number.
    pub phone: Option<String>,
    /// The country, as it was sent.
    pub country: Option<String>,
    /// The town.
    pub city: Option<String>,
    /// The company that the customer works for.
    pub company: Option<String>,
    /// When the first event happened.
    pub first_seen: Timestamp,
    /// When the last event happened.
    pub last_seen: Timestamp,
    /// Events so far.
    pub n_events: u64,
    /// Orders completed so far.
    pub n_orders: u64,
    /// What they were worth, less refunds, in minor units of `currency`.
    pub revenue_minor: i64,
    /// The currency in which most was spent.
    pub currency: Option<Currency>,
    /// Whether we know who it is (a `user_id`, e-mail address or the like).
    pub is_known: bool,
}

/// How many customers there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CustomerCounts {
    /// Those of whom we know who they are.
    pub known: u64,
    /// The others.
    pub anonymous: u64,
}

/// The columns of [`customer_row`], in its order.
pub(crate) const COLUMNS: &str = "id, name, email, phone, country, city, company, first_seen, \
                                  last_seen, n_events, n_orders, revenue_minor, currency, is_known";

const BY_ID: Rows = Rows {
    head: "SELECT id, name, email, phone, country, city, company, first_seen, last_seen, \
           n_events, n_orders, revenue_minor, currency, is_known FROM customers WHERE id IN (",
    n_columns: 1,
    tail: ")",
};

const INSERT: &str = "INSERT INTO customers (id, name, name_folded, email, phone, country, city, \
                      company, first_seen, last_seen, n_events, n_orders, revenue_minor, \
                      currency, is_known) VALUES";

/// Everything may have changed: every index entry is taken out and put back.
const PUT_WHOLE: Rows = Rows {
    head: INSERT,
    n_columns: 15,
    tail: " ON CONFLICT (id) DO UPDATE SET name = excluded.name, \
            name_folded = excluded.name_folded, email = excluded.email, phone = excluded.phone, \
            country = excluded.country, city = excluded.city, company = excluded.company, \
            first_seen = excluded.first_seen, last_seen = excluded.last_seen, \
            n_events = excluded.n_events, n_orders = excluded.n_orders, \
            revenue_minor = excluded.revenue_minor, currency = excluded.currency, \
            is_known = excluded.is_known",
};

/// Only what changes with every event.
const PUT_BRIEF: Rows = Rows {
    head: "WITH seen (id, last_seen, n_events) AS (VALUES",
    n_columns: 3,
    tail: ") UPDATE customers SET last_seen = seen.last_seen, n_events = seen.n_events FROM seen \
            WHERE customers.id = seen.id",
};

/// Customers whose lasting columns are remembered: 16 bytes each, 32 MB with the table's slack.
const N_REMEMBERED_MAX: usize = 1_000_000;

/// What changed in the directory: the new fingerprint of a customer, or that it is gone.
pub(crate) type Changes = HashMap<CustomerId, Option<u64>>;

/// What the directory is known to hold: a fingerprint of each customer's lasting columns (all but
/// `last_seen` and `n_events`). Most events change none of them, and rewriting an indexed column
/// costs more than knowing that it is the same.
#[derive(Debug, Default)]
pub(crate) struct Directory {
    lasting: HashMap<CustomerId, u64>,
    n_begun: i64,
}

impl Directory {
    /// A batch begins, counted `n_begun` by the database. Only committed batches are counted, so
    /// a number that does not follow ours means that another program wrote: forget all.
    pub(crate) fn expect(&mut self, n_begun: i64) {
        if n_begun != self.n_begun + 1 {
            self.lasting.clear();
        }
    }

    /// Takes over what the batch counted `n_begun` changed, now that it is committed.
    pub(crate) fn learn(&mut self, n_begun: i64, changes: Changes) {
        self.n_begun = n_begun;
        if self.lasting.len() + changes.len() > N_REMEMBERED_MAX {
            self.lasting.clear();
        }
        for (id, lasting) in changes {
            match lasting {
                Some(lasting) => self.lasting.insert(id, lasting),
                None => self.lasting.remove(&id),
            };
        }
    }

    fn holds(&self, id: CustomerId, lasting: u64, changes: &Changes) -> bool {
        let known = changes.get(&id).copied().unwrap_or_else(|| self.lasting.get(&id).copied());
        known == Some(lasting)
    }
}

impl State {
    /// What lists show of these customers, in their order.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn customer_rows(
        &self,
        ids: &[CustomerId],
    ) -> Result<Vec<Option<CustomerRow>>, StateError> {
        let mut found = HashMap::new();
        for row in BY_ID.read(self.db(), &sorted(ids), |&id, v| v.push(id.into())).await? {
            let row = customer_row(&row)?;
            found.insert(row.id, row);
        }
        Ok(ids.iter().map(|id| found.get(id).cloned()).collect())
    }

    /// How many customers there are, those whose data rest left out.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn count_customers(&self) -> Result<CustomerCounts, StateError> {
        let sql = format!(
            "SELECT (SELECT COUNT(*) FROM customers), \
             (SELECT COUNT(*) FROM customers WHERE is_known = 1), \
             (SELECT COUNT(*) FROM customers WHERE id IN {SUSPENDED}), \
             (SELECT COUNT(*) FROM customers WHERE is_known = 1 AND id IN {SUSPENDED})"
        );
        let Some(row) = self.db().row(sql, vec![]).await? else { return Ok(<_>::default()) };
        let (all, known) = (row.int(0)?.cast_unsigned(), row.int(1)?.cast_unsigned());
        let (resting, resting_known) = (row.int(2)?.cast_unsigned(), row.int(3)?.cast_unsigned());
        let anonymous = (all - known).saturating_sub(resting - resting_known);
        Ok(CustomerCounts { known: known.saturating_sub(resting_known), anonymous })
    }

    /// How many customers were first seen at `since` or later.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn count_new_customers(&self, since: Timestamp) -> Result<u64, StateError> {
        let sql = format!(
            "SELECT COUNT(*) FROM customers WHERE first_seen >= $1 AND id NOT IN {SUSPENDED}"
        );
        let row = self.db().row(sql, vec![since.into()]).await?;
        row.map_or(Ok(0), |row| Ok(row.int(0)?.cast_unsigned()))
    }

    pub(crate) fn directory(&self) -> MutexGuard<'_, Directory> {
        // What a panicking holder leaves behind may be half of a change: start from nothing.
        self.directory.lock().unwrap_or_else(|poisoned| {
            let mut directory = poisoned.into_inner();
            *directory = Directory::default();
            directory
        })
    }
}

impl Batch {
    /// Puts down what lists show of these customers. Only what changed is written.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_customers(&mut self, rows: &[CustomerRow]) -> Result<(), StateError> {
        let refs: Vec<&CustomerRow> = rows.iter().collect();
        let (brief, whole) = self.part_by_change(last_by_key(&refs, |row| row.id));
        PUT_BRIEF
            .write(self.tx(), &brief, |row, values| {
                let n_events = row.n_events.cast_signed();
                values.extend([row.id.into(), row.last_seen.into(), n_events.into()]);
            })
            .await?;
        PUT_WHOLE.write(self.tx(), &whole, |row, values| bind_whole(row, values)).await?;
        Ok(())
    }

    /// The rows whose lasting columns are there already, and the others, which are noted down.
    fn part_by_change<'a>(
        &mut self,
        rows: Vec<&'a CustomerRow>,
    ) -> (Vec<&'a CustomerRow>, Vec<&'a CustomerRow>) {
        let (state, changes) = self.directory_changes();
        let directory = state.directory();
        rows.into_iter().partition(|row| {
            let lasting = lasting(row);
            let is_there = directory.holds(row.id, lasting, changes);
            if !is_there {
                changes.insert(row.id, Some(lasting));
            }
            is_there
        })
    }
}

/// A fingerprint of the columns that seldom change; 64 bits, so a change goes unnoticed in one of
/// 10¹⁹ cases.
fn lasting(row: &CustomerRow) -> u64 {
    let bytes = postcard::to_stdvec(&(
        (&row.name, &row.email, &row.phone, &row.country, &row.city, &row.company),
        (row.first_seen, row.n_orders, row.revenue_minor, row.currency, row.is_known),
    ));
    base::hash::hash64(0, &bytes.expect("text and numbers serialise"))
}

fn bind_whole<'a>(row: &'a CustomerRow, values: &mut Vec<Value<'a>>) {
    let folded = row.name.as_deref().map(fold).unwrap_or_default();
    values.extend([row.id.into(), row.name.as_deref().into(), folded.into()]);
    values.extend([row.email.as_deref().into(), row.phone.as_deref().into()]);
    values.extend([row.country.as_deref().into(), row.city.as_deref().into()]);
    values.extend([row.company.as_deref().into(), row.first_seen.into(), row.last_seen.into()]);
    values.extend([row.n_events.cast_signed().into(), row.n_orders.cast_signed().into()]);
    let currency = row.currency.as_ref().map(Currency::code);
    values.extend([row.revenue_minor.into(), currency.into(), row.is_known.into()]);
}

/// A name as it is sought and sorted by: in lower case, without blanks around it.
pub(crate) fn fold(name: &str) -> String {
    name.trim().to_lowercase()
}

pub(crate) fn customer_row(row: &Row) -> Result<CustomerRow, StateError> {
    Ok(CustomerRow {
        id: CustomerId::from_sql(row.int(0)?),
        name: row.text_opt(1)?,
        email: row.text_opt(2)?,
        phone: row.text_opt(3)?,
        country: row.text_opt(4)?,
        city: row.text_opt(5)?,
        company: row.text_opt(6)?,
        first_seen: row.time(7)?,
        last_seen: row.time(8)?,
        n_events: row.int(9)?.cast_unsigned(),
        n_orders: row.int(10)?.cast_unsigned(),
        revenue_minor: row.int(11)?,
        currency: row.text_opt(12)?.as_deref().and_then(Currency::parse),
        is_known: row.flag(13)?,
    })
}
