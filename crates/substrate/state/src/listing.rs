//! Which customers does this search find, in which order, page by page?
//!
//! Pages are found by the last row shown (keyset), never by counting rows. A search first collects
//! a bounded number of candidates (identifiers that begin with the text, then names that begin
//! with it, then names that contain it), then filters and sorts these.

use crate::customers::{COLUMNS, customer_row, fold};
use crate::identity::{identifier_row, sorted};
use crate::privacy::SUSPENDED;
use crate::{CustomerRow, Row, State, StateError, Value};
use base::{CustomerId, Timestamp};
use lexicon::{Identifier, IdentifierKind};
use std::collections::HashMap;

/// Candidates that one way of searching may bring.
const N_CANDIDATES_MAX: usize = 1_000;
/// Up to here a filtered list is counted exactly.
const N_COUNTED_MAX: i64 = 10_000;

/// By what a list of customers is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CustomerSort {
    /// When the last event happened.
    #[default]
    LastSeen,
    /// When the first event happened.
    FirstSeen,
    /// Events.
    Events,
    /// Completed orders.
    Orders,
    /// What they were worth.
    Revenue,
    /// The name in lower case; customers without one come as if theirs were empty.
    Name,
}

/// Which customers are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomerFilter {
    /// Only those we know (`true`), or only the others.
    pub is_known: Option<bool>,
    /// Only from this country.
    pub country: Option<String>,
    /// Only those who have ordered (`true`), or only the others.
    pub has_orders: Option<bool>,
    /// Only those seen at this moment or later.
    pub seen_since: Option<Timestamp>,
    /// Only those whose data rest (`true`), or only the others.
    pub is_suspended: Option<bool>,
}

/// The last row of a page: where the next one goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CustomerCursor {
    /// Sorted by a number or a time.
    Number(i64, CustomerId),
    /// Sorted by name.
    Text(String, CustomerId),
}

/// What is asked of the directory.
#[derive(Clone, Debug, Default)]
pub struct CustomerQuery {
    /// The beginning of any identifier, or part of a name.
    pub text: Option<String>,
    /// Which customers are wanted.
    pub filter: CustomerFilter,
    /// By what they are sorted.
    pub sort: CustomerSort,
    /// Largest, latest, last first.
    pub descending: bool,
    /// Behind which row the page begins.
    pub cursor: Option<CustomerCursor>,
    /// Rows of the page.
    pub limit: usize,
}

/// One page of customers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomerPage {
    /// The customers, sorted.
    pub rows: Vec<CustomerRow>,
    /// Where the next page goes on, if there is one.
    pub next: Option<CustomerCursor>,
    /// Which identifier the search hit, where it was one.
    pub matched: HashMap<CustomerId, Identifier>,
    /// How many there are on all pages.
    pub total: u64,
    /// Whether `total` is all of them, or only as far as we counted.
    pub total_is_exact: bool,
}

/// What a search may hit. What whoever asks may not see is not sought either: who finds by a value
/// learns it.
#[derive(Clone, Copy)]
pub struct Searchable<'a> {
    /// Whether names are sought.
    pub has_names: bool,
    /// Which kinds of identifiers are.
    pub has_kind: &'a (dyn Fn(&IdentifierKind) -> bool + Send + Sync),
}

/// What a search found before filters and order.
#[derive(Default)]
struct Candidates {
    ids: Vec<CustomerId>,
    matched: HashMap<CustomerId, Identifier>,
    is_complete: bool,
}

/// The conditions of a question and the values that they name.
#[derive(Default)]
struct Conditions {
    text: String,
    values: Vec<Value<'static>>,
    is_suspended: Option<bool>,
}

impl CustomerSort {
    fn column(self) -> &'static str {
        match self {
            Self::LastSeen => "last_seen",
            Self::FirstSeen => "first_seen",
            Self::Events => "n_events",
            Self::Orders => "n_orders",
            Self::Revenue => "revenue_minor",
            Self::Name => "name_folded",
        }
    }

    fn cursor(self, row: &CustomerRow) -> CustomerCursor {
        let number = match self {
            Self::Name => {
                let folded = row.name.as_deref().map(fold).unwrap_or_default();
                return CustomerCursor::Text(folded, row.id);
            }
            Self::LastSeen => row.last_seen.0,
            Self::FirstSeen => row.first_seen.0,
            Self::Events => row.n_events.cast_signed(),
            Self::Orders => row.n_orders.cast_signed(),
            Self::Revenue => row.revenue_minor,
        };
        CustomerCursor::Number(number, row.id)
    }
}

impl Conditions {
    /// Adds `and condition`, in which `?` stands for `value`.
    fn and(&mut self, condition: &str, value: impl Into<Value<'static>>) {
        let place = self.place(value);
        self.text.push_str(" AND ");
        self.text.push_str(&condition.replace('?', &place));
    }

