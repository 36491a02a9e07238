//! What do whole tables hold, page by page, as somebody with a given sight may see them?
//!
//! For those who ask about everything at once (SQL). Customers whose data rest are in none of
//! them, nor is what points to them.

use crate::engine::Engine;
use crate::traits::Sight;
use base::{AccountId, CustomerId, Error, IdentifierId};
use history::History;
use lexicon::Json;
use serde_json::{Map, Value};
use state::{AccountRow, After, CustomerRow, IdentifierRow, ProductRow};
use std::sync::Arc;

pub use profile::Holding;
pub use state::After as PageAfter;
pub use state::Membership;

impl Engine {
    /// The history of events, for whoever reads it by columns.
    #[must_use]
    pub fn history(&self) -> Arc<History> {
        Arc::clone(&self.shared.history)
    }

    /// The customers of a page, by number.
    ///
    /// # Errors
    /// What the state says.
    pub async fn customer_page(
        &self,
        after: After<'_, CustomerId>,
        sight: &Sight,
    ) -> Result<Vec<CustomerRow>, Error> {
        let rows = self.shared.state.customer_table(after).await?;
        Ok(rows.into_iter().map(|row| sight.row(row)).collect())
    }

    /// The traits of these customers as JSON objects, in their order.
    ///
    /// # Errors
    /// What the state says; `Corrupt` where a profile cannot be read.
    pub async fn traits_of(
        &self,
        customers: &[CustomerId],
        sight: &Sight,
    ) -> Result<Vec<Json>, Error> {
        let rules = self.shared.traits.rules();
        let blobs = self.shared.profile_blobs(customers).await?;
        let traits = |blob: Option<Arc<[u8]>>| {
            let Some(blob) = blob else { return Ok(Json::empty()) };
            let profile = crate::processor::decode(&blob)?.view(&rules);
            let values = profile.traits.into_iter().map(|found| (found.name, found.value));
            let object: Map<String, Value> = values.collect();
            Ok(sight.json(&Json::from_map(&object)))
        };
        blobs.into_iter().map(traits).collect()
    }

    /// What the customers of a page hold; behind a customer without holdings stands an empty list.
    ///
    /// # Errors
    /// What the state says; `Corrupt` where a profile cannot be read.
    pub async fn holding_page(
        &self,
        after: After<'_, CustomerId>,
    ) -> Result<Vec<(CustomerId, Vec<Holding>)>, Error> {
        let rules = self.shared.traits.rules();
        let rows = self.shared.state.customer_table(after).await?;
        let customers: Vec<CustomerId> = rows.iter().map(|row| row.id).collect();
        let blobs = self.shared.profile_blobs(&customers).await?;
        let held = |(id, blob): (CustomerId, Option<Arc<[u8]>>)| {
            let Some(blob) = blob else { return Ok((id, Vec::new())) };
            Ok((id, crate::processor::decode(&blob)?.view(&rules).holdings))
        };
        customers.into_iter().zip(blobs).map(held).collect()
    }

    /// The identifiers of a page, by number.
    ///
    /// # Errors
    /// What the state says.
    pub async fn identifier_page(
        &self,
        after: After<'_, IdentifierId>,
        sight: &Sight,
    ) -> Result<Vec<IdentifierRow>, Error> {
        let rows = self.shared.state.identifier_table(after).await?;
        let seen = |row: IdentifierRow| IdentifierRow {
            identifier: sight.identifier(row.identifier),
            ..row
        };
        Ok(rows.into_iter().map(seen).collect())
    }

    /// The accounts of a page, by number.
    ///
    /// # Errors
    /// What the state says.
    pub async fn account_page(
        &self,
        after: After<'_, AccountId>,
        sight: &Sight,
    ) -> Result<Vec<AccountRow>, Error> {
        let rows = self.shared.state.account_table(after).await?;
        let seen = |row: AccountRow| AccountRow { traits: sight.json(&row.traits), ..row };
        Ok(rows.into_iter().map(seen).collect())
    }

    /// The memberships of a page, by both numbers.
    ///
    /// # Errors
    /// What the state says.
    pub async fn membership_page(
        &self,
        after: After<'_, (AccountId, CustomerId)>,
    ) -> Result<Vec<Membership>, Error> {
        Ok(self.shared.state.membership_table(after).await?)
    }

    /// The products of a page, by id.
    ///
    /// # Errors
    /// What the state says.
    pub async fn product_page(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ProductRow>, Error> {
        Ok(self.shared.state.list_products(after, limit).await?)
    }

    /// The customers whose data rest, by number.
    ///
    /// # Errors
    /// What the state says.
    pub async fn resting_customers(&self) -> Result<Vec<CustomerId>, Error> {
        Ok(self.shared.state.suspended().await?)
    }
}
