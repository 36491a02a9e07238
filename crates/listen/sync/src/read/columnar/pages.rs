//! Which pages does a column have, each looked at before it is decoded?

use super::delta;
use parquet::arrow::arrow_reader::RowGroups;
use parquet::basic::Encoding;
use parquet::column::page::{Page, PageIterator, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use parquet::file::serialized_reader::SerializedPageReader;
use std::fs::File;
use std::sync::Arc;

/// The pages of a whole file.
pub(super) struct Pages {
    file: Arc<File>,
    metadata: Arc<ParquetMetaData>,
}

impl Pages {
    pub(super) fn new(file: File, metadata: Arc<ParquetMetaData>) -> Self {
        Self { file: Arc::new(file), metadata }
    }
}

impl RowGroups for Pages {
    fn num_rows(&self) -> usize {
        let n_rows = self.metadata.row_groups().iter().map(RowGroupMetaData::num_rows);
        n_rows.map(|n| usize::try_from(n).unwrap_or(0)).fold(0, usize::saturating_add)
    }

    fn column_chunks(&self, column: usize) -> Result<Box<dyn PageIterator>> {
        let (file, metadata) = (Arc::clone(&self.file), Arc::clone(&self.metadata));
        Ok(Box::new(Chunks { file, metadata, column, next: 0 }))
    }

    fn row_groups(&self) -> Box<dyn Iterator<Item = &RowGroupMetaData> + '_> {
        Box::new(self.metadata.row_groups().iter())
    }

    fn metadata(&self) -> &ParquetMetaData {
        &self.metadata
    }
}

/// The pages of one column, a reader for each group of rows.
struct Chunks {
    file: Arc<File>,
    metadata: Arc<ParquetMetaData>,
    column: usize,
    next: usize,
}

impl Iterator for Chunks {
    type Item = Result<Box<dyn PageReader>>;

    fn next(&mut self) -> Option<Self::Item> {
        let group = self.metadata.row_groups().get(self.next)?;
        self.next += 1;
        let column = group.column(self.column);
        let n_rows = usize::try_from(group.num_rows()).unwrap_or(0);
        let pages = SerializedPageReader::new(Arc::clone(&self.file), column, n_rows, None);
        let descriptor = column.column_descr();
        Some(pages.map(|pages| {
            let has_levels = [descriptor.max_rep_level() > 0, descriptor.max_def_level() > 0];
            Box::new(Checked { pages, has_levels }) as Box<dyn PageReader>
        }))
    }
}

impl PageIterator for Chunks {}

/// The pages of one column in one group of rows.
struct Checked {
    pages: SerializedPageReader<File>,
    /// Whether values are preceded by levels of repetition, and of definition.
    has_levels: [bool; 2],
}

impl PageReader for Checked {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        let page = self.pages.get_next_page()?;
        match page {
            Some(page) if !holds(&page, self.has_levels) => {
                let why = "a page has fewer values than it says";
                Err(ParquetError::General(why.to_owned()))
            }
            page => Ok(page),
        }
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.pages.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.pages.skip_next_page()
    }

    fn at_record_boundary(&mut self) -> Result<bool> {
        self.pages.at_record_boundary()
    }
}

impl Iterator for Checked {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

/// Whether the counts inside a page, for which the library makes room, are no larger than the
/// count of the page.
fn holds(page: &Page, has_levels: [bool; 2]) -> bool {
    let is_delta = matches!(
        page.encoding(),
        Encoding::DELTA_BINARY_PACKED
            | Encoding::DELTA_LENGTH_BYTE_ARRAY
            | Encoding::DELTA_BYTE_ARRAY
    );
    if !is_delta {
        return true;
    }
    let Some(values) = values_of(page, has_levels) else { return false };
    // A page of nothing but nulls may have no stream at all.
    if values.is_empty() {
        return true;
    }
    let fits = |n: u64| n <= u64::from(page.num_values());
    match delta::stream(values) {
        Some((n, end)) if page.encoding() == Encoding::DELTA_BYTE_ARRAY => {
            let suffixes = values.get(end..).and_then(delta::stream);
            fits(n) && suffixes.is_some_and(|(n, _)| fits(n))
        }
        Some((n, _)) => fits(n),
        None => false,
    }
}

/// The part of a page behind its levels.
fn values_of(page: &Page, has_levels: [bool; 2]) -> Option<&[u8]> {
    let (bytes, encodings) = match page {
        Page::DataPage { buf, rep_level_encoding, def_level_encoding, .. } => {
            (buf, [*rep_level_encoding, *def_level_encoding])
        }
        Page::DataPageV2 { buf, rep_levels_byte_len, def_levels_byte_len, .. } => {
            let n_bytes = u64::from(*rep_levels_byte_len) + u64::from(*def_levels_byte_len);
            return buf.get(usize::try_from(n_bytes).ok()?..);
        }
        Page::DictionaryPage { .. } => return None,
    };
    let mut rest: &[u8] = bytes;
    for (encoding, _) in encodings.into_iter().zip(has_levels).filter(|(_, has)| *has) {
        // The other way of writing levels was given up before there was delta packing.
        if encoding != Encoding::RLE {
            return None;
        }
        let (length, behind) = rest.split_first_chunk::<4>()?;
        rest = behind.get(usize::try_from(u32::from_le_bytes(*length)).ok()?..)?;
    }
    Some(rest)
}