    fn place(&mut self, value: impl Into<Value<'static>>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    /// The conditions, after `WHERE`. Whose data rest is asked apart, since a list without any
    /// other condition is counted in an index.
    fn whole(&self) -> String {
        match self.is_suspended {
            None => format!("1 = 1{}", self.text),
            Some(true) => format!("id IN {SUSPENDED}{}", self.text),
            Some(false) => format!("id NOT IN {SUSPENDED}{}", self.text),
        }
    }

    fn filter(&mut self, filter: &CustomerFilter) {
        self.is_suspended = filter.is_suspended;
        if let Some(is_known) = filter.is_known {
            self.and("is_known = ?", is_known);
        }
        if let Some(country) = &filter.country {
            self.and("country = ?", country.clone());
        }
        match filter.has_orders {
            Some(true) => self.text.push_str(" AND n_orders > 0"),
            Some(false) => self.text.push_str(" AND n_orders = 0"),
            None => (),
        }
        if let Some(since) = filter.seen_since {
            self.and("last_seen >= ?", since);
        }
    }

    fn among(&mut self, ids: &[CustomerId]) {
        let places: Vec<String> = sorted(ids).into_iter().map(|id| self.place(id)).collect();
        self.text.push_str(&format!(" AND id IN ({})", places.join(",")));
    }

    /// Rows behind the cursor; the pair compares as a whole in both databases.
    fn behind(&mut self, sort: CustomerSort, descending: bool, cursor: &CustomerCursor) {
        let (value, id): (Value<'static>, _) = match cursor.clone() {
            CustomerCursor::Number(number, id) => (number.into(), id),
            CustomerCursor::Text(text, id) => (text.into(), id),
        };
        let sign = if descending { '<' } else { '>' };
        let (value, id) = (self.place(value), self.place(id));
        self.text.push_str(&format!(" AND ({}, id) {sign} ({value}, {id})", sort.column()));
    }
}

impl State {
    /// A page of customers.
    ///
    /// # Errors
    /// `Refused` where the cursor is of another order; see [`StateError`].
    pub async fn customers(&self, query: &CustomerQuery) -> Result<CustomerPage, StateError> {
        let everything = Searchable { has_names: true, has_kind: &|_| true };
        self.customers_among(query, everything).await
    }

    /// A page of customers, found by what is `searchable` alone.
    ///
    /// # Errors
    /// As [`Self::customers`].
    pub async fn customers_among(
        &self,
        query: &CustomerQuery,
        searchable: Searchable<'_>,
    ) -> Result<CustomerPage, StateError> {
        let text = query.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let candidates = match text {
            Some(text) => Some(self.candidates(text, searchable).await?),
            None => None,
        };
        if candidates.as_ref().is_some_and(|candidates| candidates.ids.is_empty()) {
            return Ok(CustomerPage { total_is_exact: true, ..CustomerPage::default() });
        }
        let mut conditions = Conditions::default();
        conditions.filter(&query.filter);
        if let Some(candidates) = &candidates {
            conditions.among(&candidates.ids);
        }
        let (total, is_counted) = self.total(&conditions, candidates.is_some()).await?;
        let mut page = self.page(query, conditions).await?;
        let is_complete = candidates.as_ref().is_none_or(|candidates| candidates.is_complete);
        (page.total, page.total_is_exact) = (total, is_counted && is_complete);
        if let Some(mut matched) = candidates.map(|candidates| candidates.matched) {
            matched.retain(|id, _| page.rows.iter().any(|row| row.id == *id));
            page.matched = matched;
        }
        Ok(page)
    }

    async fn page(
        &self,
        query: &CustomerQuery,
        mut conditions: Conditions,
    ) -> Result<CustomerPage, StateError> {
        if let Some(cursor) = &query.cursor {
            conditions.behind(query.sort, query.descending, cursor);
        }
        let limit = conditions.place(query.limit as i64 + 1);
        let (column, word) = (query.sort.column(), if query.descending { "DESC" } else { "ASC" });
        let sql = format!(
            "SELECT {COLUMNS} FROM customers WHERE {} \
             ORDER BY {column} {word}, id {word} LIMIT {limit}",
            conditions.whole()
        );
        let rows = self.db().rows(sql, conditions.values).await?;
        let mut rows: Vec<_> = rows.iter().map(customer_row).collect::<Result<_, _>>()?;
        let has_more = rows.len() > query.limit;
        rows.truncate(query.limit);
        let next = rows.last().filter(|_| has_more).map(|row| query.sort.cursor(row));
        Ok(CustomerPage { rows, next, ..CustomerPage::default() })
    }

    /// How many rows there are, and whether that is all. Without any condition but that their data
    /// are in use, all are counted (in an index); otherwise as far as [`N_COUNTED_MAX`].
    async fn total(&self, at: &Conditions, is_search: bool) -> Result<(u64, bool), StateError> {
        if at.text.is_empty() && at.is_suspended != Some(true) && !is_search {
            let counts = self.count_customers().await?;
            return Ok((counts.known + counts.anonymous, true));
        }
        let sql = format!(
            "SELECT COUNT(*) FROM (SELECT 1 AS one FROM customers WHERE {} LIMIT {}) AS t",
            at.whole(),
            N_COUNTED_MAX + 1
        );
        let row = self.db().row(sql, at.values.clone()).await?;
        let n = row.map_or(Ok(0), |row| row.int(0))?;
        Ok((n.min(N_COUNTED_MAX).cast_unsigned(), n <= N_COUNTED_MAX))
    }

