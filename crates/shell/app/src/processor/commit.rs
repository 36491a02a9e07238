//! How does a batch become true, all of it or nothing?
//!
//! The database works on a thread of its own. While it writes one part we make the next: events
//! are packed beside the identifiers, customers are folded beside the customers before them, and
//! while all of it becomes durable the next batch is looked at.

use super::Processor;
use super::accounts::AccountsChange;
use super::fold::{Belonging, Folding, Piece};
use super::intake::{Intake, Taken, aside};
use super::laps::Laps;
use super::related::{Related, related};
use super::settle::{Owner, Settlement, change_rows, identifier_rows, link_rows};
use crate::moves::moves_of;
use base::{CustomerId, Error};
use history::{FreshBatch, Moved, PackedEvent, Packer, StoredEvent};
use state::{Batch, RefusalOutcome, RefusalRow, StateError};
use std::sync::Arc;
use tokio::sync::mpsc;

/// Events packed in one go before others who wait may go on: about half a millisecond.
const N_PACKED_IN_A_ROW: usize = 256;

/// Pieces of customers that may wait for the database.
const N_PIECES_WAITING: usize = 2;

/// A batch that is written and not yet durable.
pub struct Written {
    /// What is to be committed.
    pub batch: Batch,
    /// What readers see then.
    pub outcome: Outcome,
}

/// What readers see once the batch is true.
pub struct Outcome {
    /// The events.
    pub fresh: FreshBatch,
    /// Each changed customer's profile.
    pub profiles: Vec<(CustomerId, Arc<[u8]>)>,
    /// Whose identifiers point to somebody else, or to nobody.
    pub moved: Vec<Moved>,
    /// Customers who are gone, or of whom nothing is left to show.
    pub gone: Vec<CustomerId>,
}

impl Processor {
    /// Folds the events and writes everything that the batch changes, together with the log
    /// position.
    pub(super) async fn write(
        &mut self,
        intake: &Intake,
        settled: &Settlement,
        laps: &mut Laps,
    ) -> Result<Written, Error> {
        let folding = self.folding(intake, settled).await?;
        let related = related(intake, settled);
        laps.lap("load");
        let mut batch = self.begin().await?;
        let (written, fresh) = tokio::join!(
            self.write_facts(&mut batch, intake, settled, &related),
            pack(intake, settled)
        );
        written?;
        let fresh = fresh?;
        laps.lap("facts");
        let Folded { mut batch, profiles, memberships, households, emptied } =
            write_folded(batch, folding).await?;
        laps.lap("fold");
        let accounts = self.accounts(intake, &memberships, &related).await?;
        let absorbed = settled.plan.merges.iter().map(|merge| merge.absorbed);
        let gone: Vec<CustomerId> = absorbed.chain(emptied).collect();
        batch.drop_customers(&gone).await?;
        write_accounts(&mut batch, &accounts).await?;
        batch.put_products(&self.products(intake).await?).await?;
        write_households(&mut batch, &households).await?;
        if fresh.n_events() > 0 {
            batch.put_fresh(intake.through, fresh.n_events() as u64, fresh.blob()).await?;
        }
        batch.advance(intake.through);
        let moved = moves_of(&settled.plan, intake.through);
        laps.lap("rest");
        Ok(Written { batch, outcome: Outcome { fresh, profiles, moved, gone } })
    }

    /// A batch that goes on where we are.
    pub(super) async fn begin(&self) -> Result<Batch, Error> {
        let batch = self.shared.state.begin().await?;
        if batch.position() != self.position {
            let message = "another processor has taken the log further";
            return Err(Error::new(base::ErrorKind::Conflict, message));
        }
        Ok(batch)
    }

