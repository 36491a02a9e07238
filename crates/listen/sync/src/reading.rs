//! How is a file read on from where an import stopped, so that the rejected rows are all told once?

use crate::mapping::Mapping;
use crate::reject::RejectFile;
use crate::{Chunk, Conversion, SyncError};
use std::path::Path;

/// A file that is being read, and what is rejected of it.
pub struct Reading {
    conversion: Conversion,
    rejects: RejectFile,
}

impl Reading {
    /// The file from `from_row` on; the rejects before it are written anew, since a run that broke
    /// off may have written too few or too many.
    ///
    /// # Errors
    /// What [`Conversion::new`] says, and [`SyncError::Write`].
    pub fn open(
        file: &Path,
        rejects: &Path,
        mapping: &Mapping,
        from_row: u64,
    ) -> Result<Self, SyncError> {
        let conversion = Conversion::new(file, mapping, from_row)?;
        let mut rejects = RejectFile::new(rejects, conversion.columns());
        if from_row > 0 {
            for chunk in Conversion::new(file, mapping, 0)?.until(from_row) {
                rejects.write(&chunk?.rejects)?;
            }
        }
        Ok(Self { conversion, rejects })
    }

    /// The next rows, whose rejects are in their file by then; `None` after the last.
    ///
    /// # Errors
    /// What reading the file says, and [`SyncError::Write`].
    pub fn next_chunk(&mut self) -> Result<Option<Chunk>, SyncError> {
        let chunk = self.conversion.next().transpose()?;
        if let Some(chunk) = &chunk {
            self.rejects.write(&chunk.rejects)?;
        }
        Ok(chunk)
    }

    /// How many bytes the file has.
    #[must_use]
    pub fn bytes_total(&self) -> u64 {
        self.conversion.bytes_total()
    }

    /// How many rejected rows are in their file.
    #[must_use]
    pub fn n_rejected(&self) -> u64 {
        self.rejects.n_written()
    }
}
