//! How does a batch become true, all of it or nothing?

use super::Processor;
use super::accounts::AccountsChange;
use super::fold::Folded;
use super::intake::{Intake, Taken, aside};
use super::settle::{Owner, Settlement, change_rows, identifier_rows, link_rows};
use base::Error;
use history::{FreshBatch, StoredEvent};
use state::{Batch, RefusalOutcome, RefusalRow};

impl Processor {
    /// Writes everything that the batch changes, together with the log position. The answer is
    /// the packed events, for the readers.
    pub(super) async fn commit(
        &mut self,
        intake: &Intake,
        settled: &Settlement,
        folded: &Folded,
    ) -> Result<FreshBatch, Error> {
        let accounts = self.accounts(intake, folded).await?;
        let fresh = tokio::task::block_in_place(|| pack(intake, settled))?;
        let mut batch = self.shared.state.begin().await?;
        if batch.position() != self.position {
            let message = "another processor has taken the log further";
            return Err(Error::new(base::ErrorKind::Conflict, message));
        }
        write_identity(&mut batch, intake, settled).await?;
        write_profiles(&mut batch, folded, &accounts).await?;
        self.write_traffic(&mut batch, intake, settled).await?;
        if fresh.n_events() > 0 {
            batch.put_fresh(intake.through, fresh.n_events() as u64, fresh.blob()).await?;
        }
        batch.advance(intake.through);
        batch.commit().await?;
        Ok(fresh)
    }

    async fn write_traffic(
        &mut self,
        batch: &mut Batch,
        intake: &Intake,
        settled: &Settlement,
    ) -> Result<(), Error> {
        batch.put_refusals(&put_aside(intake, settled)).await?;
        batch.put_counts(&intake.counts.rows()).await?;
        batch.put_last_events(&intake.last_events).await?;
        for (source, json, plan) in self.observations.changed() {
            batch.put_observations(source, &json).await?;
            self.shared.observed.write().expect("no writer panics").insert(source, plan);
        }
        self.seen.stage(batch, intake.received_at).await?;
        Ok(())
    }
}

async fn write_identity(
    batch: &mut Batch,
    intake: &Intake,
    settled: &Settlement,
) -> Result<(), Error> {
    let plan = &settled.plan;
    batch.put_identifiers(&identifier_rows(plan)).await?;
    let moves: Vec<_> = plan.moves.iter().map(|m| (m.identifier, m.to)).collect();
    batch.move_identifiers(&moves).await?;
    batch.put_links(&link_rows(plan)).await?;
    let changes = change_rows(plan, intake.received_at, intake.through);
    batch.put_identity_changes(&changes).await?;
    Ok(())
}

async fn write_profiles(
    batch: &mut Batch,
    folded: &Folded,
    accounts: &AccountsChange,
) -> Result<(), Error> {
    batch.put_profiles(&folded.profiles).await?;
    batch.put_customers(&folded.rows).await?;
    batch.drop_customers(&folded.absorbed).await?;
    batch.put_accounts(&accounts.rows).await?;
    batch.put_members(&accounts.customers, &accounts.members).await?;
    Ok(())
}

/// What the debugger keeps: refused and double events, and those that the plan frowns at.
fn put_aside(intake: &Intake, settled: &Settlement) -> Vec<RefusalRow> {
    let flagged =
        intake.taken.iter().zip(&settled.owners).filter(|(t, _)| !t.complaints.is_empty());
    let flagged = flagged.map(|(taken, owner)| RefusalRow {
        customer: Some(owner.customer),
        ..aside(taken, RefusalOutcome::Flagged)
    });
    let mut rows: Vec<RefusalRow> = flagged.chain(intake.put_aside.iter().cloned()).collect();
    rows.sort_unstable_by_key(|row| row.seq);
    rows
}

fn pack(intake: &Intake, settled: &Settlement) -> Result<FreshBatch, Error> {
    let events: Vec<StoredEvent> =
        intake.taken.iter().zip(&settled.owners).map(|(t, owner)| stored(t, *owner)).collect();
    FreshBatch::pack(intake.through, &events).map_err(crate::failure::history)
}

/// The row of history for an event.
pub fn stored(taken: &Taken, owner: Owner) -> StoredEvent {
    let event = &taken.event;
    StoredEvent {
        customer: owner.customer,
        occurred_at: event.occurred_at,
        identifier: owner.identifier,
        seq: taken.seq.to_number(),
        kind: event.kind,
        name: event.name.clone(),
        source: event.source,
        received_at: event.received_at,
        message_id: event.message_id.clone(),
        properties: event.properties.clone(),
        traits: event.traits.clone(),
        context: event.context.clone(),
    }
}