    async fn candidates(
        &self,
        text: &str,
        searchable: Searchable<'_>,
    ) -> Result<Candidates, StateError> {
        let mut found = Candidates { is_complete: true, ..Candidates::default() };
        for prefix in spellings(text) {
            self.add_by_identifier(&prefix, searchable, &mut found).await?;
        }
        if searchable.has_names {
            self.add_by_names(text, &mut found).await?;
        }
        if let Ok(id) = text.parse::<CustomerId>() {
            found.ids.extend(self.customer_now(id).await?);
        }
        found.ids = sorted(&found.ids);
        Ok(found)
    }

    async fn add_by_names(&self, text: &str, found: &mut Candidates) -> Result<(), StateError> {
        let folded = fold(text);
        let (begin, end) = (folded.clone(), past_prefix(&folded));
        let sql = "SELECT id FROM customers WHERE name_folded >= $1 AND name_folded < $2 \
                   ORDER BY name_folded, id LIMIT $3";
        self.add_by_name(sql, vec![begin.into(), end.into()], found).await?;
        let like = format!("%{}%", escape_like(&folded));
        let sql = "SELECT id FROM customers WHERE name_folded LIKE $1 ESCAPE '!' \
                   ORDER BY id LIMIT $2";
        self.add_by_name(sql, vec![like.into()], found).await
    }

    async fn add_by_identifier(
        &self,
        prefix: &str,
        searchable: Searchable<'_>,
        found: &mut Candidates,
    ) -> Result<(), StateError> {
        let sql = "SELECT id, kind, value, customer, first_seen, recorded_at, shared FROM identifiers \
                   WHERE value >= $1 AND value < $2 ORDER BY value, kind LIMIT $3";
        let limit = (N_CANDIDATES_MAX as i64).into();
        let rows = self.db().rows(sql, vec![prefix.into(), past_prefix(prefix).into(), limit]);
        let rows = rows.await?;
        found.is_complete &= rows.len() < N_CANDIDATES_MAX;
        for row in rows.iter().map(identifier_row) {
            let row = row?;
            if (searchable.has_kind)(&row.identifier.kind) {
                found.ids.push(row.customer);
                found.matched.entry(row.customer).or_insert(row.identifier);
            }
        }
        Ok(())
    }

    async fn add_by_name(
        &self,
        sql: &'static str,
        mut values: Vec<Value<'_>>,
        found: &mut Candidates,
    ) -> Result<(), StateError> {
        values.push((N_CANDIDATES_MAX as i64).into());
        let rows = self.db().rows(sql, values).await?;
        found.is_complete &= rows.len() < N_CANDIDATES_MAX;
        let id = |row: &Row| Ok(CustomerId::from_sql(row.int(0)?));
        let ids: Result<Vec<CustomerId>, StateError> = rows.iter().map(id).collect();
        found.ids.extend(ids?);
        Ok(())
    }
}

/// How an identifier may be written that begins with `text`: as it is, in lower case (e-mail), and
/// as the digits of a telephone number.
fn spellings(text: &str) -> Vec<String> {
    let mut spellings = vec![text.to_owned(), text.to_lowercase()];
    let is_number = text.chars().all(|c| c.is_ascii_digit() || "+-()/. ".contains(c));
    if is_number {
        let digits: String = text.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        spellings.push(digits);
    }
    spellings.retain(|spelling| !spelling.is_empty());
    spellings.dedup();
    spellings
}

/// The smallest text behind all that begin with `prefix`: the last character that can be raised is
/// raised. Both databases compare UTF-8 byte by byte, which is the order of characters.
pub(crate) fn past_prefix(prefix: &str) -> String {
    let mut chars: Vec<char> = prefix.chars().collect();
    while let Some(last) = chars.pop() {
        let next = (u32::from(last) + 1..=0x10_ffff).find_map(char::from_u32);
        if let Some(next) = next {
            chars.push(next);
            return chars.into_iter().collect();
        }
    }
    // Nothing but U+10FFFF: no text of a sane length lies behind this one.
    "\u{10ffff}".repeat(prefix.chars().count() + 64)
}

/// Text in which `LIKE … ESCAPE '!'` finds no wildcards.
pub(crate) fn escape_like(text: &str) -> String {
    text.replace('!', "!!").replace('%', "!%").replace('_', "!_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_ends_before_the_next_text() {
        assert_eq!(past_prefix("ab"), "ac");
        assert_eq!(past_prefix("a\u{10ffff}"), "b");
        assert_eq!(past_prefix("a\u{d7ff}"), "a\u{e000}");
        assert_eq!(escape_like("50%_!"), "50!%!_!!");
    }

    #[test]
    fn identifiers_are_sought_as_they_are_stored() {
        assert_eq!(spellings("Ann@X"), ["Ann@X", "ann@x"]);
        assert_eq!(spellings("+49 (30) 1"), ["+49 (30) 1", "+49301"]);
    }
}
