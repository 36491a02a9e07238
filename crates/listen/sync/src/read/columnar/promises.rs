//! Does a Parquet file promise no more than it holds?
//!
//! Looked at before the library reads the file, because it makes room for what is promised.

use super::thrift;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

/// Bytes of a page once unpacked. Writers aim at one; a large dictionary has some dozen million.
pub(super) const PAGE_BYTES_MAX: i64 = 256 << 20;

/// Groups within groups of the schema.
const SCHEMA_DEPTH_MAX: usize = 100;

/// Bytes of the header of a page that are looked at first; one with long statistics has more.
const HEADER_BYTES: usize = 1 << 10;
const HEADER_BYTES_MAX: usize = 16 << 20;

/// Whether the lists in the footer are as long as they say, and the schema no deeper than any.
pub(super) fn footer_holds(file: &mut File) -> io::Result<bool> {
    let n_bytes = file.metadata()?.len();
    let mut end = [0u8; 8];
    if n_bytes < 12 {
        return Ok(false);
    }
    file.seek(SeekFrom::Start(n_bytes - 8))?;
    file.read_exact(&mut end)?;
    let length = u64::from(u32::from_le_bytes([end[0], end[1], end[2], end[3]]));
    if length + 8 > n_bytes {
        return Ok(false);
    }
    file.seek(SeekFrom::Start(n_bytes - 8 - length))?;
    let mut footer = Vec::new();
    file.by_ref().take(length).read_to_end(&mut footer)?;
    let (mut depth, mut n_children) = (Depth::default(), 0);
    let walked = thrift::walk(&footer, &mut |path, number| match (path, number) {
        // How many elements of the schema are in this one; and its end.
        ([2, 0, 5], Some(n)) => n_children = n,
        ([2, 0], None) => depth.pass(std::mem::take(&mut n_children)),
        _ => {}
    });
    Ok(walked.is_some() && depth.deepest <= SCHEMA_DEPTH_MAX)
}

/// How deep a tree is, told element by element, each before those in it.
#[derive(Default)]
struct Depth {
    /// How many elements are still to come in each group that is open.
    open: Vec<i64>,
    deepest: usize,
}

impl Depth {
    fn pass(&mut self, n_children: i64) {
        if let Some(n_left) = self.open.last_mut() {
            *n_left -= 1;
        }
        if n_children > 0 {
            self.open.push(n_children);
            self.deepest = self.deepest.max(self.open.len());
        }
        while self.open.last().is_some_and(|n_left| *n_left <= 0) {
            self.open.pop();
        }
    }
}

/// What the header of a page says.
#[derive(Default)]
struct Header {
    n_bytes: usize,
    unpacked: i64,
    packed: i64,
    n_in_dictionary: i64,
}

/// Whether every page lies in the file and becomes no larger than any.
pub(super) fn pages_hold(file: &mut File, metadata: &ParquetMetaData) -> io::Result<bool> {
    for column in metadata.row_groups().iter().flat_map(|group| group.columns()) {
        if !column_holds(file, column)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn column_holds(file: &mut File, column: &ColumnChunkMetaData) -> io::Result<bool> {
    let n_in_file = file.metadata()?.len();
    let (mut at, length) = column.byte_range();
    let end = at.saturating_add(length).min(n_in_file);
    while at < end {
        let Some(header) = header(file, at)? else { return Ok(false) };
        let begins_at = at + header.n_bytes as u64;
        let is_sound = (0..=PAGE_BYTES_MAX).contains(&header.unpacked)
            && header.n_in_dictionary <= header.unpacked
            && u64::try_from(header.packed).is_ok_and(|n| n <= n_in_file.saturating_sub(begins_at));
        if !is_sound {
            return Ok(false);
        }
        at = begins_at + header.packed.unsigned_abs();
    }
    Ok(true)
}

fn header(file: &mut File, at: u64) -> io::Result<Option<Header>> {
    let mut n_wanted = HEADER_BYTES;
    loop {
        let mut bytes = Vec::with_capacity(n_wanted);
        file.seek(SeekFrom::Start(at))?;
        let n_read = file.by_ref().take(n_wanted as u64).read_to_end(&mut bytes)?;
        let mut header = Header::default();
        let walked = thrift::walk(&bytes, &mut |path, number| match (path, number) {
            ([2], Some(n)) => header.unpacked = n,
            ([3], Some(n)) => header.packed = n,
            ([7, 1], Some(n)) => header.n_in_dictionary = n,
            _ => {}
        });
        if let Some(n_bytes) = walked {
            return Ok(Some(Header { n_bytes, ..header }));
        }
        if n_read < n_wanted || n_wanted == HEADER_BYTES_MAX {
            return Ok(None);
        }
        n_wanted = HEADER_BYTES_MAX.min(n_wanted * 16);
    }
}
