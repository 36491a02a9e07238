//! Which products have events shown, and how did they sell?

use crate::batch::Batch;
use crate::bulk::Rows;
use crate::identity::{last_by_key, sorted};
use crate::{Row, State, StateError};
use base::{Currency, Timestamp};
use std::collections::HashMap;

/// One product of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductRow {
    /// What senders call it (`product_id`).
    pub id: String,
    /// Its name, where one is known.
    pub name: Option<String>,
    /// Its category.
    pub category: Option<String>,
    /// Its price when it was last shown, in minor units of `currency`.
    pub price_minor: Option<i64>,
    /// The currency of price and revenue.
    pub currency: Option<Currency>,
    /// Completed orders that it was part of.
    pub n_orders: u64,
    /// Pieces sold in them.
    pub n_units: u64,
    /// What they brought, in minor units of `currency`.
    pub revenue_minor: i64,
    /// When the first event that showed it happened.
    pub first_seen: Timestamp,
    /// When the last event that showed it happened.
    pub last_seen: Timestamp,
}

const BY_ID: Rows = Rows {
    head: "SELECT id, name, category, price_minor, currency, n_orders, n_units, revenue_minor, \
           first_seen, last_seen FROM products WHERE id IN (",
    n_columns: 1,
    tail: ")",
};
const PUT: Rows = Rows {
    head: "INSERT INTO products (id, name, category, price_minor, currency, n_orders, n_units, \
           revenue_minor, first_seen, last_seen) VALUES",
    n_columns: 10,
    tail: " ON CONFLICT (id) DO UPDATE SET name = excluded.name, category = excluded.category, \
            price_minor = excluded.price_minor, currency = excluded.currency, \
            n_orders = excluded.n_orders, n_units = excluded.n_units, \
            revenue_minor = excluded.revenue_minor, first_seen = excluded.first_seen, \
            last_seen = excluded.last_seen",
};

impl State {
    /// The products with these ids, in their order; `None` for a new one.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn products(&self, ids: &[&str]) -> Result<Vec<Option<ProductRow>>, StateError> {
        let mut found = HashMap::new();
        for row in BY_ID.read(self.db(), &sorted(ids), |&id, v| v.push(id.into())).await? {
            let row = product_row(&row)?;
            found.insert(row.id.clone(), row);
        }
        let stored = |id: &&str| found.get(&*crate::value::storable((*id).into())).cloned();
        Ok(ids.iter().map(stored).collect())
    }

    /// Up to `limit` products by id, those behind `after`.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn list_products(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ProductRow>, StateError> {
        let sql = "SELECT id, name, category, price_minor, currency, n_orders, n_units, \
                   revenue_minor, first_seen, last_seen FROM products WHERE id > $1 \
                   ORDER BY id LIMIT $2";
        let values = vec![after.unwrap_or_default().into(), (limit as i64).into()];
        self.db().rows(sql, values).await?.iter().map(product_row).collect()
    }
}

impl Batch {
    /// Puts down products, each in place of the one before.
    ///
    /// # Errors
    /// See [`StateError`].
    pub async fn put_products(&mut self, rows: &[ProductRow]) -> Result<(), StateError> {
        let refs: Vec<&ProductRow> = rows.iter().collect();
        PUT.write(self.tx(), &last_by_key(&refs, |row| row.id.as_str()), |row, values| {
            values.extend([row.id.as_str().into(), row.name.as_deref().into()]);
            values.extend([row.category.as_deref().into(), row.price_minor.into()]);
            values.push(row.currency.as_ref().map(Currency::code).into());
            values.extend([row.n_orders.cast_signed().into(), row.n_units.cast_signed().into()]);
            values.extend([row.revenue_minor.into(), row.first_seen.into(), row.last_seen.into()]);
        })
        .await?;
        Ok(())
    }
}

fn product_row(row: &Row) -> Result<ProductRow, StateError> {
    Ok(ProductRow {
        id: row.text(0)?,
        name: row.text_opt(1)?,
        category: row.text_opt(2)?,
        price_minor: row.int_opt(3)?,
        currency: row.text_opt(4)?.as_deref().and_then(Currency::parse),
        n_orders: row.int(5)?.cast_unsigned(),
        n_units: row.int(6)?.cast_unsigned(),
        revenue_minor: row.int(7)?,
        first_seen: row.time(8)?,
        last_seen: row.time(9)?,
    })
}
