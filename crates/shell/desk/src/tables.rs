//! What do the rows of the tables say, and where does the next page begin?

use crate::seat::Seat;
use app::tables::{Holding, PageAfter};
use async_trait::async_trait;
use base::{AccountId, Currency, CustomerId, IdentifierId, Money};
use sql::{Cause, Cell, PageQuery, Rows, Table, Tables};
use std::collections::HashSet;
use std::sync::Arc;

#[async_trait]
impl Tables for Seat {
    async fn page(&self, query: PageQuery<'_>, rows: &mut Rows) -> Result<Option<String>, Cause> {
        if query.after.is_none() {
            self.check().await?;
        }
        match query.table {
            Table::Customers => self.customers(&query, rows).await,
            Table::Identifiers => self.identifiers(&query, rows).await,
            Table::Accounts => self.accounts(&query, rows).await,
            Table::AccountMembers => self.members(&query, rows).await,
            Table::Products => self.products(&query, rows).await,
            Table::Holdings => self.holdings(&query, rows).await,
            Table::Sources => {
                self.sources(rows);
                Ok(None)
            }
        }
    }

    async fn left_out(&self) -> Result<Arc<HashSet<i64>>, Cause> {
        self.check().await?;
        let resting = self.engine.resting_customers().await?;
        Ok(Arc::new(resting.into_iter().map(CustomerId::to_sql).collect()))
    }
}

/// The page that begins behind a number.
fn numbered<'a, Id>(query: &PageQuery<'a>, id: fn(i64) -> Id) -> Result<PageAfter<'a, Id>, Cause> {
    let key = id(query.after.map_or(Ok(0), str::parse)?);
    Ok(PageAfter { key, limit: query.limit, only: query.ids })
}

/// Where the next page begins, if this one was full.
fn next<T>(page: &[T], limit: usize, key: impl Fn(&T) -> String) -> Option<String> {
    page.last().filter(|_| page.len() >= limit).map(key)
}

/// An amount in units of its currency.
fn major(minor: i64, currency: Option<Currency>) -> f64 {
    Money { minor, currency: currency.unwrap_or(Currency::NONE) }.to_major()
}

fn count(n: u64) -> Cell<'static> {
    Cell::Int(n.cast_signed())
}

impl Seat {
    async fn customers(
        &self,
        query: &PageQuery<'_>,
        rows: &mut Rows,
    ) -> Result<Option<String>, Cause> {
        let page = numbered(query, CustomerId::from_sql)?;
        let found = self.engine.customer_page(page, &self.sight).await?;
        let traits = match rows.wants("traits") {
            true => {
                let ids: Vec<CustomerId> = found.iter().map(|row| row.id).collect();
                self.engine.traits_of(&ids, &self.sight).await?
            }
            false => Vec::new(),
        };
        for (place, row) in found.iter().enumerate() {
            rows.push(|column| match column {
                "customer_id" => Cell::Int(row.id.to_sql()),
                "name" => row.name.as_deref().into(),
                "email" => row.email.as_deref().into(),
                "phone" => row.phone.as_deref().into(),
                "country" => row.country.as_deref().into(),
                "city" => row.city.as_deref().into(),
                "company" => row.company.as_deref().into(),
                "first_seen" => Cell::Time(row.first_seen),
                "last_seen" => Cell::Time(row.last_seen),
                "n_events" => count(row.n_events),
                "n_orders" => count(row.n_orders),
                "revenue" => Cell::Float(major(row.revenue_minor, row.currency)),
                "currency" => row.currency.as_ref().map(Currency::code).into(),
                "is_known" => Cell::Bool(row.is_known),
                "traits" => Cell::Text(traits[place].as_str()),
                _ => Cell::Null,
            });
        }
        Ok(next(&found, query.limit, |row| row.id.to_sql().to_string()))
    }

    async fn identifiers(
        &self,
        query: &PageQuery<'_>,
        rows: &mut Rows,
    ) -> Result<Option<String>, Cause> {
        let page = numbered(query, IdentifierId::from_sql)?;
        let found = self.engine.identifier_page(page, &self.sight).await?;
        for row in &found {
            rows.push(|column| match column {
                "identifier_id" => Cell::Int(row.id.to_sql()),
                "kind" => Cell::Text(row.identifier.kind.slug()),
                "value" => Cell::Text(&row.identifier.value),
                "customer_id" => Cell::Int(row.customer.to_sql()),
                "first_seen" => Cell::Time(row.first_seen),
                _ => Cell::Null,
            });
        }
        Ok(next(&found, query.limit, |row| row.id.to_sql().to_string()))
    }

