//! Which rows of history are somebody else's by now, and how does history come to know?
//!
//! The ledger of the state database says how identifiers moved; an erasure takes its rows out of
//! the ledger, and keeps in its own file under whom events of the customer may lie. History is told
//! of both when it is opened, as far as any file or fresh batch was written before, and from then
//! on of every batch at once: its events and its moves together, after they are committed.

use crate::engine::Shared;
use crate::failure;
use crate::privacy::{Step, under_whom};
use base::{CustomerId, Error, Position};
use bytes::Bytes;
use history::{FreshBatch, Moved, News};
use identity::IdentityPlan;
use state::{ErasureRow, MoveRow};

/// Rows of the ledger that are read in one go.
const N_MOVES: usize = 10_000;

/// The moves of a batch.
pub(crate) fn moves_of(plan: &IdentityPlan, at: Position) -> Vec<Moved> {
    let moved =
        |m: &identity::Move| Moved { identifier: m.identifier, from: m.from, to: Some(m.to), at };
    plan.moves.iter().map(moved).collect()
}

/// Tells history, which was opened just now, whose its rows are by now.
///
/// # Errors
/// What the state says.
pub(crate) async fn recall(shared: &Shared) -> Result<(), Error> {
    let through = *shared.processed.borrow();
    if let Some(after) = shared.history.written_through() {
        let mut place = MoveRow::behind(after);
        loop {
            let rows = shared.state.moves_behind(place, N_MOVES).await?;
            let Some(last) = rows.last() else { break };
            place = last.place();
            shared.history.recall(&rows.iter().map(as_moved).collect::<Vec<_>>());
        }
        shared.history.recall(&erased(shared, after).await?);
    }
    shared.history.take_in(News { through, ..News::default() });
    Ok(())
}

/// Tells history of batches that were committed after `known` although their answer was lost.
///
/// # Errors
/// What the state says; then history was told nothing.
pub(crate) async fn reload(
    shared: &Shared,
    known: Position,
    through: Position,
) -> Result<(), Error> {
    let news = news_behind(shared, known, through).await?;
    shared.history.take_in(news);
    Ok(())
}

async fn news_behind(shared: &Shared, known: Position, through: Position) -> Result<News, Error> {
    let (mut moved, mut place) = (Vec::new(), MoveRow::behind(known));
    loop {
        let rows = shared.state.moves_behind(place, N_MOVES).await?;
        let Some(last) = rows.last() else { break };
        place = last.place();
        moved.extend(rows.iter().map(as_moved));
    }
    moved.extend(erased(shared, known).await?);
    let batches = shared.state.fresh_batches().await?.into_iter();
    let batches = batches.filter(|batch| batch.position > known);
    let fresh: Result<Vec<FreshBatch>, _> =
        batches.map(|batch| FreshBatch::read(Bytes::from(batch.events))).collect();
    Ok(News { through, fresh: fresh.map_err(failure::history)?, moved })
}

fn as_moved(row: &MoveRow) -> Moved {
    Moved { identifier: row.identifier, from: row.from, to: Some(row.to), at: row.position }
}

/// Under whom rows of those may lie who were erased after `after`, while files may hold them.
async fn erased(shared: &Shared, after: Position) -> Result<Vec<Moved>, Error> {
    let mut all = Vec::new();
    for row in shared.state.open_erasures().await? {
        if row.id > after && row.step <= Step::Files.number() {
            all.extend(erased_by(shared, &row).await?);
        }
    }
    Ok(all)
}

async fn erased_by(shared: &Shared, row: &ErasureRow) -> Result<Vec<Moved>, Error> {
    let gone = |(identifier, from)| Moved { identifier, from, to: None, at: row.id };
    let mut all: Vec<Moved> = under_whom(shared, row.id).into_iter().map(gone).collect();
    // The file may be lost, or from a program that did not say: then what the tables know.
    for id in shared.state.identifiers_of_erasure(row.id).await? {
        all.push(gone((id, row.customer)));
        all.push(gone((id, CustomerId::founded_by(id))));
    }
    Ok(all)
}

#[cfg(test)]
mod tests;
