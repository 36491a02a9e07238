//! Which customers fit?

use crate::engine::Engine;
use crate::page::{PageQuery, cursor_of};
use crate::traits::Sight;
use base::{CustomerId, Error, ErrorKind, Timestamp};
use lexicon::Identifier;
use profile::Summary;
use serde::{Deserialize, Serialize};
use state::{CustomerCursor, CustomerFilter, CustomerQuery, CustomerRow, CustomerSort, Searchable};

/// Which customers are asked for; what is `None` does not restrict.
#[derive(Clone, Debug)]
pub struct CustomersQuery {
    /// Only those with an identifier that begins with this, or a name that contains it.
    pub text: Option<String>,
    /// Only known, or only anonymous ones.
    pub is_known: Option<bool>,
    /// Only from this country.
    pub country: Option<String>,
    /// Only those with, or only those without an order.
    pub has_orders: Option<bool>,
    /// Only those seen since.
    pub seen_since: Option<Timestamp>,
    /// Only those whose data rest (`true`), or only the others; `None`: all.
    pub is_suspended: Option<bool>,
    /// In which order.
    pub sort: CustomerSort,
    /// Whether the greatest comes first.
    pub is_descending: bool,
}

impl CustomersQuery {
    /// Who filters or sorts by a value learns it.
    fn check(&self, sight: &Sight) -> Result<(), Error> {
        if self.country.is_some() && sight.hides_any(Summary::COUNTRY_TRAITS) {
            return Err(withheld("filter by", "country"));
        }
        if self.sort == CustomerSort::Name && sight.hides_any(Summary::NAME_TRAITS) {
            return Err(withheld("sort by", "name"));
        }
        Ok(())
    }
}

fn withheld(what: &str, name: &str) -> Error {
    let message = format!("you may not {what} {name}: its values are withheld from you");
    Error::new(ErrorKind::Denied, message)
}

/// A page of customers.
#[derive(Clone, Debug)]
pub struct CustomersPage {
    /// The customers.
    pub items: Vec<CustomerListRow>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// How many fit.
    pub total: u64,
    /// Whether that is counted, or only "at least".
    pub total_is_exact: bool,
}

/// A customer in a list.
#[derive(Clone, Debug)]
pub struct CustomerListRow {
    /// The customer.
    pub row: CustomerRow,
    /// The identifier that the search met.
    pub matched: Option<Identifier>,
}

/// A [`CustomerCursor`] as it travels.
#[derive(Serialize, Deserialize)]
enum Place {
    Number(i64, CustomerId),
    Text(String, CustomerId),
}

impl Engine {
    /// A page of customers, for somebody with this `sight`: what is withheld from them finds
    /// nobody.
    ///
    /// # Errors
    /// `Invalid` for a cursor of another list; `Denied` for a filter or an order by what is
    /// withheld.
    pub async fn customers(
        &self,
        query: &CustomersQuery,
        page: &PageQuery,
        sight: &Sight,
    ) -> Result<CustomersPage, Error> {
        query.check(sight)?;
        let cursor = page.place::<Place>()?.map(|place| match place {
            Place::Number(value, id) => CustomerCursor::Number(value, id),
            Place::Text(value, id) => CustomerCursor::Text(value, id),
        });
        let query = CustomerQuery {
            text: query.text.clone(),
            filter: CustomerFilter {
                is_known: query.is_known,
                country: query.country.clone(),
                has_orders: query.has_orders,
                seen_since: query.seen_since,
                is_suspended: query.is_suspended,
            },
            sort: query.sort,
            descending: query.is_descending,
            cursor,
            limit: page.limit,
        };
        let searchable = Searchable {
            has_names: !sight.hides_any(Summary::NAME_TRAITS),
            has_kind: &|kind| !sight.hides(kind.slug()),
        };
        let mut found = self.shared.state.customers_among(&query, searchable).await?;
        let items = found
            .rows
            .into_iter()
            .map(|row| CustomerListRow { matched: found.matched.remove(&row.id), row });
        Ok(CustomersPage {
            items: items.collect(),
            next: found.next.map(|cursor| match cursor {
                CustomerCursor::Number(value, id) => cursor_of(&Place::Number(value, id)),
                CustomerCursor::Text(value, id) => cursor_of(&Place::Text(value, id)),
            }),
            total: found.total,
            total_is_exact: found.total_is_exact,
        })
    }

    /// The customer whom an identifier points to, for somebody with this `sight`.
    ///
    /// # Errors
    /// `NotFound`; `Denied` where identifiers of its kind are withheld.
    pub async fn lookup_seen(
        &self,
        identifier: &Identifier,
        sight: &Sight,
    ) -> Result<CustomerId, Error> {
        if sight.hides(identifier.kind.slug()) {
            return Err(withheld("look anybody up by", identifier.kind.slug()));
        }
        self.lookup(identifier).await
    }

    /// The customer whom an identifier points to.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn lookup(&self, identifier: &Identifier) -> Result<CustomerId, Error> {
        let wanted = [identifier.clone()];
        let found = self.shared.identifier_rows(&wanted).await?.into_iter().flatten().next();
        found.map(|row| row.customer).ok_or_else(|| {
            Error::new(ErrorKind::NotFound, format!("nobody is known by {identifier}"))
        })
    }

    /// The number under which a customer goes now: their own, or that of whom they were merged
    /// into.
    ///
    /// # Errors
    /// `NotFound`.
    pub(crate) async fn canonical(&self, id: CustomerId) -> Result<CustomerId, Error> {
        if let Some(now) = self.shared.state.customer_now(id).await? {
            return Ok(now);
        }
        let message = match self.shared.state.erased_customer(id).await? {
            Some(at) => format!("the customer {id} was erased on {at}"),
            None => format!("there is no customer {id}"),
        };
        Err(Error::new(ErrorKind::NotFound, message))
    }
}
