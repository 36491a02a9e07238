//! How is everything read once, from end to end?

use crate::columns;
use crate::error::HistoryError;
use crate::event::StoredEvent;
use crate::history::{History, Snapshot};
use crate::run::RunMeta;
use crate::source::RunFile;

const BATCH_ROWS: usize = 4 << 10;

impl History {
    /// Gives every event to `take`, once: run by run in the order of the rows, then the fresh
    /// ones batch by batch. What is flushed or compacted meanwhile changes nothing. Memory: one
    /// row group.
    ///
    /// # Errors
    /// What keeps a run from being read, and what `take` says, which ends the scan.
    pub async fn scan<E: From<HistoryError>>(
        &self,
        mut take: impl FnMut(StoredEvent) -> Result<(), E>,
    ) -> Result<(), E> {
        let Snapshot { runs, fresh, .. } = self.everything();
        for run in &runs {
            self.scan_run(run, &mut take).await?;
        }
        for batch in fresh {
            batch.events()?.into_iter().try_for_each(&mut take)?;
        }
        Ok(())
    }

    /// Gives every event of one run to `take`, in the order of the rows. Memory: one row group.
    /// The caller sees to it that the run is not removed meanwhile, as whoever compacts does.
    ///
    /// # Errors
    /// What keeps the run from being read, and what `take` says, which ends the scan.
    pub async fn scan_run<E: From<HistoryError>>(
        &self,
        run: &RunMeta,
        mut take: impl FnMut(StoredEvent) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut rows = RunFile::open(self.store(), run).await?.all(BATCH_ROWS)?;
        while let Some(batch) = rows.next().await? {
            let events = columns::events(&batch).ok_or_else(|| {
                HistoryError::corrupt(&run.path, "a column is not what it must be")
            })?;
            events.into_iter().try_for_each(&mut take)?;
        }
        Ok(())
    }
}
