//! Which products have events shown, and what is known of them?

use crate::batch::Batch;
use crate::bulk::Rows;
use crate::identity::{last_by_key, sorted};
use crate::{MentionKey, Row, State, StateError};
use base::{Currency, Timestamp};
use std::collections::HashMap;

/// One product of the catalogue. It says nothing of who looked at it or bought it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductRow {
    /// What senders call it (`product_id`).
    pub id: String,
    /// Its name, where one is known.
    pub name: Option<String>,
    /// Who makes it.
    pub brand: Option<String>,
    /// Its category.
    pub category: Option<String>,
    /// Its price when it was last told, in minor units of `currency`.
    pub price_minor: Option<i64>,
    /// The currency of the price.
    pub currency: Option<Currency>,
    /// Where its page is.
    pub url: Option<String>,
    /// Where its picture is.
    pub image_url: Option<String>,
    /// When the first event that showed it happened.
    pub first_seen: Timestamp,
    /// When it was first shown on the last day (UTC) on which it was: a product that is looked at
    /// all day is written once a day.
    pub last_seen: Timestamp,
}

const BY_ID: Rows = Rows {
    head: "SELECT id, name, brand, category, price_minor, currency, url, image_url, first_seen, \
           last_seen FROM products WHERE id IN (",
    n_columns: 1,
    tail: ")",
};
const PUT: Rows = Rows {
    head: "INSERT INTO products (id, name, brand, category, price_minor, currency, url, \
           image_url, first_seen, last_seen) VALUES",
    n_columns: 10,
    tail: " ON CONFLICT (id) DO UPDATE SET name = excluded.name, brand = excluded.brand, \
            category = excluded.category, price_minor = excluded.price_minor, \
            currency = excluded.currency, url = excluded.url, image_url = excluded.image_url, \
            first_seen = excluded.first_seen, last_seen = excluded.last_seen",
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
        let sql = "SELECT id, name, brand, category, price_minor, currency, url, image_url, \
                   first_seen, last_seen FROM products WHERE id > $1 ORDER BY id LIMIT $2";
        let values = vec![after.unwrap_or_default().into(), (limit as i64).into()];
        self.db().rows(sql, values).await?.iter().map(product_row).collect()
    }

    /// Forgets products whose description mentions somebody who is erased. Whoever still shows them
    /// brings them back.
    pub(crate) async fn drop_products(&self, keys: Vec<MentionKey>) -> Result<(), StateError> {
        let mut tx = self.db().begin().await?;
        for MentionKey(key) in keys {
            tx.execute("DELETE FROM products WHERE id = $1", key).await?;
        }
        tx.commit().await
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
            values.extend([row.brand.as_deref().into(), row.category.as_deref().into()]);
            values.push(row.price_minor.into());
            values.push(row.currency.as_ref().map(Currency::code).into());
            values.extend([row.url.as_deref().into(), row.image_url.as_deref().into()]);
            values.extend([row.first_seen.into(), row.last_seen.into()]);
        })
        .await?;
        Ok(())
    }
}

fn product_row(row: &Row) -> Result<ProductRow, StateError> {
    Ok(ProductRow {
        id: row.text(0)?,
        name: row.text_opt(1)?,
        brand: row.text_opt(2)?,
        category: row.text_opt(3)?,
        price_minor: row.int_opt(4)?,
        currency: row.text_opt(5)?.as_deref().and_then(Currency::parse),
        url: row.text_opt(6)?,
        image_url: row.text_opt(7)?,
        first_seen: row.time(8)?,
        last_seen: row.time(9)?,
    })
}
