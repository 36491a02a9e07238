//! Which events does the file hold, chunk by chunk, from any row on?

use crate::event::{Told, pass, tell};
use crate::gather::{Gathering, Group};
use crate::mapping::{Mapping, Rows};
use crate::plan::{Flaw, Plan};
use crate::read::{Outcome, Table};
use crate::remembered::Remembered;
use crate::row::Row;
use crate::{Reject, SyncError};
use std::path::Path;

pub use crate::event::EVENT_BYTES_MAX;

/// Events of one chunk; the last chunk of a file has fewer.
pub const CHUNK_EVENTS: usize = 500;

/// Rows of one chunk that bring no event (skipped or rejected), and bytes of its events, end it
/// too: a chunk is an amount of work, and fits into a request.
const CHUNK_ROWS_MAX: usize = 20_000;
const CHUNK_BYTES_MAX: usize = 4 << 20;

/// The events of a stretch of rows. A group of rows is wholly in the chunk of its first row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chunk {
    /// The first row, from 0; a heading is not counted.
    pub from_row: u64,
    /// The row after the last: a conversion from here gives exactly what follows this chunk.
    pub to_row: u64,
    /// Raw Segment events, each one JSON object, in the order of their first rows.
    pub events: Vec<String>,
    /// The first row of each of them, from 0.
    pub event_rows: Vec<u64>,
    /// Rows that were not taken.
    pub rejects: Vec<Reject>,
    /// Rows that a rule of the mapping passes over.
    pub n_skipped: u64,
    /// Bytes of the file on disk that were read so far.
    pub bytes_done: u64,
}

/// A file on its way to become events: an iterator of chunks.
///
/// Starting at `from_row` reads the rows before it without telling their events, because what
/// they were decides about groups and about the ordinals of equal rows; so any start gives the
/// same events, with the same message ids, as a run from the beginning.
pub struct Conversion {
    table: Table,
    plan: Plan,
    gathering: Gathering,
    equal_rows: Remembered,
    from_row: u64,
    /// Where groups are no longer told, where somebody said so.
    until_row: u64,
    /// The number of the row that is read next, from 0.
    next_row: u64,
    /// Where the next chunk begins.
    chunk_row: u64,
    /// There are no more rows.
    ended: bool,
    /// There are no more chunks.
    over: bool,
}

impl Conversion {
    /// Opens `path` to be converted by `mapping`, from row `from_row` (0: the beginning).
    ///
    /// # Errors
    /// As [`Table::open`], and [`SyncError::Mapping`] where the mapping names columns that the
    /// file does not have.
    pub fn new(path: &Path, mapping: &Mapping, from_row: u64) -> Result<Self, SyncError> {
        mapping.check()?;
        let mut table = Table::open(path, &mapping.file)?;
        let named: Vec<String> = mapping.named_columns().into_iter().map(|(_, c)| c).collect();
        table.expect_columns(&named);
        if mapping.rows == Rows::Segment && !table.keep_whole_lines() {
            let why = "'rows = \"segment\"' is for JSON lines";
            return Err(SyncError::mapping("rows", why));
        }
        let within_rows = mapping.group.as_ref().map_or(1, |group| group.within_rows);
        Ok(Self {
            plan: Plan::new(mapping, table.columns())?,
            table,
            gathering: Gathering::new(within_rows),
            equal_rows: Remembered::default(),
            from_row,
            until_row: u64::MAX,
            next_row: 0,
            chunk_row: from_row,
            ended: false,
            over: false,
        })
    }

    /// The same, ended before the group of rows that begins at `row` or behind it: exactly what
    /// was told before a conversion that starts there.
    #[must_use]
    pub fn until(self, row: u64) -> Self {
        Self { until_row: row, ..self }
    }

    /// The columns of the file, for [`crate::RejectWriter`]; `line` for Segment events.
    #[must_use]
    pub fn columns(&self) -> Vec<String> {
        match self.plan.mapping.rows {
            Rows::Segment => vec!["line".to_owned()],
            Rows::Cells => self.table.columns().to_vec(),
        }
    }

    /// Bytes of the file on disk.
    #[must_use]
    pub fn bytes_total(&self) -> u64 {
        self.table.bytes_total()
    }

