//! How do lists come to show what counts by other rules of traits?

use super::commit::write_households;
use super::{Processor, decode, fold};
use crate::relations::households_of;
use crate::traits::RelistOrder;
use base::{Error, Position};
use state::CustomerRow;

impl Processor {
    /// Writes the lines of some customers anew, by the rules of now, and where they live; only what
    /// is different is touched.
    pub(super) async fn relist(
        &mut self,
        position: Position,
        order: &RelistOrder,
    ) -> Result<(), Error> {
        self.finish().await?;
        let (state, rules) = (&self.shared.state, self.shared.traits.rules());
        let customers = state.customers_behind(order.after, order.n).await?;
        let kept = state.customer_rows(&customers).await?;
        let blobs = self.shared.profile_blobs(&customers).await?;
        let (mut rows, mut households): (Vec<CustomerRow>, _) = (Vec::new(), Vec::new());
        for ((&customer, blob), kept) in customers.iter().zip(blobs).zip(kept) {
            let Some(blob) = blob else { continue };
            let fragments = decode(&blob)?;
            households.push((customer, households_of(&fragments, &rules)));
            rows.extend(
                fold::row(customer, &fragments, &rules).filter(|row| Some(row) != kept.as_ref()),
            );
        }
        let mut batch = self.begin().await?;
        batch.put_customers(&rows).await?;
        write_households(&mut batch, &households).await?;
        batch.advance(position);
        batch.commit().await?;
        self.position = position;
        self.shared.processed.send_replace(position);
        Ok(())
    }
}
