//! Which bytes does a file hold once it is unpacked, and how far have we come?

use super::{Encoding, ROW_BYTES_MAX, encoding::Utf16Reader};
use crate::SyncError;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How far a file was read, counted in the bytes that lie on disk.
#[derive(Clone, Debug)]
pub(crate) struct Progress {
    done: Arc<AtomicU64>,
    total: u64,
}

impl Progress {
    /// Bytes read from disk.
    pub(crate) fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed).min(self.total)
    }

    /// Bytes on disk.
    pub(crate) fn total(&self) -> u64 {
        self.total
    }
}

struct Counting {
    file: File,
    done: Arc<AtomicU64>,
}

impl Read for Counting {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.file.read(buffer)?;
        self.done.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// The bytes of a text file, unpacked (gzip and zstd by their first bytes) but not decoded.
pub(crate) fn unpacked(path: &Path) -> Result<(Box<dyn Read + Send>, Progress), SyncError> {
    let failed = |source| SyncError::Open { path: path.to_owned(), source };
    let file = File::open(path).map_err(failed)?;
    let meta = file.metadata().map_err(failed)?;
    if meta.is_dir() {
        let why = "it is a folder; name one file in it".to_owned();
        return Err(SyncError::Unsupported { why });
    }
    let progress = Progress { done: Arc::default(), total: meta.len() };
    let counting = Counting { file, done: progress.done.clone() };
    let mut buffered = BufReader::with_capacity(128 << 10, counting);
    let magic = buffered.fill_buf().map_err(failed)?;
    let bytes: Box<dyn Read + Send> = if magic.starts_with(&[0x1f, 0x8b]) {
        Box::new(flate2::bufread::MultiGzDecoder::new(buffered))
    } else if magic.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        Box::new(zstd::stream::read::Decoder::with_buffer(buffered).map_err(failed)?)
    } else {
        Box::new(buffered)
    };
    Ok((bytes, progress))
}

/// The same, as UTF-8 where the encoding has more than one byte for a letter; one-byte encodings
/// are decoded cell by cell.
pub(crate) fn decoded(
    path: &Path,
    encoding: Option<Encoding>,
) -> Result<(Box<dyn Read + Send>, Progress), SyncError> {
    let (bytes, progress) = unpacked(path)?;
    let decoded: Box<dyn Read + Send> = match encoding {
        Some(Encoding::Utf16Le) => Box::new(Utf16Reader::new(bytes, false)),
        Some(Encoding::Utf16Be) => Box::new(Utf16Reader::new(bytes, true)),
        _ => bytes,
    };
    Ok((decoded, progress))
}

/// Stops a reader that looks for the end of one row and does not find it.
pub(crate) struct RowGuard {
    bytes: Box<dyn Read + Send>,
    since_row: Arc<AtomicU64>,
}

impl RowGuard {
    /// Guards `bytes`; whoever reads rows sets the counter back to 0 after each.
    pub(crate) fn new(bytes: Box<dyn Read + Send>) -> (Self, Arc<AtomicU64>) {
        let since_row = Arc::new(AtomicU64::new(0));
        (Self { bytes, since_row: since_row.clone() }, since_row)
    }
}

impl Read for RowGuard {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since_row.load(Ordering::Relaxed) > ROW_BYTES_MAX as u64 {
            let why = "the next row is longer than 16 MiB; is a quote opened and never closed?";
            return Err(io::Error::other(why));
        }
        let n = self.bytes.read(buffer)?;
        self.since_row.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// What came of looking for a line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// It is in the buffer, without its end.
    Whole,
    /// It was longer than [`ROW_BYTES_MAX`]; the buffer holds its beginning, the rest is passed.
    TooLong,
    /// There are no more.
    End,
}

/// Reads one line into `line`, never more than [`ROW_BYTES_MAX`] of it.
pub(crate) fn read_line(bytes: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Line> {
    line.clear();
    let (mut any, mut too_long) = (false, false);
    loop {
        let buffer = bytes.fill_buf()?;
        if buffer.is_empty() {
            break;
        }
        any = true;
        let end = buffer.iter().position(|&b| b == b'\n');
        let piece = &buffer[..end.unwrap_or(buffer.len())];
        let room = ROW_BYTES_MAX - line.len();
        too_long |= piece.len() > room;
        line.extend_from_slice(&piece[..piece.len().min(room)]);
        let n_used = end.map_or(buffer.len(), |end| end + 1);
        bytes.consume(n_used);
        if end.is_some() {
            break;
        }
    }
    Ok(match (any, too_long) {
        (false, _) => Line::End,
        (true, true) => Line::TooLong,
        (true, false) => Line::Whole,
    })
}