    fn chunk(&mut self) -> Result<Option<Chunk>, SyncError> {
        let mut chunk = Chunk { from_row: self.chunk_row, ..Chunk::default() };
        let (mut n_bytes, mut n_rows) = (0usize, 0usize);
        while let Some(group) = self.next_group()? {
            if group.first_row < self.from_row {
                continue;
            }
            if group.first_row >= self.until_row {
                self.over = true;
                chunk.to_row = self.until_row;
                return Ok((chunk.to_row > chunk.from_row).then_some(chunk));
            }
            n_rows += group.rows.len();
            let n_events = chunk.events.len();
            self.tell(&group, &mut chunk);
            n_bytes += chunk.events[n_events..].iter().map(String::len).sum::<usize>();
            let full = chunk.events.len() >= CHUNK_EVENTS;
            if full || n_bytes >= CHUNK_BYTES_MAX || n_rows >= CHUNK_ROWS_MAX {
                break;
            }
        }
        chunk.to_row = self.gathering.first_waiting().unwrap_or(self.next_row);
        chunk.to_row = chunk.to_row.max(chunk.from_row);
        chunk.bytes_done = self.table.bytes_done();
        self.chunk_row = chunk.to_row;
        let any = chunk.to_row > chunk.from_row;
        Ok(any.then_some(chunk))
    }

    fn next_group(&mut self) -> Result<Option<Group>, SyncError> {
        loop {
            let group = if self.ended {
                self.gathering.take()
            } else {
                self.gathering.take_closed(self.next_row)
            };
            if group.is_some() || self.ended {
                return Ok(group);
            }
            self.read_row()?;
        }
    }

    fn read_row(&mut self) -> Result<(), SyncError> {
        let mut row = Row::default();
        let outcome = self.table.read(&mut row)?;
        let number = self.next_row;
        self.next_row += u64::from(outcome != Outcome::End);
        match outcome {
            Outcome::End => self.ended = true,
            Outcome::Bad { reason } => {
                let flaw = Err(Flaw { column: None, reason });
                self.gathering.add_alone(number, row, flaw, self.from_row);
            }
            Outcome::Row if self.plan.group.is_empty() => self.add_single(number, row),
            Outcome::Row => self.add_to_group(number, row),
        }
        Ok(())
    }

    fn add_to_group(&mut self, number: u64, row: Row) {
        let key = key_of(&row, &self.plan.group);
        if key.is_empty() {
            let by = self.plan.mapping.group.as_ref().and_then(|group| group.by.first().cloned());
            let reason = "the row does not say which group it belongs to".to_owned();
            let flaw = Err(Flaw { column: by, reason });
            return self.gathering.add_alone(number, row, flaw, self.from_row);
        }
        self.gathering.add(number, key.into(), row, self.from_row);
    }

    /// A row that is an event of its own. Without id columns its message id needs the number of
    /// equal rows before it, which are counted here, in the order of the file.
    fn add_single(&mut self, number: u64, row: Row) {
        let id = key_of(&row, &self.plan.id);
        let identity = if id.is_empty() {
            let content = row.content_hash();
            let ordinal = self.equal_rows.count((content >> 64) as u64);
            hash_of(&[&content.to_be_bytes(), &ordinal.to_be_bytes()])
        } else {
            hash_of(&[id.as_bytes()])
        };
        self.gathering.add_alone(number, row, Ok(identity), self.from_row);
    }

    fn tell(&self, group: &Group, chunk: &mut Chunk) {
        if let Some(flaw) = &group.flaw {
            chunk.rejects.extend(group.rejected(0, flaw));
            return;
        }
        let message_id = self.message_id(group);
        let told = match (&group.rows[..], self.plan.mapping.rows) {
            ([row, ..], Rows::Segment) => {
                pass(row.whole.as_deref().unwrap_or_default(), &message_id)
            }
            (rows, _) => tell(&self.plan, self.table.columns(), rows, &message_id),
        };
        match told {
            Told::Event(event) => {
                chunk.events.push(event);
                chunk.event_rows.push(group.first_row);
            }
            Told::Skipped => chunk.n_skipped += group.rows.len() as u64,
            Told::Flawed(index, flaw) => chunk.rejects.extend(group.rejected(index, &flaw)),
        }
    }

    /// A message id that a second run makes again: from the mapping's name and from what tells
    /// this event from the others.
    fn message_id(&self, group: &Group) -> String {
        let name = self.plan.mapping.name.as_bytes();
        let identity = match group.identity {
            Some(identity) => identity.to_be_bytes(),
            None => hash_of(&[b"group", group.key.as_bytes()]).to_be_bytes(),
        };
        format!("i_{:032x}", hash_of(&[name, &identity]))
    }
}

impl Iterator for Conversion {
    type Item = Result<Chunk, SyncError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let chunk = self.chunk();
        self.over |= chunk.is_err();
        chunk.transpose()
    }
}

fn hash_of(parts: &[&[u8]]) -> u128 {
    base::hash::hash128(&parts.join(&0x1fu8))
}

fn key_of(row: &Row, columns: &[usize]) -> String {
    let cells: Vec<&str> = columns.iter().map(|&index| row.cell(index).text).collect();
    if cells.iter().all(|text| text.is_empty()) { String::new() } else { cells.join("\u{1f}") }
}

#[cfg(test)]
mod tests;