    async fn accounts(
        &self,
        query: &PageQuery<'_>,
        rows: &mut Rows,
    ) -> Result<Option<String>, Cause> {
        let page = numbered(query, AccountId::from_sql)?;
        let found = self.engine.account_page(page, &self.sight).await?;
        for row in &found {
            rows.push(|column| match column {
                "account_id" => Cell::Int(row.id.to_sql()),
                "key" => Cell::Text(&row.key),
                "name" => row.name.as_deref().into(),
                "traits" => Cell::Text(row.traits.as_str()),
                "first_seen" => Cell::Time(row.first_seen),
                "last_seen" => Cell::Time(row.last_seen),
                _ => Cell::Null,
            });
        }
        Ok(next(&found, query.limit, |row| row.id.to_sql().to_string()))
    }

    async fn members(
        &self,
        query: &PageQuery<'_>,
        rows: &mut Rows,
    ) -> Result<Option<String>, Cause> {
        let (account, customer) =
            query.after.and_then(|key| key.split_once(':')).unwrap_or(("0", "0"));
        let key = (AccountId::from_sql(account.parse()?), CustomerId::from_sql(customer.parse()?));
        let page = PageAfter { key, limit: query.limit, only: query.ids };
        let found = self.engine.membership_page(page).await?;
        for row in &found {
            rows.push(|column| match column {
                "account_id" => Cell::Int(row.account.to_sql()),
                "customer_id" => Cell::Int(row.customer.to_sql()),
                "since" => Cell::Time(row.since),
                _ => Cell::Null,
            });
        }
        let key = |row: &app::tables::Membership| {
            format!("{}:{}", row.account.to_sql(), row.customer.to_sql())
        };
        Ok(next(&found, query.limit, key))
    }

    async fn products(
        &self,
        query: &PageQuery<'_>,
        rows: &mut Rows,
    ) -> Result<Option<String>, Cause> {
        let found = self.engine.product_page(query.after, query.limit).await?;
        for row in &found {
            let price = row.price_minor.map(|minor| major(minor, row.currency));
            rows.push(|column| match column {
                "product_id" => Cell::Text(&row.id),
                "name" => row.name.as_deref().into(),
                "brand" => row.brand.as_deref().into(),
                "category" => row.category.as_deref().into(),
                "price" => price.map_or(Cell::Null, Cell::Float),
                "currency" => row.currency.as_ref().map(Currency::code).into(),
                "url" => row.url.as_deref().into(),
                "image_url" => row.image_url.as_deref().into(),
                "first_seen" => Cell::Time(row.first_seen),
                "last_seen" => Cell::Time(row.last_seen),
                _ => Cell::Null,
            });
        }
        Ok(next(&found, query.limit, |row| row.id.clone()))
    }

    async fn holdings(
        &self,
        query: &PageQuery<'_>,
        rows: &mut Rows,
    ) -> Result<Option<String>, Cause> {
        let page = numbered(query, CustomerId::from_sql)?;
        let found = self.engine.holding_page(page).await?;
        for (customer, held) in &found {
            held.iter().for_each(|holding| push_holding(rows, *customer, holding));
        }
        Ok(next(&found, query.limit, |(customer, _)| customer.to_sql().to_string()))
    }

    fn sources(&self, rows: &mut Rows) {
        for source in self.engine.sources().ever() {
            rows.push(|column| match column {
                "source_id" => Cell::Int(source.id.to_sql()),
                "name" => Cell::Text(&source.name),
                "kind" => Cell::Text(source.kind.slug()),
                _ => Cell::Null,
            });
        }
    }
}

fn push_holding(rows: &mut Rows, customer: CustomerId, holding: &Holding) {
    rows.push(|column| match column {
        "customer_id" => Cell::Int(customer.to_sql()),
        "product_id" => Cell::Text(&holding.product_id),
        "name" => holding.name.as_deref().into(),
        "quantity" => Cell::Float(holding.quantity),
        "since" => Cell::Time(holding.since),
        _ => Cell::Null,
    });
}