    /// Everything that does not depend on profiles.
    async fn write_facts(
        &mut self,
        batch: &mut Batch,
        intake: &Intake,
        settled: &Settlement,
        related: &Related,
    ) -> Result<(), Error> {
        write_identity(batch, intake, settled).await?;
        related.write(batch).await?;
        if let Some(edit) = &intake.edit {
            batch.put_edit(edit, &settled.about).await?;
        }
        if let Some(rules) = &intake.rules {
            batch.put_identity_rules(rules).await?;
        }
        batch.put_log_strips(&intake.strips).await?;
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
    batch.share_identifiers(&plan.shared).await?;
    batch.put_links(&link_rows(plan)).await?;
    let changes = change_rows(plan, intake.received_at, intake.through);
    batch.put_identity_changes(&changes).await?;
    Ok(())
}

type Profiles = Vec<(CustomerId, Arc<[u8]>)>;

/// What folding all customers came to.
struct Folded {
    batch: Batch,
    profiles: Profiles,
    memberships: Vec<Belonging>,
    households: Vec<(CustomerId, Vec<String>)>,
    emptied: Vec<CustomerId>,
}

/// Writes each piece of customers while the next one is being folded.
async fn write_folded(batch: Batch, mut folding: Folding<'_>) -> Result<Folded, Error> {
    let (mut profiles, mut memberships) = (Profiles::new(), Vec::new());
    let (mut households, mut emptied) = (Vec::new(), Vec::new());
    let (hand_over, pieces) = mpsc::channel(N_PIECES_WAITING);
    let writing = tokio::spawn(write_pieces(batch, pieces));
    while let Some(mut piece) = folding.next_piece()? {
        profiles.extend_from_slice(&piece.profiles);
        memberships.append(&mut piece.memberships);
        households.append(&mut piece.households);
        emptied.append(&mut piece.emptied);
        if hand_over.send(piece).await.is_err() {
            // The writer has failed, and says why in a moment.
            break;
        }
    }
    drop(hand_over);
    let broken = |_| Error::new(base::ErrorKind::Internal, "writing profiles was broken off");
    let batch = writing.await.map_err(broken)??;
    Ok(Folded { batch, profiles, memberships, households, emptied })
}

async fn write_pieces(
    mut batch: Batch,
    mut pieces: mpsc::Receiver<Piece>,
) -> Result<Batch, StateError> {
    while let Some(piece) = pieces.recv().await {
        batch.put_profiles(&piece.profiles).await?;
        batch.put_customers(&piece.rows).await?;
    }
    Ok(batch)
}

async fn write_accounts(batch: &mut Batch, accounts: &AccountsChange) -> Result<(), Error> {
    batch.put_accounts(&accounts.rows).await?;
    batch.put_members(&accounts.customers, &accounts.members).await?;
    batch.put_domain_claims(&accounts.reclaimed, &accounts.claims).await?;
    Ok(())
}

pub(super) async fn write_households(
    batch: &mut Batch,
    households: &[(CustomerId, Vec<String>)],
) -> Result<(), Error> {
    let customers: Vec<CustomerId> = households.iter().map(|(customer, _)| *customer).collect();
    let rows = households.iter();
    let rows = rows.flat_map(|(customer, all)| all.iter().map(|one| (one.clone(), *customer)));
    batch.put_households(&customers, &rows.collect::<Vec<_>>()).await?;
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

async fn pack(intake: &Intake, settled: &Settlement) -> Result<FreshBatch, Error> {
    let mut events: Vec<PackedEvent<'_>> =
        intake.taken.iter().zip(&settled.owners).map(|(t, owner)| packed(t, *owner)).collect();
    events.sort_unstable_by_key(|event| (event.customer, event.occurred_at, event.seq));
    let mut packer = Packer::new(events.len()).map_err(crate::failure::history)?;
    for some in events.chunks(N_PACKED_IN_A_ROW) {
        for event in some {
            packer.push(*event).map_err(crate::failure::history)?;
        }
        tokio::task::yield_now().await;
    }
    packer.finish(intake.through).map_err(crate::failure::history)
}

fn packed(taken: &Taken, owner: Owner) -> PackedEvent<'_> {
    let event = &taken.event;
    PackedEvent {
        customer: owner.customer,
        occurred_at: event.occurred_at,
        identifier: owner.identifier,
        seq: taken.seq.to_number(),
        kind: event.kind,
        name: &event.name,
        source: event.source,
        received_at: event.received_at,
        message_id: &event.message_id,
        properties: &event.properties,
        traits: &event.traits,
        context: &event.context,
    }
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
