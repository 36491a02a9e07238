//! How is what a person says of who belongs where carried out?

use super::Processor;
use super::edit::is_refusal;
use crate::relations::{PlannedWords, RelateOrder};
use base::{Error, Position};

impl Processor {
    /// Carries out `order`, which lies at `position` in the log, in a batch of its own. What cannot
    /// be carried out (any more) is recorded with the reason, and changes nothing.
    pub(super) async fn relate(
        &mut self,
        position: Position,
        order: &RelateOrder,
    ) -> Result<(), Error> {
        self.finish().await?;
        let state = &self.shared.state;
        let is_again = order.is_carried_again(state.count_relation_edits().await?);
        let (planned, refusal) = match self.shared.plan_words(order).await {
            Ok(planned) => (planned, None),
            Err(error) if is_refusal(&error) => (PlannedWords::default(), Some(error.to_string())),
            Err(error) => return Err(error),
        };
        let mut batch = self.begin().await?;
        if !is_again {
            batch.put_relation_edit(&order.row(position, refusal), &planned.changes).await?;
        }
        batch.advance(position);
        batch.commit().await?;
        self.position = position;
        self.shared.processed.send_replace(position);
        Ok(())
    }
}
